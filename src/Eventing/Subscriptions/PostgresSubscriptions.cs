using Npgsql;
using NpgsqlTypes;
using Slipway.Eventing.Events;

namespace Slipway.Eventing.Subscriptions;

/// <summary>Positions and held events in the platform's own PostgreSQL.</summary>
internal sealed class PostgresSubscriptions(NpgsqlDataSource database, TimeProvider time) : ISubscriptionStore
{
    private const string HeldColumns = "id, subscription, partition, place, key, state, appended_at, attributes, data, replay, attempts, code, error, reason, at";

    private const string Matches = """
        subscription = any($1) and state = $2 and ($3::bigint is null or id = $3) and ($4::text is null or key = $4) and ($5::int is null or code = $5)
        and ($6::text is null or convert_from(attributes, 'UTF8')::jsonb ->> 'type' = $6)
        """;

    public async Task<IReadOnlyList<Progress>> OpenAsync(string subscription, IReadOnlyList<Progress> starts, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using (var begin = Command(
            connection,
            "insert into eventing.progress (subscription, partition, place) select $1, p, n from unnest($2, $3) as new (p, n) on conflict do nothing",
            subscription, starts.Select(start => start.Partition).ToArray(), starts.Select(start => start.Place).ToArray()))
        {
            await begin.ExecuteNonQueryAsync(cancellation);
        }

        await using var command = Command(connection, "select partition, place, replay_until from eventing.progress where subscription = $1 order by partition", subscription);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var positions = new List<Progress>();
        while (await reader.ReadAsync(cancellation))
        {
            positions.Add(new Progress(subscription, reader.GetInt32(0), reader.GetInt64(1), reader.GetInt64(2)));
        }

        return positions;
    }

    public Task StoreAsync(IReadOnlyList<Progress> positions, CancellationToken cancellation) => ExecuteAsync(
        """
        update eventing.progress p set place = new.n from unnest($1, $2, $3) as new (s, p, n)
        where p.subscription = new.s and p.partition = new.p
        """,
        cancellation,
        positions.Select(position => position.Subscription).ToArray(),
        positions.Select(position => position.Partition).ToArray(),
        positions.Select(position => position.Place).ToArray());

    public Task MoveAsync(Progress position, CancellationToken cancellation) => ExecuteAsync(
        "update eventing.progress set place = $3, replay_until = $4 where subscription = $1 and partition = $2",
        cancellation, position.Subscription, position.Partition, position.Place, position.ReplayUntil);

    public async Task<IReadOnlyList<HeldKey>> HeldKeysAsync(string subscription, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var command = Command(
            connection,
            """
            select distinct on (partition, key) subscription, partition, key, state = 'waiting' from eventing.held
            where subscription = $1 and state <> 'skipped' order by partition, key, place
            """,
            subscription);
        return await KeysAsync(command, cancellation);
    }

    public async Task HoldAsync(IReadOnlyList<HeldEvent> events, CancellationToken cancellation)
    {
        await using var batch = database.CreateBatch();
        foreach (var held in events)
        {
            var command = new NpgsqlBatchCommand(
                """
                insert into eventing.held (subscription, partition, place, key, state, appended_at, attributes, data, replay, attempts, code, error, at)
                values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
                on conflict (subscription, partition, place) do update set state = excluded.state, replay = excluded.replay, attempts = excluded.attempts,
                    code = excluded.code, error = excluded.error, reason = null, at = excluded.at where held.state = 'skipped'
                """);
            command.Parameters.AddRange(Values(held.Subscription, held.Partition, held.Place, held.Key, Word(held.State), held.AppendedAt.UtcDateTime, StoredAttributes.Write(held.Event)));
            command.Parameters.Add(new NpgsqlParameter { Value = (object?)held.Event.Data?.ToArray() ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bytea });
            command.Parameters.AddRange(Values(held.Replay, held.Attempts));
            command.Parameters.Add(new NpgsqlParameter { Value = (object?)held.Code ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Integer });
            command.Parameters.Add(new NpgsqlParameter { Value = (object?)held.Error ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
            command.Parameters.AddRange(Values(time.GetUtcNow().UtcDateTime));
            batch.BatchCommands.Add(command);
        }

        await batch.ExecuteNonQueryAsync(cancellation);
    }

    public async Task<HeldEvent?> FirstHeldAsync(string subscription, int partition, string key, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var command = Command(
            connection,
            $"select {HeldColumns} from eventing.held where subscription = $1 and partition = $2 and key = $3 and state <> 'skipped' order by place limit 1",
            subscription, partition, key);
        return await HeldAsync(command, cancellation) is [var first] ? first : null;
    }

    public Task ReleaseAsync(long id, CancellationToken cancellation) =>
        ExecuteAsync("delete from eventing.held where id = $1", cancellation, id);

    public Task DieAsync(HeldEvent dead, CancellationToken cancellation) => ExecuteAsync(
        "update eventing.held set state = 'dead', attempts = $2, code = nullif($3, 0), error = $4, at = $5 where id = $1",
        cancellation, dead.Id, dead.Attempts, dead.Code ?? 0, dead.Error ?? "", time.GetUtcNow().UtcDateTime);

    public async Task<IReadOnlyList<HeldEvent>> ListAsync(HeldQuery query, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var command = Matching(connection, $"select {HeldColumns} from eventing.held where {Matches} and id > $7 order by id limit $8", query);
        command.Parameters.AddRange(Values(query.After, query.Limit));
        return await HeldAsync(command, cancellation);
    }

    public async Task<IReadOnlyList<HeldKey>> RetryAsync(HeldQuery query, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var command = Matching(
            connection,
            $"""
            with moved as (update eventing.held set state = 'waiting', at = $7 where {Matches} returning subscription, partition, key)
            select distinct subscription, partition, key, true from moved
            """,
            query);
        command.Parameters.AddRange(Values(time.GetUtcNow().UtcDateTime));
        return await KeysAsync(command, cancellation);
    }

    public async Task<IReadOnlyList<HeldKey>> SkipAsync(HeldQuery query, string reason, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var command = Matching(
            connection,
            $"""
            with moved as (update eventing.held set state = 'skipped', reason = $7, at = $8 where {Matches} returning subscription, partition, key)
            select distinct subscription, partition, key, true from moved
            """,
            query);
        command.Parameters.AddRange(Values(reason, time.GetUtcNow().UtcDateTime));
        return await KeysAsync(command, cancellation);
    }

    public async Task CleanAsync(IReadOnlyCollection<string> living, DateTimeOffset skippedBefore, CancellationToken cancellation)
    {
        var names = living.ToArray();
        await ExecuteAsync("delete from eventing.held where subscription <> all($1) or (state = 'skipped' and at < $2)", cancellation, names, skippedBefore.UtcDateTime);
        await ExecuteAsync("delete from eventing.progress where subscription <> all($1)", cancellation, [names]);
    }

    public async Task<HeldCount> CountAsync(string subscription, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var command = Command(
            connection, "select count(*) filter (where state = 'dead'), count(*) filter (where state = 'waiting') from eventing.held where subscription = $1", subscription);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        await reader.ReadAsync(cancellation);
        return new HeldCount(reader.GetInt64(0), reader.GetInt64(1));
    }

    private static NpgsqlCommand Matching(NpgsqlConnection connection, string sql, HeldQuery query)
    {
        var command = Command(connection, sql, query.Subscriptions.ToArray(), Word(query.State));
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)query.Id ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint });
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)query.Key ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)query.Code ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Integer });
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)query.Type ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        return command;
    }

    private static async Task<IReadOnlyList<HeldKey>> KeysAsync(NpgsqlCommand command, CancellationToken cancellation)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var keys = new List<HeldKey>();
        while (await reader.ReadAsync(cancellation))
        {
            keys.Add(new HeldKey(reader.GetString(0), reader.GetInt32(1), reader.GetString(2), reader.GetBoolean(3)));
        }

        return keys;
    }

    private static async Task<IReadOnlyList<HeldEvent>> HeldAsync(NpgsqlCommand command, CancellationToken cancellation)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var held = new List<HeldEvent>();
        while (await reader.ReadAsync(cancellation))
        {
            held.Add(new HeldEvent
            {
                Id = reader.GetInt64(0),
                Subscription = reader.GetString(1),
                Partition = reader.GetInt32(2),
                Place = reader.GetInt64(3),
                Key = reader.GetString(4),
                State = reader.GetString(5) switch { "dead" => HeldState.Dead, "waiting" => HeldState.Waiting, _ => HeldState.Skipped },
                AppendedAt = reader.GetFieldValue<DateTimeOffset>(6),
                Event = StoredAttributes.Read(reader.GetFieldValue<byte[]>(7), reader.IsDBNull(8) ? null : reader.GetFieldValue<byte[]>(8)),
                Replay = reader.GetBoolean(9),
                Attempts = reader.GetInt32(10),
                Code = reader.IsDBNull(11) ? null : reader.GetInt32(11),
                Error = reader.IsDBNull(12) ? null : reader.GetString(12),
                Reason = reader.IsDBNull(13) ? null : reader.GetString(13),
                At = reader.GetFieldValue<DateTimeOffset>(14),
            });
        }

        return held;
    }

    private static string Word(HeldState state) => state switch { HeldState.Dead => "dead", HeldState.Waiting => "waiting", _ => "skipped" };

    private async Task ExecuteAsync(string sql, CancellationToken cancellation, params object[] values)
    {
        await using var command = database.CreateCommand(sql);
        command.Parameters.AddRange(Values(values));
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, params object[] values)
    {
        var command = new NpgsqlCommand(sql, connection);
        command.Parameters.AddRange(Values(values));
        return command;
    }

    private static NpgsqlParameter[] Values(params object[] values) => [.. values.Select(value => new NpgsqlParameter { Value = value })];
}
