using Npgsql;
using Retail.Orders.Ordering;
using Retail.Orders.Streams;
using Slipway.Sdk.Database;

namespace Retail.Orders.Projections;

/// <summary>How many orders were read from the stream, and how many rows of the tables in use differed from what it says.</summary>
internal sealed record RebuildReport(long Orders, long Differences, bool Swapped, DateTimeOffset At);

/// <summary>
/// Makes the tables for reading anew from the stream: beside those in use, a helping at a time, while orders go on. Then writers
/// wait for a moment in which what they changed meanwhile is caught up, both sets are compared and the new one takes over.
/// </summary>
internal sealed class ProjectionRebuild(Database database, TimeProvider time)
{
    private const int Helping = 200;
    private const long Lock = 0x04DE_0000_0000_0001;

    public async Task<RebuildReport?> RunAsync(CancellationToken cancellation)
    {
        // The lock belongs to a session of its own, so that a process that dies gives it back.
        await using var turn = await database.Source.OpenConnectionAsync(cancellation);
        if (!await turn.Command("select pg_try_advisory_lock($1)", Lock).OneAsync(row => row.GetBoolean(0), cancellation))
        {
            return null;
        }

        try
        {
            await database.WriteAsync(PrepareAsync, cancellation);
            var last = Guid.Empty;
            for (var more = true; more;)
            {
                (last, more) = await database.WriteAsync((transaction, token) => HelpingAsync(transaction, last, token), cancellation);
            }

            return await database.WriteAsync(SwapAsync, cancellation);
        }
        finally
        {
            await turn.Command("select pg_advisory_unlock($1)", Lock).ExecuteAsync(CancellationToken.None);
        }
    }

    private static async Task<bool> PrepareAsync(NpgsqlTransaction transaction, CancellationToken cancellation)
    {
        await transaction.Command(
            """
            drop table if exists orders_beside, order_lines_beside;
            create table orders_beside (like orders including defaults including constraints);
            create table order_lines_beside (like order_lines including defaults including constraints);
            alter table orders_beside add constraint orders_beside_pkey primary key (id);
            alter table order_lines_beside add constraint order_lines_beside_pkey primary key (order_id, sku);
            create index idx_orders_user_beside on orders_beside (user_id, created_at, id);
            create index idx_orders_status_beside on orders_beside (status, created_at, id);
            create index idx_orders_date_beside on orders_beside (created_at, id);
            create index idx_order_lines_vendor_beside on order_lines_beside (vendor_id, created_at, order_id, sku);
            """).ExecuteAsync(cancellation);
        return true;
    }

    private static async Task<(Guid Last, bool More)> HelpingAsync(NpgsqlTransaction transaction, Guid after, CancellationToken cancellation)
    {
        var ids = await transaction.Command("select order_id from order_stream where version = 1 and order_id > $1 order by order_id limit $2", after, Helping)
            .ListAsync(row => row.GetGuid(0), cancellation);
        await WriteAsync(transaction, ids, cancellation);
        return (ids.Count == 0 ? after : ids[^1], ids.Count == Helping);
    }

    private async Task<RebuildReport> SwapAsync(NpgsqlTransaction transaction, CancellationToken cancellation)
    {
        await transaction.Command("lock table orders, order_lines in access exclusive mode").ExecuteAsync(cancellation);
        var late = await transaction.Command(
            """
            select s.order_id from (select order_id, max(version) as version from order_stream group by order_id) s
            left join orders_beside b on b.id = s.order_id where b.id is null or b.version < s.version
            """).ListAsync(row => row.GetGuid(0), cancellation);
        await WriteAsync(transaction, late, cancellation);
        var differences = await transaction.Command(
            """
            select (select count(*) from ((table orders except table orders_beside) union all (table orders_beside except table orders)) o)
                 + (select count(*) from ((table order_lines except table order_lines_beside) union all (table order_lines_beside except table order_lines)) l)
            """).OneAsync(row => row.GetInt64(0), cancellation);
        var orders = await transaction.Command("select count(*) from orders_beside").OneAsync(row => row.GetInt64(0), cancellation);
        await transaction.Command(
            """
            drop table orders, order_lines;
            alter table orders_beside rename to orders;
            alter table order_lines_beside rename to order_lines;
            alter index orders_beside_pkey rename to orders_pkey;
            alter index order_lines_beside_pkey rename to order_lines_pkey;
            alter index idx_orders_user_beside rename to idx_orders_user;
            alter index idx_orders_status_beside rename to idx_orders_status;
            alter index idx_orders_date_beside rename to idx_orders_date;
            alter index idx_order_lines_vendor_beside rename to idx_order_lines_vendor;
            """).ExecuteAsync(cancellation);
        return new RebuildReport(orders, differences, true, time.GetUtcNow());
    }

    private static async Task WriteAsync(NpgsqlTransaction transaction, List<Guid> ids, CancellationToken cancellation)
    {
        if (ids.Count == 0)
        {
            return;
        }

        var events = await transaction.Command("select order_id, version, data, at from order_stream where order_id = any($1) order by order_id, version", ids)
            .ListAsync(
                row => (Order: row.GetGuid(0), Recorded: new RecordedEvent(row.GetInt64(1), OrderStream.Read(row.GetString(2)), row.GetFieldValue<DateTimeOffset>(3))),
                cancellation);
        foreach (var order in events.GroupBy(item => item.Order))
        {
            await OrderViews.WriteAsync(transaction, OrderFold.All(order.Key, order.Select(item => item.Recorded))!, OrderViews.Beside, cancellation);
        }
    }
}
