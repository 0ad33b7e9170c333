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

/// <summary>All places, by SKU and location.</summary>
internal static class ListInventory
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/inventory", HandleAsync).WithName("listInventory").WithSummary("What lies where.").Requires(StockRules.ReadScope)
            .TakesPage().Takes("location", "Only this location.").Takes("sku", "Only these SKUs, separated by commas.")
            .Takes("vendor", "Only products of this vendor; mine is the caller.")
            .Produces<InventoryPage>(200);

    private static async Task<IResult> HandleAsync(HttpContext http, [FromServices] Database database, [FromServices] Cursors cursors, CancellationToken cancellation)
    {
        var query = Query.Of(http.Request);
        var location = query.Text("location", 64);
        var skus = query.List("sku", 100);
        var asked = VendorOf(query, http.Caller());
        if (!StockRules.SightOf(http.Caller()).Is(out var sight, out var problem) && problem is not null)
        {
            return problem.ToResult();
        }

        var vendor = sight ?? asked;
        if (!PageRequest.Read(http.Request, query, "sku").Is(out var page, out problem))
        {
            return problem.ToResult();
        }

        var filter = $"inventory|{location}|{string.Join(',', skus)}|{vendor}|{http.Caller().Subject}";
        if (!cursors.Read(page, filter).Is(out var after, out problem))
        {
            return problem.ToResult();
        }

        var rows = await database.ReadAsync(
            (connection, token) => connection.Command(
                $"""
                select p.id, p.sku, i.product_id, p.warehouse_location, p.quantity, p.reserved, i.reorder_threshold, p.version, p.updated_at
                from inventory p join stock_items i on i.sku = p.sku
                where ($1::text is null or p.warehouse_location = $1) and (cardinality($2::text[]) = 0 or p.sku = any($2)) and ($3::uuid is null or i.vendor_id = $3)
                and ($4::text is null or (p.sku, p.warehouse_location) {(page.Descending ? "<" : ">")} ($4, $5))
                order by p.sku {(page.Descending ? "desc" : "asc")}, p.warehouse_location {(page.Descending ? "desc" : "asc")} limit $6
                """,
                Parameters.Text(location), skus, Parameters.Id(vendor), Parameters.Text(after.Length > 0 ? after[0] : null), Parameters.Text(after.Length > 0 ? after[1] : null), page.Limit + 1)
                .ListAsync(
                    row => new InventoryDocument(
                        row.GetGuid(0), row.GetString(1), row.OrNull<Guid>(2), row.GetString(3), row.GetInt64(4), row.GetInt64(5), row.GetInt64(4) - row.GetInt64(5),
                        row.GetInt32(6), row.GetInt64(7), row.GetFieldValue<DateTimeOffset>(8)),
                    token),
            cancellation);
        var items = rows.Take(page.Limit).ToList();
        var next = rows.Count > page.Limit ? cursors.Write(page, filter, items[^1].Sku, items[^1].WarehouseLocation) : null;
        var links = new Page(page.Limit, next, null, null);
        Links.Write(http.Response, links);
        return Reply.Ok(new InventoryPage(items, links), InventoryJson.Default.InventoryPage);
    }

    public static Guid? VendorOf(Query query, Caller caller)
    {
        switch (query.Text("vendor"))
        {
            case null:
                return null;
            case "mine":
                return caller.UserId;
            case var text when Guid.TryParse(text, out var id):
                return id;
            default:
                query.Wrong("vendor", "notAnId", "vendor is the id of a vendor, or mine.");
                return null;
        }
    }
}
