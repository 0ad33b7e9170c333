using Slipway.Sdk.Problems;

namespace Retail.Inventory;

/// <summary>What this service's own problem codes mean, for the people who meet them.</summary>
internal static class InventoryProblems
{
    public static ProblemText[] All { get; } =
    [
        new("outOfStock", 409, "Not enough stock", "Fewer pieces are free than were asked for: the rest is sold or held for other orders.", "Ask for fewer, or wait until more arrive; the errors name what is left of each SKU."),
        new("reservationOver", 409, "The reservation is over", "It was used, given back or has expired, so nothing can be done with it any more.", "Reserve anew."),
        new("alreadyStocked", 409, "Stocked already", "The SKU lies at that location already.", "Adjust its quantity instead of adding it."),
    ];
}
