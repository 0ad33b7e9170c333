using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Retail.Inventory.Stock;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Database;
using Slipway.Sdk.Documents;
using Slipway.Sdk.Paging;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Replies;
using Slipway.Sdk.Requests;

namespace Retail.Inventory.Endpoints;

/// <summary>The SKUs of which little is left.</summary>
internal static class LowStock
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/inventory/low-stock", HandleAsync).WithName("listLowStock").WithSummary("SKUs at or below their threshold.").Requires(StockRules.ReadScope)
            .TakesPage().Takes("vendor", "Only products of this vendor; mine is the caller.")
            .Produces<ItemPage>(200);

    private static async Task<IResult> HandleAsync(HttpContext http, [FromServices] Database database, [FromServices] Cursors cursors, CancellationToken cancellation)
    {
        var query = Query.Of(http.Request);
        var asked = ListInventory.VendorOf(query, http.Caller());
        if (!StockRules.SightOf(http.Caller()).Is(out var sight, out var problem) && problem is not null)
        {
            return problem.ToResult();
        }

        var vendor = sight ?? asked;
        if (!PageRequest.Read(http.Request, query, "sku").Is(out var page, out problem))
        {
            return problem.ToResult();
        }

        var filter = $"low|{vendor}|{http.Caller().Subject}";
        if (!cursors.Read(page, filter).Is(out var after, out problem))
        {
            return problem.ToResult();
        }

        var items = await database.ReadAsync(
            async (connection, token) =>
            {
                var skus = await connection.Command(
                    $"""
                    select sku from stock_items where low and ($1::uuid is null or vendor_id = $1) and ($2::text is null or sku {(page.Descending ? "<" : ">")} $2)
                    order by sku {(page.Descending ? "desc" : "asc")} limit $3
                    """,
                    Parameters.Id(vendor), Parameters.Text(after.Length > 0 ? after[0] : null), page.Limit + 1).ListAsync(row => row.GetString(0), token);
                var found = await StockRows.ReadAsync(connection, skus, token);
                return skus.ConvertAll(sku => found.Find(item => item.Sku == sku)).OfType<StockItem>().ToList();
            },
            cancellation);
        var shown = items.Take(page.Limit).Select(ItemDocument.Of).ToList();
        var next = items.Count > page.Limit ? cursors.Write(page, filter, shown[^1].Sku) : null;
        var links = new Page(page.Limit, next, null, null);
        Links.Write(http.Response, links);
        return Reply.Ok(new ItemPage(shown, links), InventoryJson.Default.ItemPage);
    }
}
