using Slipway.Sdk.Problems;

namespace Retail.Cart;

/// <summary>What this service's own problem codes mean, for the people who meet them.</summary>
internal static class CartProblems
{
    public static ProblemText[] All { get; } =
    [
        new("idempotencyKeyMalformed", 400, "The Idempotency-Key is not usable", "The key is missing, too long or has characters that headers do not carry well.", "Send 8 to 200 printable characters, new for each order."),
        new("emptyCart", 400, "The cart is empty", "There is nothing in the cart to order.", "Put something in first."),
        new("cartFull", 409, "The cart is full", "The bound of lines of one cart is reached.", "Order what is in it, or take something out."),
        new("notSold", 409, "A product is no longer sold", "A product in the cart has been taken out of the catalogue.", "Take it out of the cart to order the rest."),
        new("catalogUnavailable", 503, "Temporarily unavailable", "The catalogue cannot say at the moment what the product costs, and a price is never guessed.", "Repeat the call after Retry-After."),
        new("ordersUnavailable", 503, "Temporarily unavailable", "The service that takes orders does not answer. The cart is as it was.", "Repeat the call after Retry-After, with the same Idempotency-Key."),
        new("unhealthy", 503, "The service is not healthy", "A check that the service cannot do without has failed; the detail names it.", "The operator looks at what the check names."),
    ];
}
