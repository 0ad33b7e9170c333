using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Retail.Cart.Carts;
using Retail.Cart.Products;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Database;
using Slipway.Sdk.Documents;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Replies;
using Slipway.Sdk.Requests;
using Slipway.Sdk.Retries;

namespace Retail.Cart.Endpoints;

/// <summary>Puts a product into a cart. Name and price are the catalogue's, whatever the body says.</summary>
internal static class AddItem
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/cart/items", HandleAsync).WithName("addCartItem").WithSummary("Adds an item to a cart.").OpenToAll(CartId.OpenReason)
            .TakesHeader("Idempotency-Key", "Sent again with the same key and body, the call is done once.")
            .Accepts<AddItemBody>("application/json")
            .Produces<CartDocument>(201);

    private static async Task<IResult> HandleAsync(
        HttpContext http, [FromServices] Database database, [FromServices] ProductLookup products, [FromServices] CartBook book, [FromServices] CartMetrics metrics, CancellationToken cancellation)
    {
        if (!(await Body.ReadAsync(http.Request, CartJson.Default.AddItemBody, cancellation: cancellation)).Is(out var body, out var problem)
            || !CartId.Open(http, body.CustomerId, CartId.WriteScope, inBody: true).Is(out var id, out problem))
        {
            return problem.ToResult();
        }

        var findings = new Findings();
        var wanted = findings.Text("/product_id", body.ProductId, 64);
        findings.OptionalText("/product_name", body.ProductName, 255);
        var quantity = body.Quantity ?? 1;
        if (quantity is < 1 or > CartRules.QuantityMax)
        {
            findings.Add("/quantity", "outOfRange", $"quantity is from 1 to {CartRules.QuantityMax}.");
        }

        if (body.Price is < 0 or > 1_000_000)
        {
            findings.Add("/price", "outOfRange", "price is not negative, and at most 1000000.");
        }

        if (findings.Any)
        {
            return findings.ToProblem().ToResult();
        }

        if (!(await products.FindAsync(wanted, cancellation)).Is(out var product, out problem))
        {
            return problem.ToResult();
        }

        var shown = body.Price is { } price ? (long?)decimal.Round(price * 100, MidpointRounding.ToEven) : null;
        var reply = await Idempotent.RunAsync(
            http, database,
            async (transaction, token) => (await book.AddAsync(transaction, id, product, wanted, quantity, shown, CartReplies.IfMatchNamed(http), token)).Is(out var cart, out var refused)
                ? CartReplies.Created(cart)
                : Reply.Of(refused),
            cancellation);
        if (reply.Status == 201)
        {
            metrics.Added(quantity);
        }

        return reply;
    }
}
