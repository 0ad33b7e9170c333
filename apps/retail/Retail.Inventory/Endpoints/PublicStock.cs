using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Retail.Inventory.Stock;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Database;
using Slipway.Sdk.Documents;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Replies;
using Slipway.Sdk.Requests;

namespace Retail.Inventory.Endpoints;

/// <summary>Hints for pages: there is some, little, or none.</summary>
internal static class PublicStock
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/inventory/stock", HandleAsync).WithName("getStockHints").WithSummary("Whether SKUs are in stock.")
            .OpenToAll("Whoever looks at a product sees whether it can be had.")
            .Takes("sku", "Up to 50 SKUs or product ids, separated by commas.")
            .Produces<StockHints>(200);

    private static async Task<IResult> HandleAsync(HttpContext http, [FromServices] Database database, CancellationToken cancellation)
    {
        var query = Query.Of(http.Request);
        var asked = query.List("sku", 50);
        if (query.Problem() is { } problem)
        {
            return problem.ToResult();
        }

        var hints = await database.ReadAsync(
            async (connection, token) =>
            {
                var skus = await StockRows.ResolveAsync(connection, asked, token);
                var items = (await StockRows.ReadAsync(connection, skus.Values, token)).ToDictionary(item => item.Sku, StringComparer.Ordinal);
                return asked.Distinct().Select(text => skus.TryGetValue(text, out var sku) && items.TryGetValue(sku, out var item)
                    ? StockHint.Of(sku, item.Active ? item.Available : 0, item.Threshold)
                    : StockHint.Of(text, 0, 0)).ToList();
            },
            cancellation);
        return Reply.Ok(new StockHints(hints), InventoryJson.Default.StockHints);
    }
}
