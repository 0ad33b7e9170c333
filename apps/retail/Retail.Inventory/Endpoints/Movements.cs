using System.Globalization;
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

/// <summary>The ledger of a SKU, the newest first.</summary>
internal static class Movements
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/inventory/{productId}/movements", HandleAsync).WithName("listMovements").WithSummary("Every change of a SKU's stock.").Requires(StockRules.ReadScope)
            .TakesPage().Produces<MovementPage>(200);

    private static async Task<IResult> HandleAsync(string productId, HttpContext http, [FromServices] Database database, [FromServices] Cursors cursors, CancellationToken cancellation)
    {
        var query = Query.Of(http.Request);
        if (!StockRules.SightOf(http.Caller()).Is(out var sight, out var problem) && problem is not null)
        {
            return problem.ToResult();
        }

        if (!PageRequest.Read(http.Request, query, "-id").Is(out var page, out problem))
        {
            return problem.ToResult();
        }

        var filter = $"movements|{productId}|{http.Caller().Subject}";
        if (!cursors.Read(page, filter).Is(out var after, out problem))
        {
            return problem.ToResult();
        }

        var from = after.Length == 0 ? (long?)null : long.Parse(after[0], NumberStyles.None, CultureInfo.InvariantCulture);
        var rows = await database.ReadAsync(
            async (connection, token) => await VisibleAsync(connection, productId, sight, token) is not { } sku ? null : await connection.Command(
                $"""
                select id, sku, warehouse_location, kind, quantity_delta, reserved_delta, reason, actor, order_id, return_id, at from movements
                where sku = $1 and ($2::bigint is null or id {(page.Descending ? "<" : ">")} $2) order by id {(page.Descending ? "desc" : "asc")} limit $3
                """,
                sku, Parameters.Number(from), page.Limit + 1).ListAsync(
                row => new MovementDocument(
                    row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetInt64(4), row.GetInt64(5), row.GetString(6), row.GetString(7),
                    row.OrNull<Guid>(8), row.OrNull<Guid>(9), row.GetFieldValue<DateTimeOffset>(10)),
                token),
            cancellation);
        if (rows is null)
        {
            return StockRules.UnknownItem.ToResult();
        }

        var items = rows.Take(page.Limit).ToList();
        var next = rows.Count > page.Limit ? cursors.Write(page, filter, items[^1].Id.ToString(CultureInfo.InvariantCulture)) : null;
        var links = new Page(page.Limit, next, null, null);
        Links.Write(http.Response, links);
        return Reply.Ok(new MovementPage(items, links), InventoryJson.Default.MovementPage);
    }

    private static async Task<string?> VisibleAsync(Npgsql.NpgsqlConnection connection, string product, Guid? vendor, CancellationToken cancellation) =>
        await StockRows.ResolveAsync(connection, product, cancellation) is { } sku
        && (vendor is null || (await StockRows.ReadAsync(connection, [sku], cancellation)).Exists(item => item.VendorId == vendor))
            ? sku
            : null;
}
