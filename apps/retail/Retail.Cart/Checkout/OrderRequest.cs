using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Retail.Cart.Carts;

namespace Retail.Cart.Checkout;

/// <summary>One line as it is ordered, at the price the buyer was shown.</summary>
internal readonly record struct OrderedLine(string Sku, int Quantity, long PriceMinor);

/// <summary>What is sent to be ordered. The same lines and buyer always make the same body, so that repeating it is recognised.</summary>
internal static class OrderRequest
{
    public static string Body(string cartId, IReadOnlyList<OrderedLine> lines, Buyer buyer) => new JsonObject
    {
        ["items"] = new JsonArray([.. lines.Select(line => (JsonNode)new JsonObject
        {
            ["sku"] = line.Sku, ["quantity"] = line.Quantity, ["expectedPrice"] = CartRows.Amount(line.PriceMinor),
        })]),
        ["shippingAddress"] = new JsonObject
        {
            ["name"] = buyer.Name, ["street"] = buyer.Street, ["city"] = buyer.City, ["postalCode"] = buyer.PostalCode, ["country"] = buyer.Country,
        },
        ["email"] = buyer.Email,
        ["paymentToken"] = buyer.PaymentToken,
        ["cartId"] = cartId,
    }.ToJsonString();

    /// <summary>
    /// The key of a checkout that came without one: two clicks on the same cart give the same one. A guest's id is in it, which nobody else
    /// knows, so nobody else can use the key first.
    /// </summary>
    public static string Key(CartState cart, Buyer buyer)
    {
        var text = $"{cart.CustomerId}\n{cart.Id}\n{cart.Version}\n{Body(cart.CustomerId, Lines(cart), buyer)}";
        return "cart-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..40];
    }

    public static IReadOnlyList<OrderedLine> Lines(CartState cart) => [.. cart.Lines.Select(line => new OrderedLine(line.Sku, line.Quantity, line.PriceMinor))];
}
