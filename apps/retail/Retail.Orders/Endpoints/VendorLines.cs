using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Retail.Orders.People;
using Retail.Orders.Projections;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Database;
using Slipway.Sdk.Documents;
using Slipway.Sdk.Paging;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Replies;
using Slipway.Sdk.Requests;

namespace Retail.Orders.Endpoints;

/// <summary>A line of an order as its vendor sees it: what was sold, and nothing of who bought it.</summary>
internal sealed record VendorLine(
    Guid OrderId, string Sku, Guid ProductId, string Name, decimal UnitPrice, int Quantity, int Returned, decimal Amount, string Currency, string Status, DateTimeOffset CreatedAt);

internal sealed record VendorLinePage(IReadOnlyList<VendorLine> Items, Page Page);

internal static class VendorLines
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/orders/vendor-lines", HandleAsync).WithName("listVendorLines").WithSummary("Lists what was sold of the caller's products.")
            .Requires(Viewer.Read)
            .TakesPage()
            .Takes("status", "Any of these, separated by commas.")
            .Takes("vendorId", "Admins: only lines of this vendor.")
            .Produces<VendorLinePage>(200);

    private static async Task<IResult> HandleAsync(HttpContext http, [FromServices] Database database, [FromServices] Cursors cursors, CancellationToken cancellation)
    {
        var caller = http.Caller();
        var admin = caller.Roles.Contains("admin");
        if (!admin && !caller.Roles.Contains("vendor"))
        {
            return Problem.Forbidden("Only vendors see lines of orders.").ToResult();
        }

        var query = Query.Of(http.Request);
        var statuses = query.List("status");
        var named = query.Text("vendorId", 36);
        var vendor = Guid.Empty;
        if (named is not null && (!admin || !Guid.TryParse(named, out vendor)))
        {
            query.Wrong("vendorId", "notAllowed", "vendorId is the id of a vendor and for admins only.");
        }

        if (!PageRequest.Read(http.Request, query, "-createdAt").Is(out var page, out var problem))
        {
            return problem.ToResult();
        }

        Guid? of = !admin ? caller.UserId : named is null ? null : vendor;
        var binding = $"{caller.Subject}\n{of}\n{string.Join(',', statuses)}";
        if (!cursors.Read(page, binding).Is(out var keys, out problem))
        {
            return problem.ToResult();
        }

        var where = new Conditions();
        where.And("vendor_id = {0}", of);
        where.And("status = any({0})", statuses.Count == 0 ? null : statuses);
        var backwards = keys is ["p", ..];
        var descending = page.Descending != backwards;
        if (keys.Length == 4)
        {
            where.After(
                "created_at, order_id, sku", descending,
                DateTimeOffset.Parse(keys[1], CultureInfo.InvariantCulture), Guid.Parse(keys[2], CultureInfo.InvariantCulture), keys[3]);
        }

        var direction = descending ? "desc" : "asc";
        var lines = await database.ReadAsync(
            (connection, token) => connection.Command(
                $"""
                select order_id, sku, product_id, name, unit_price_minor, quantity, returned, currency, status, created_at from order_lines
                where {where.Text} order by created_at {direction}, order_id {direction}, sku {direction} limit {where.Value(page.Limit + 1)}
                """,
                where.Values).ListAsync(
                    row => new VendorLine(
                        row.GetGuid(0), row.GetString(1), row.GetGuid(2), row.GetString(3), OrderDocuments.Amount(row.GetInt64(4)), row.GetInt32(5), row.GetInt32(6),
                        OrderDocuments.Amount(row.GetInt64(4) * (row.GetInt32(5) - row.GetInt32(6))), row.GetString(7), row.GetString(8), row.GetFieldValue<DateTimeOffset>(9)),
                    token),
            cancellation);
        var links = Conditions.Page(
            cursors, page, binding, keys.Length > 0, backwards, lines, line => [line.CreatedAt.ToString("O", CultureInfo.InvariantCulture), line.OrderId.ToString(), line.Sku]);
        Links.Write(http.Response, links);
        return Reply.Ok(new VendorLinePage(lines, links), OrdersJson.Default.VendorLinePage);
    }
}
