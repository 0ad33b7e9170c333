using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using Retail.Orders.Ordering;
using Slipway.Sdk.Database;
using Slipway.Sdk.Problems;

namespace Retail.Orders.Streams;

/// <summary>The events of orders in the database. Nothing here is ever changed or removed.</summary>
internal static class OrderStream
{
    /// <summary>After so many events a snapshot saves the next reader the way from the beginning.</summary>
    private const int SnapshotEvery = 16;

    public static async Task<OrderState?> LoadAsync(NpgsqlConnection connection, Guid id, CancellationToken cancellation)
    {
        var snapshot = await connection.Command("select state from order_snapshots where order_id = $1", id)
            .OneAsync(row => JsonSerializer.Deserialize(row.GetString(0), DomainJson.Default.OrderState), cancellation);
        var events = await EventsAsync(connection, id, snapshot?.Version ?? 0, cancellation);
        return snapshot is null ? OrderFold.All(id, events) : events.Aggregate(snapshot, OrderFold.Apply);
    }

    /// <summary>The order as it was at that moment; null when there was none yet.</summary>
    public static async Task<OrderState?> LoadAtAsync(NpgsqlConnection connection, Guid id, DateTimeOffset at, CancellationToken cancellation) =>
        OrderFold.All(id, (await EventsAsync(connection, id, 0, cancellation)).TakeWhile(recorded => recorded.At <= at));

    public static Task<List<RecordedEvent>> EventsAsync(NpgsqlConnection connection, Guid id, long after, CancellationToken cancellation) =>
        connection.Command("select version, data, at from order_stream where order_id = $1 and version > $2 order by version", id, after)
            .ListAsync(row => new RecordedEvent(row.GetInt64(0), Read(row.GetString(1)), row.GetFieldValue<DateTimeOffset>(2)), cancellation);

    public static OrderEvent Read(string json) => JsonSerializer.Deserialize(json, DomainJson.Default.OrderEvent)!;

    /// <summary>Writes the events behind the version the state has. Somebody else's events in that place are a conflict.</summary>
    public static async Task<OrderState> AppendAsync(
        NpgsqlTransaction transaction, OrderState state, IReadOnlyList<OrderEvent> events, DateTimeOffset now, CancellationToken cancellation)
    {
        if (events.Count == 0)
        {
            return state;
        }

        // A clock that was set back must not let an event happen before the one it follows.
        var at = now > state.UpdatedAt ? now : state.UpdatedAt;
        at = new DateTimeOffset(at.Ticks - (at.Ticks % TimeSpan.TicksPerMicrosecond), at.Offset);
        var recorded = events.Select((happened, index) => new RecordedEvent(state.Version + index + 1, happened, at)).ToList();
        var kinds = recorded.Select(item => item.Event.GetType().Name).ToArray();
        var written = await transaction.Command(
            """
            insert into order_stream (order_id, version, kind, data, at)
            select $1, e.version, e.kind, e.data, $5 from unnest($2, $3, $4) as e (version, kind, data)
            on conflict (order_id, version) do nothing
            """,
            state.Id,
            recorded.Select(item => item.Version).ToArray(),
            kinds,
            new NpgsqlParameter
            {
                NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Jsonb,
                Value = recorded.Select(item => JsonSerializer.Serialize(item.Event, DomainJson.Default.OrderEvent)).ToArray(),
            },
            at).ExecuteAsync(cancellation);
        if (written != recorded.Count)
        {
            throw new ProblemException(Problem.Conflict(
                "orderChanged", "The order has changed meanwhile", "Somebody else changed this order in the same moment. Read it again and repeat the call."));
        }

        var next = recorded.Aggregate(state, OrderFold.Apply);
        if (next.Version / SnapshotEvery > state.Version / SnapshotEvery)
        {
            await transaction.Command(
                """
                insert into order_snapshots (order_id, version, state) values ($1, $2, $3)
                on conflict (order_id) do update set version = excluded.version, state = excluded.state
                """,
                next.Id, next.Version, Json(JsonSerializer.Serialize(next, DomainJson.Default.OrderState))).ExecuteAsync(cancellation);
        }

        return next;
    }

    public static NpgsqlParameter Json(string json) => new() { NpgsqlDbType = NpgsqlDbType.Jsonb, Value = json };
}
