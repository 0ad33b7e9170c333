using Slipway.Sdk.Problems;

namespace Retail.Payments;

/// <summary>What this service's own problem codes mean, for the people who meet them.</summary>
internal static class PaymentsProblems
{
    public static ProblemText[] All { get; } =
    [
        new("secondFactorRequired", 403, "A second factor is needed", "Money is moved by hand only by an admin who signed in with a second factor.", "Turn on the second step in the account and sign in with it."),
        new("paymentExists", 409, "The order has a payment", "There is one payment for an order, and this order has one.", "Read the payment that paymentId names."),
        new("noPayment", 409, "There is nothing to give back", "The order has no payment yet.", "Wait until it is paid, or cancel it."),
        new("nothingToRefund", 409, "The payment is not in that state", "All that was taken has been given back, or nothing was taken.", "Nothing needs to be done."),
        new("notAuthorized", 409, "The payment is not in that state", "Only money that is held can be taken.", "Look at the payment's status and history."),
        new("nothingHeld", 409, "The payment is not in that state", "The payment is over, so no money is held.", "Refund it if money was taken."),
        new("cardDataRefused", 422, "Card data is not taken here", "The request holds what looks like the number of a card. It was neither kept nor logged.", "Give card data to the payment provider only, and send the token it answers."),
        new("tooMuch", 422, "More than can be given back", "More was asked for than was taken and not given back yet.", "Ask for at most what the error names."),
        new("providerUnavailable", 503, "Temporarily unavailable", "The payment provider does not answer, or answers with a failure of its own.", "Repeat the call after Retry-After; nothing is taken twice."),
    ];
}
