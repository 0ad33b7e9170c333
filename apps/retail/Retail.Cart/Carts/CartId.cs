using Microsoft.AspNetCore.Http;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Problems;

namespace Retail.Cart.Carts;

/// <summary>
/// Whose cart: a customer's, by their user id, or a guest's, by an id that only the guest's browser knows and that opens the cart to
/// whoever has it.
/// </summary>
internal sealed record CartId(string Text, bool IsGuest)
{
    public const string ReadScope = "retail.carts:read";
    public const string WriteScope = "retail.carts:write";
    public const string OpenReason = "A guest's cart is opened by its id; a customer's cart asks for the customer itself.";

    private const string GuestPrefix = "guest-";

    public static CartId OfCaller(Caller caller) => new(caller.UserId.ToString(), false);

    /// <summary>The id in its one spelling; null if it is none.</summary>
    public static CartId? Parse(string? text)
    {
        var id = text?.Trim() ?? "";
        if (id.StartsWith(GuestPrefix, StringComparison.OrdinalIgnoreCase))
        {
            return Guid.TryParseExact(id[GuestPrefix.Length..], "D", out var guest) && guest != Guid.Empty ? new CartId(GuestPrefix + guest, true) : null;
        }

        return Guid.TryParseExact(id, "D", out var user) && user != Guid.Empty ? new CartId(user.ToString(), false) : null;
    }

    /// <summary>The cart, if whoever asks may open it. Another customer's cart is as if it did not exist.</summary>
    public static Outcome<CartId> Open(HttpContext http, string? text, string scope, bool inBody)
    {
        if (Parse(text) is not { } id)
        {
            const string Detail = "customer_id is your user id, or guest- and a UUID for a guest.";
            return Problem.Invalid([new Finding("notACustomer", Detail) { Pointer = inBody ? "/customer_id" : null, Parameter = inBody ? null : "customer_id" }]);
        }

        if (id.IsGuest)
        {
            return id;
        }

        return http.CallerOrNull() switch
        {
            null => Problem.Unauthenticated("The cart of a customer is for that customer; sign in, or use a guest's cart."),
            { } caller when caller.UserId.ToString() != id.Text => Problem.NotFound("cart"),
            { } caller when !caller.Scopes.Contains(scope) => Problem.MissingScope(scope),
            _ => id,
        };
    }
}
