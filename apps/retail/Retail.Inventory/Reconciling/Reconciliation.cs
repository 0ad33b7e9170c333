using Microsoft.Extensions.Logging;
using Npgsql;
using Retail.Inventory.Endpoints;
using Retail.Inventory.Stock;
using Slipway.Sdk.Database;

namespace Retail.Inventory.Reconciling;

/// <summary>
/// Compares what is written twice: quantities with the sums of the ledger, reserved pieces with the reservations that hold them; and
/// finds reservations that nobody ended. It changes nothing: a difference is a mistake that somebody has to look at.
/// </summary>
internal sealed partial class Reconciliation(Database database, TimeProvider time, ILogger<Reconciliation> logger)
{
    private const int FindingsMax = 1000;

    // One statement, so that everything is seen at the same moment while the shop goes on.
    private const string Compare =
        """
        with ledger as (select sku, warehouse_location as place, sum(quantity_delta)::bigint as quantity, sum(reserved_delta)::bigint as reserved from movements group by 1, 2),
        holds as (
            select l.sku, l.warehouse_location as place, sum(l.quantity)::bigint as reserved
            from reservation_lines l join reservations r on r.order_id = l.order_id where r.status = 'held' group by 1, 2),
        rows as (
            select coalesce(i.sku, m.sku, h.sku) as sku, coalesce(i.warehouse_location, m.place, h.place) as place,
                coalesce(i.quantity, 0) as quantity, coalesce(i.reserved, 0) as reserved,
                coalesce(m.quantity, 0) as ledger_quantity, coalesce(m.reserved, 0) as ledger_reserved, coalesce(h.reserved, 0) as held
            from inventory i
            full join ledger m on m.sku = i.sku and m.place = i.warehouse_location
            full join holds h on h.sku = coalesce(i.sku, m.sku) and h.place = coalesce(i.warehouse_location, m.place))
        select 'quantity' as kind, sku, place, null::uuid as order_id, ledger_quantity as expected, quantity as actual from rows where quantity <> ledger_quantity
        union all select 'reserved', sku, place, null, ledger_reserved, reserved from rows where reserved <> ledger_reserved
        union all select 'held', sku, place, null, held, reserved from rows where reserved <> held
        union all select 'overdue', null, null, order_id, null, null from reservations where status = 'held' and expires_at < $1
        union all select 'withoutOrder', null, null, order_id, null, null from reservations where status in ('new', 'early') and updated_at < $1
        limit $2
        """;

    public async Task<ReconciliationDocument> RunAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var (rows, findings) = await database.ReadAsync(
            async (connection, token) =>
            {
                var count = await connection.Command("select count(*) from inventory").OneAsync(row => row.GetInt64(0), token);
                return (count, await connection.Command(Compare, now - TimeSpan.FromHours(1), FindingsMax).ListAsync(Read, token));
            },
            cancellation);
        var report = new ReconciliationDocument(Guid.CreateVersion7(now), now, rows, findings);
        await database.WriteAsync((transaction, token) => SaveAsync(transaction, report, token), cancellation);
        LogDone(logger, rows, findings.Count);
        foreach (var finding in findings)
        {
            LogFinding(logger, finding.Kind, finding.Sku, finding.WarehouseLocation, finding.OrderId, finding.Expected, finding.Actual);
        }

        return report;
    }

    public static async Task<ReconciliationDocument?> LatestAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var report = await connection.Command("select id, at, rows_checked from reconciliations order by at desc, id desc limit 1")
            .OneAsync(row => new ReconciliationDocument(row.GetGuid(0), row.GetFieldValue<DateTimeOffset>(1), row.GetInt64(2), []), cancellation);
        return report is null ? null : report with
        {
            Findings = await connection.Command(
                "select kind, sku, warehouse_location, order_id, expected, actual from reconciliation_findings where reconciliation_id = $1 order by number", report.Id)
                .ListAsync(Read, cancellation),
        };
    }

    private static FindingDocument Read(NpgsqlDataReader row) =>
        new(row.GetString(0), row.TextOrNull(1), row.TextOrNull(2), row.OrNull<Guid>(3), row.OrNull<long>(4), row.OrNull<long>(5));

    private static async Task SaveAsync(NpgsqlTransaction transaction, ReconciliationDocument report, CancellationToken cancellation)
    {
        await transaction.Command(
            "insert into reconciliations (id, at, rows_checked, findings) values ($1, $2, $3, $4)", report.Id, report.At, report.RowsChecked, report.Findings.Count)
            .ExecuteAsync(cancellation);
        for (var at = 0; at < report.Findings.Count; at++)
        {
            var finding = report.Findings[at];
            await transaction.Command(
                """
                insert into reconciliation_findings (reconciliation_id, number, kind, sku, warehouse_location, order_id, expected, actual)
                values ($1, $2, $3, $4, $5, $6, $7, $8)
                """,
                report.Id, at, finding.Kind, Parameters.Text(finding.Sku), Parameters.Text(finding.WarehouseLocation), Parameters.Id(finding.OrderId),
                Parameters.Number(finding.Expected), Parameters.Number(finding.Actual)).ExecuteAsync(cancellation);
        }
    }

    [LoggerMessage(EventId = 9521, Level = LogLevel.Information, Message = "Compared {Rows} places with ledger and reservations: {Findings} differences")]
    private static partial void LogDone(ILogger logger, long rows, int findings);

    [LoggerMessage(EventId = 9522, Level = LogLevel.Warning, Message = "Difference {Kind} at {Sku} {Location} {OrderId}: expected {Expected}, found {Actual}")]
    private static partial void LogFinding(ILogger logger, string kind, string? sku, string? location, Guid? orderId, long? expected, long? actual);
}
