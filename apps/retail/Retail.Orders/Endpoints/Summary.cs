using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Npgsql;
using Retail.Orders.People;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Database;
using Slipway.Sdk.Documents;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Replies;
using Slipway.Sdk.Requests;

namespace Retail.Orders.Endpoints;

internal sealed record SummaryDocument
{
    public required long Orders { get; set; }

    public required decimal Revenue { get; set; }

    public required decimal Refunded { get; set; }

    public required string Currency { get; set; }

    public required IReadOnlyList<StatusCount> ByStatus { get; set; }

    public required IReadOnlyList<PhaseCount> BySaga { get; set; }

    public required IReadOnlyList<BestSeller> BestSellers { get; set; }
}

internal sealed record StatusCount(string Status, long Count, decimal Total);

internal sealed record PhaseCount(string Phase, long Count);

internal sealed record BestSeller(string Sku, string Name, long Pieces, decimal Amount);

/// <summary>How the shop stands, for admins.</summary>
internal static class Summary
{
    private const int BestSellersMax = 10;

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/orders/summary", HandleAsync).WithName("orderSummary").WithSummary("Sums orders up: by status, money, best sellers.")
            .RequiresRole("admin").Requires(Viewer.Read)
            .Takes("from", "Orders placed at this instant or later; thirty days ago unless said otherwise.")
            .Takes("to", "Orders placed before this instant.")
            .Produces<SummaryDocument>(200);

    private static async Task<IResult> HandleAsync(HttpContext http, [FromServices] Database database, [FromServices] TimeProvider time, CancellationToken cancellation)
    {
        var query = Query.Of(http.Request);
        var from = query.Instant("from") ?? time.GetUtcNow() - TimeSpan.FromDays(30);
        var to = query.Instant("to") ?? time.GetUtcNow() + TimeSpan.FromDays(1);
        return query.Problem() is { } wrong
            ? wrong.ToResult()
            : Reply.Ok(await database.ReadAsync((connection, token) => SumAsync(connection, from, to, token), cancellation), OrdersJson.Default.SummaryDocument);
    }

    private static async Task<SummaryDocument> SumAsync(NpgsqlConnection connection, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation)
    {
        var statuses = await connection.Command(
            """
            select status, count(*), sum(total_minor)::bigint, sum(captured_minor)::bigint, sum(refunded_minor)::bigint
            from orders where created_at >= $1 and created_at < $2 group by status order by status
            """,
            from, to).ListAsync(row => (Status: row.GetString(0), Count: row.GetInt64(1), Total: row.GetInt64(2), Captured: row.GetInt64(3), Refunded: row.GetInt64(4)), cancellation);
        var phases = await connection.Command(
            "select phase, count(*) from sagas where started_at >= $1 and started_at < $2 group by phase order by phase", from, to)
            .ListAsync(row => new PhaseCount(row.GetString(0), row.GetInt64(1)), cancellation);
        var best = await connection.Command(
            """
            select sku, max(name), sum(quantity - returned)::bigint, sum((quantity - returned) * unit_price_minor)::bigint from order_lines
            where created_at >= $1 and created_at < $2 and status in ('confirmed', 'processing', 'shipped', 'delivered')
            group by sku order by 3 desc, 1 limit $3
            """,
            from, to, BestSellersMax).ListAsync(row => new BestSeller(row.GetString(0), row.GetString(1), row.GetInt64(2), OrderDocuments.Amount(row.GetInt64(3))), cancellation);
        return new SummaryDocument
        {
            Orders = statuses.Sum(row => row.Count),
            Revenue = OrderDocuments.Amount(statuses.Sum(row => row.Captured)),
            Refunded = OrderDocuments.Amount(statuses.Sum(row => row.Refunded)),
            Currency = Pricing.Charges.Currency,
            ByStatus = [.. statuses.Select(row => new StatusCount(row.Status, row.Count, OrderDocuments.Amount(row.Total)))],
            BySaga = phases,
            BestSellers = best,
        };
    }
}
