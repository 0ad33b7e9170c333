using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Retail.Cart.Carts;
using Retail.Cart.Checkout;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Documents;
using Slipway.Sdk.Limits;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Replies;
using Slipway.Sdk.Requests;

namespace Retail.Cart.Endpoints;

/// <summary>Orders what lies in the cart. The order is the orders service's; the cart is emptied when it is there.</summary>
internal static class CheckOut
{
    private const string KeyHeader = "Idempotency-Key";

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/cart/checkout", HandleAsync).WithName("checkOut").WithSummary("Processes a checkout.").OpenToAll(CartId.OpenReason).Limited("checkout")
            .TakesHeader(KeyHeader, "Sent again with the same key, it is the same order. Without one, the cart's content is the key.")
            .Accepts<CheckoutBody>("application/json")
            .Produces<CheckoutDocument>(201);

    private static async Task<IResult> HandleAsync(HttpContext http, [FromServices] CheckoutBook book, CancellationToken cancellation)
    {
        if (!(await Body.ReadAsync(http.Request, CartJson.Default.CheckoutBody, cancellation: cancellation)).Is(out var body, out var problem)
            || !CartId.Open(http, body.CustomerId, CartId.WriteScope, inBody: true).Is(out var id, out problem)
            || !Buyer.Of(body).Is(out var buyer, out problem)
            || !KeyOf(http.Request).Is(out var key, out problem))
        {
            return problem.ToResult();
        }

        if (!(await book.RunAsync(http, id, buyer, key.Length == 0 ? null : key, cancellation)).Is(out var order, out problem))
        {
            return problem.ToResult();
        }

        var document = Read(order);
        return Reply.Created($"/api/v1/orders/{document.OrderId}", document, CartJson.Default.CheckoutDocument);
    }

    /// <summary>Empty without the header.</summary>
    private static Outcome<string> KeyOf(HttpRequest request)
    {
        var header = request.Headers[KeyHeader];
        if (header.Count == 0)
        {
            return "";
        }

        const string Detail = "Send one Idempotency-Key of 8 to 255 visible characters; a UUID is best.";
        return header is [{ Length: >= 8 and <= 255 } key] && !key.AsSpan().ContainsAnyExceptInRange('!', '~')
            ? key
            : new Problem(400, "idempotencyKeyMalformed", "The Idempotency-Key is not usable", Detail) { Errors = [new Finding("idempotencyKeyMalformed", Detail) { Header = KeyHeader }] };
    }

    private static CheckoutDocument Read(JsonElement order)
    {
        var items = order.TryGetProperty("items", out var lines) && lines.ValueKind == JsonValueKind.Array
            ? lines.EnumerateArray().Select(line =>
            {
                var (price, quantity) = (Number(line, "unitPrice") ?? 0, (int)(Number(line, "quantity") ?? 0));
                return new OrderedItem(Text(line, "productId"), Text(line, "sku"), Text(line, "name"), price, quantity, price * quantity);
            }).ToList()
            : [];
        return new CheckoutDocument(
            Text(order, "id") ?? "", Text(order, "orderNumber"), Text(order, "status") ?? "pending", Number(order, "total") ?? 0, Text(order, "currency") ?? "EUR",
            Number(order, "subtotal"), Number(order, "tax"), Number(order, "shipping"), items,
            order.TryGetProperty("created_at", out var at) && at.ValueKind == JsonValueKind.String && at.TryGetDateTimeOffset(out var created) ? created : null,
            Text(order, "guestToken"));
    }

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static decimal? Number(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var number) ? number : null;
}
