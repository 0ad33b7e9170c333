using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Retail.Inventory.Stock;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Database;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Replies;
using Slipway.Sdk.Requests;

namespace Retail.Inventory.Endpoints;

/// <summary>One SKU over all its places; a product's id means its default SKU.</summary>
internal static class GetInventory
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/inventory/{productId}", HandleAsync).WithName("getInventory").WithSummary("Reads the stock of a product or SKU.").Requires(StockRules.ReadScope)
            .Produces<ItemDocument>(200);

    private static async Task<IResult> HandleAsync(string productId, HttpContext http, [FromServices] Database database, CancellationToken cancellation)
    {
        var sight = StockRules.SightOf(http.Caller());
        if ((Query.Of(http.Request).Problem() ?? sight.Problem) is { } problem)
        {
            return problem.ToResult();
        }

        var item = await database.ReadAsync(
            async (connection, token) => await StockRows.ResolveAsync(connection, productId, token) is { } sku
                ? (await StockRows.ReadAsync(connection, [sku], token)).SingleOrDefault()
                : null,
            cancellation);
        return item is null || (sight.Value is { } vendor && item.VendorId != vendor) ? StockRules.UnknownItem.ToResult() : Reply.Ok(ItemDocument.Of(item), InventoryJson.Default.ItemDocument, Versions.ETag(item.Version));
    }
}
