using Npgsql;
using Retail.Orders.Endpoints;
using Retail.Orders.Pricing;
using Slipway.Sdk.Database;

namespace Retail.Orders.Reports;

/// <summary>Sums up days that are over. Making a day's report again replaces it, since returns may have come in since.</summary>
internal sealed class DailyReports(Database database, TimeProvider time)
{
    /// <summary>Days whose orders can still change are reported again each night.</summary>
    private const int DaysAgain = 31;

    /// <summary>Answers how many days were reported.</summary>
    public async Task<int> MakeAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var last = DateOnly.FromDateTime(now.UtcDateTime).AddDays(-1);
        return await database.WriteAsync((transaction, token) => MakeAsync(transaction, last.AddDays(1 - DaysAgain), last, now, token), cancellation);
    }

    public Task<List<DayReport>> ListAsync(DateOnly from, DateOnly to, int max, CancellationToken cancellation) => database.ReadAsync(
        (connection, token) => connection.Command(
            """
            select day, placed, confirmed, cancelled, pieces, revenue_minor, refunded_minor, buyers, made_at
            from order_reports where day >= $1 and day <= $2 order by day desc limit $3
            """,
            from, to, max).ListAsync(
                row => new DayReport
                {
                    Day = row.GetFieldValue<DateOnly>(0),
                    Placed = row.GetInt64(1),
                    Confirmed = row.GetInt64(2),
                    Cancelled = row.GetInt64(3),
                    Pieces = row.GetInt64(4),
                    Revenue = OrderDocuments.Amount(row.GetInt64(5)),
                    Refunded = OrderDocuments.Amount(row.GetInt64(6)),
                    Buyers = row.GetInt64(7),
                    ConversionPercent = row.GetInt64(1) == 0 ? null : Math.Round(row.GetInt64(2) * 100m / row.GetInt64(1), 1, MidpointRounding.ToEven),
                    Currency = Charges.Currency,
                    MadeAt = row.GetFieldValue<DateTimeOffset>(8),
                },
                token),
        cancellation);

    private static Task<int> MakeAsync(NpgsqlTransaction transaction, DateOnly first, DateOnly last, DateTimeOffset now, CancellationToken cancellation) =>
        transaction.Command(
            """
            insert into order_reports (day, placed, confirmed, cancelled, pieces, revenue_minor, refunded_minor, buyers, made_at)
            select d.day::date, count(o.id),
                count(o.id) filter (where o.status in ('confirmed', 'processing', 'shipped', 'delivered', 'refunded')),
                count(o.id) filter (where o.status in ('cancelled', 'failed')),
                coalesce(sum(o.pieces) filter (where o.captured_minor > 0), 0),
                coalesce(sum(o.captured_minor), 0), coalesce(sum(o.refunded_minor), 0),
                count(distinct coalesce(o.user_id, o.id)), $3
            from generate_series($1::date::timestamp, $2::date::timestamp, interval '1 day') as d (day)
            left join orders o on o.created_at >= d.day at time zone 'UTC' and o.created_at < (d.day + interval '1 day') at time zone 'UTC'
            group by d.day
            on conflict (day) do update set placed = excluded.placed, confirmed = excluded.confirmed, cancelled = excluded.cancelled,
                pieces = excluded.pieces, revenue_minor = excluded.revenue_minor, refunded_minor = excluded.refunded_minor,
                buyers = excluded.buyers, made_at = excluded.made_at
            """,
            first, last, now).ExecuteAsync(cancellation);
}
