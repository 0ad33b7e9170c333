using Slipway.Sdk.Database;

namespace Slipway.Sdk.Messaging;

internal sealed record WaitingEvent(long Position, Guid Id, string PartitionKey, string? Topic, string Event);

/// <summary>How the outbox stands.</summary>
internal sealed record OutboxState(long Pending, double OldestSeconds, long Dead);

/// <summary>A key whose first event cannot be delivered.</summary>
public sealed record StuckKey(string PartitionKey, Guid EventId, int Attempts, DateTimeOffset NextAt, DateTimeOffset? DeadAt, string Error);

/// <summary>The outbox's rows.</summary>
public sealed class OutboxStore
{
    private const int ErrorMax = 500;

    private readonly Database.Database _database;
    private readonly TimeProvider _time;

    internal OutboxStore(Database.Database database, TimeProvider time) => (_database, _time) = (database, time);

    /// <summary>Keys that do not move, oldest first, at most 200: what an operator looks at.</summary>
    public Task<List<StuckKey>> StuckAsync(CancellationToken cancellation) => _database.ReadAsync(
        (connection, token) => connection.Command("select partition_key, event_id, attempts, next_at, dead_at, error from slipway.outbox_stuck order by next_at limit 200")
            .ListAsync(row => new StuckKey(row.GetString(0), row.GetGuid(1), row.GetInt32(2), row.GetFieldValue<DateTimeOffset>(3), row.OrNull<DateTimeOffset>(4), row.GetString(5)), token),
        cancellation);

    /// <summary>Try a key again now, given up or not.</summary>
    public Task<int> RetryAsync(string partitionKey, CancellationToken cancellation) => _database.WriteAsync(
        (transaction, token) => transaction.Command("delete from slipway.outbox_stuck where partition_key = $1", partitionKey).ExecuteAsync(token), cancellation);

    /// <summary>Leave out the event that a key is stuck at and go on with the next one.</summary>
    public Task<int> SkipAsync(string partitionKey, CancellationToken cancellation) => _database.WriteAsync(
        (transaction, token) => transaction.Command(
            """
            with stuck as (delete from slipway.outbox_stuck where partition_key = $1 returning event_id)
            delete from slipway.outbox where partition_key = $1 and id in (select event_id from stuck)
            """,
            partitionKey).ExecuteAsync(token),
        cancellation);

    /// <summary>What may be sent now, in order.</summary>
    internal Task<List<WaitingEvent>> DueAsync(int limit, CancellationToken cancellation) => _database.ReadAsync(
        (connection, token) => connection.Command(
            """
            select position, id, partition_key, topic, event from slipway.outbox o
            where not exists (select from slipway.outbox_stuck s where s.partition_key = o.partition_key and (s.dead_at is not null or s.next_at > $1))
            order by position limit $2
            """,
            _time.GetUtcNow(), limit).ListAsync(row => new WaitingEvent(row.GetInt64(0), row.GetGuid(1), row.GetString(2), row.TextOrNull(3), row.GetString(4)), token),
        cancellation);

    /// <summary>These have arrived, so none of their keys is stuck any longer.</summary>
    internal Task SentAsync(IReadOnlyList<WaitingEvent> sent, CancellationToken cancellation) => _database.WriteAsync(
        (transaction, token) => transaction.Command(
            """
            with arrived as (delete from slipway.outbox where position = any($1))
            delete from slipway.outbox_stuck where partition_key = any($2)
            """,
            sent.Select(waiting => waiting.Position).ToArray(), sent.Select(waiting => waiting.PartitionKey).Distinct().ToArray()).ExecuteAsync(token),
        cancellation);

    /// <summary>Answers the number of attempts so far.</summary>
    /// <param name="passing">The sink was not there to judge the event: that never makes an event a dead one.</param>
    internal Task<int> RefusedAsync(WaitingEvent refused, string error, bool passing, double dice, CancellationToken cancellation) => _database.WriteAsync(
        async (transaction, token) =>
        {
            var attempts = 1 + await transaction.Command("select attempts from slipway.outbox_stuck where partition_key = $1 and event_id = $2", refused.PartitionKey, refused.Id)
                .OneAsync(row => row.GetInt32(0), token);
            var now = _time.GetUtcNow();
            await transaction.Command(
                """
                insert into slipway.outbox_stuck (partition_key, event_id, attempts, next_at, dead_at, error) values ($1, $2, $3, $4, $5, $6)
                on conflict (partition_key) do update set event_id = $2, attempts = $3, next_at = $4, dead_at = $5, error = $6
                """,
                refused.PartitionKey, refused.Id, attempts, now + RelayBackoff.After(attempts, dice), attempts >= RelayBackoff.AttemptsMax && !passing ? now : null,
                error.Length > ErrorMax ? error[..ErrorMax] : error).ExecuteAsync(token);
            return attempts;
        },
        cancellation);

    internal Task<bool> IsEmptyAsync(CancellationToken cancellation) => _database.ReadAsync(
        (connection, token) => connection.Command("select not exists (select from slipway.outbox)").OneAsync(row => row.GetBoolean(0), token), cancellation);

    internal async Task<OutboxState> StateAsync(CancellationToken cancellation) => await _database.ReadAsync(
        (connection, token) => connection.Command(
            "select count(*), coalesce(extract(epoch from now() - min(created_at)), 0)::float8, (select count(*) from slipway.outbox_stuck where dead_at is not null) from slipway.outbox")
            .OneAsync(row => new OutboxState(row.GetInt64(0), row.GetDouble(1), row.GetInt64(2)), token),
        cancellation) ?? new OutboxState(0, 0, 0);
}
