using Slipway.Sdk.Problems;

namespace Retail.Orders;

/// <summary>What this service's own problem codes mean, for the people who meet them.</summary>
internal static class OrdersProblems
{
    public static ProblemText[] All { get; } =
    [
        new("priceChanged", 409, "A price has changed", "The price that was shown is no longer the price of the catalogue. Nothing was ordered.", "Look at the new price in the errors and order again."),
        new("orderChanged", 409, "The order has changed meanwhile", "Somebody else, or the next step of the order itself, changed it in the same moment.", "Read the order again and repeat the call if it still makes sense."),
        new("tooLateToCancel", 409, "The order is on its way", "Only what has not left yet can be cancelled.", "Return the pieces when they have arrived."),
        new("alreadyRefunded", 409, "Everything was paid back", "All pieces were returned and paid back.", "Nothing needs to be done."),
        new("statusFixed", 409, "The status cannot be changed", "An order that has not been confirmed, or has ended, moves by itself only.", "Wait for the order, or look at its history for why it ended."),
        new("wrongStatus", 409, "Not the next status", "Orders go from processing over shipped to delivered, one step at a time.", "Ask for the step the detail names."),
        new("notReturnable", 409, "Nothing can be returned", "Only pieces of a confirmed order can be returned.", "Cancel the order instead if it is not confirmed yet."),
        new("alreadyRebuilding", 409, "A rebuild is running", "The tables are being made anew already.", "Wait until it ends."),
    ];
}
