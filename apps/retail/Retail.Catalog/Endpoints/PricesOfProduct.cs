using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Retail.Catalog.Caching;
using Retail.Catalog.Products;
using Slipway.Sdk.Caching;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Database;
using Slipway.Sdk.Documents;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Replies;
using Slipway.Sdk.Requests;

namespace Retail.Catalog.Endpoints;

internal sealed record PriceHistory(IReadOnlyList<PastPrice> Items);

/// <summary>A price from a moment on, until the next one of the same SKU.</summary>
internal sealed record PastPrice(string Sku, decimal Price, string Currency, DateTimeOffset ChangedAt);

/// <summary>What a product has cost, newest first. Buyers may see it, as the law on price reductions wants; who changed it stays inside.</summary>
internal static class PricesOfProduct
{
    private const int ItemsMax = 500;

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/products/{id:guid}/prices", HandleAsync).WithName("productPrices").WithSummary("The prices a product has had, newest first.")
            .OpenToAll("The catalogue is public.")
            .Takes("sku", "Only of this variant.")
            .Produces<PriceHistory>(200);

    private static async Task<IResult> HandleAsync(
        Guid id, HttpContext http, [FromServices] Database database, [FromServices] CachedReplies cached, CancellationToken cancellation)
    {
        var query = Query.Of(http.Request);
        var sku = query.Text("sku", Skus.LengthMax)?.ToUpperInvariant();
        return query.Problem() is { } problem
            ? problem.ToResult()
            : await cached.ReadAsync(http, token => ReadAsync(database, id, sku, token), cancellation);
    }

    private static async Task<MadeReply> ReadAsync(Database database, Guid id, string? sku, CancellationToken cancellation)
    {
        var exists = await database.ReadAsync(
            (connection, token) => connection.Command("select true from products where id = $1 and deleted_at is null", id).OneAsync(row => row.GetBoolean(0), token), cancellation);
        if (!exists)
        {
            return new MadeReply(Reply.Of(Problem.NotFound("product")), []);
        }

        var prices = await database.ReadAsync(
            (connection, token) => connection.Command(
                """
                select sku, price_minor, currency, changed_at from price_changes
                where product_id = $1 and ($2::text is null or sku = $2) order by changed_at desc, id desc limit $3
                """,
                id, sku, ItemsMax).ListAsync(
                row => new PastPrice(row.GetString(0), Prices.Decimal(row.GetInt64(1)), row.GetString(2), row.GetFieldValue<DateTimeOffset>(3)), token),
            cancellation);
        return new MadeReply(ProductReplies.Hashed(new PriceHistory(prices), CatalogJson.Default.PriceHistory), [CacheTags.Product(id)]);
    }
}
