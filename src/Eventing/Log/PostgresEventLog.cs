using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Npgsql;
using Slipway.Eventing.Events;
using Slipway.Model.Failures;

namespace Slipway.Eventing.Log;

/// <summary>The log in the platform's own PostgreSQL.</summary>
internal sealed class PostgresEventLog : IEventLog
{
    private const int TailCount = 4_096;
    private const long TailBytes = 4 * 1024 * 1024;
    private const long ReadBytes = 4 * 1024 * 1024;

    private readonly ConcurrentDictionary<(int Topic, int Partition), LogTail> _tails = new();
    private readonly ConcurrentDictionary<int, Topic> _open = new();
    private readonly NpgsqlDataSource _database;
    private readonly TimeProvider _time;
    private readonly AppendLane _lane;

    public PostgresEventLog(NpgsqlDataSource database, TimeProvider time, ILogger<PostgresEventLog> logger)
    {
        _database = database;
        _time = time;
        _lane = new AppendLane(database, TailOf, ReloadAsync, time, logger);
    }

    /// <summary>Appends until it is told to stop.</summary>
    public Task RunAsync(CancellationToken stopping) => _lane.RunAsync(stopping);

    public async Task<Outcome<Topic>> OpenAsync(TopicName name, int partitions, CancellationToken cancellation)
    {
        try
        {
            await using var batch = _database.CreateBatch();
            batch.BatchCommands.Add(Command(
                "insert into eventing.topics (uid, namespace, name, partitions, created_at) values ($1, $2, $3, $4, $5) on conflict (uid) do nothing",
                name.Uid, name.Namespace, name.Name, partitions, _time.GetUtcNow().UtcDateTime));
            batch.BatchCommands.Add(Command(
                "insert into eventing.partitions (topic, partition) select number, generate_series(0, partitions - 1) from eventing.topics where uid = $1 on conflict do nothing",
                name.Uid));
            batch.BatchCommands.Add(Command("select number, partitions from eventing.topics where uid = $1", name.Uid));
            Topic topic;
            await using (var reader = await batch.ExecuteReaderAsync(cancellation))
            {
                await reader.ReadAsync(cancellation);
                topic = new Topic(reader.GetInt32(0), name, reader.GetInt32(1));
            }

            if (_open.ContainsKey(topic.Number))
            {
                return topic;
            }

            await LoadAsync(topic, cancellation);
            _open[topic.Number] = topic;
            return topic;
        }
        catch (NpgsqlException away)
        {
            return new Failure(FailureKind.Unavailable, "log-unavailable", $"The event log's database does not answer: {away.Message}");
        }
    }

    public async Task<Outcome<IReadOnlyList<Appended>>> AppendAsync(Topic topic, IReadOnlyList<CloudEvent> events, CancellationToken cancellation)
    {
        if (events.Count == 0)
        {
            return Array.Empty<Appended>();
        }

        // A publisher that goes away takes nothing back, so only the waiting ends.
        return await _lane.PostAsync(new AppendRequest(topic, events)).WaitAsync(cancellation);
    }

    public async ValueTask<IReadOnlyList<LogRecord>> ReadAsync(Topic topic, int partition, long from, int limit, CancellationToken cancellation)
    {
        var tail = TailOf(topic, partition);
        if (tail.Read(from, limit) is { } fresh)
        {
            return fresh;
        }

        await using var command = _database.CreateCommand(
            """
            with start as (select bytes_before from eventing.events where topic = $1 and partition = $2 and place >= $3 order by place limit 1)
            select e.place, e.appended_at, e.key, e.attributes, e.data from eventing.events e, start
            where e.topic = $1 and e.partition = $2 and e.place >= $3 and e.bytes_before <= start.bytes_before + $5 order by e.place limit $4
            """);
        command.Parameters.AddRange(Values(topic.Number, partition, from, limit, ReadBytes));
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var records = new List<LogRecord>();
        while (await reader.ReadAsync(cancellation))
        {
            var data = await reader.IsDBNullAsync(4, cancellation) ? null : reader.GetFieldValue<byte[]>(4);
            var told = StoredAttributes.Read(reader.GetFieldValue<byte[]>(3), data);
            records.Add(new LogRecord(partition, reader.GetInt64(0), reader.GetFieldValue<DateTimeOffset>(1), reader.GetString(2), told));
        }

        return records;
    }

    public LogRange Range(Topic topic, int partition) => TailOf(topic, partition).Range;

    public Task WaitAsync(Topic topic, int partition, long place, CancellationToken cancellation) => TailOf(topic, partition).WaitAsync(place, cancellation);

    public async Task<long> PlaceAtAsync(Topic topic, int partition, DateTimeOffset time, CancellationToken cancellation)
    {
        // Times grow with places, so a search by halves finds the border without an index on time.
        var (begin, end, _) = Range(topic, partition);
        while (begin < end)
        {
            var middle = begin + ((end - begin) / 2);
            var (_, at) = await LookAsync(topic, partition, middle, cancellation);
            (begin, end) = at is null || at < time ? (middle + 1, end) : (begin, middle);
        }

        return begin;
    }

    public async Task TrimAsync(Topic topic, int partition, DateTimeOffset before, long bytesMax, long keepFrom, CancellationToken cancellation)
    {
        var (begin, end, bytes) = Range(topic, partition);
        var target = Math.Min(Math.Min(keepFrom, end), await PlaceAtAsync(topic, partition, before, cancellation));
        if (bytes > bytesMax)
        {
            target = Math.Max(target, Math.Min(keepFrom, await PlaceOfBytesAsync(topic, partition, bytes - bytesMax, cancellation)));
        }

        if (target <= begin)
        {
            return;
        }

        var (bytesBefore, _) = target < end ? await LookAsync(topic, partition, target, cancellation) : (TailOf(topic, partition).BytesEnd, null);
        await using var batch = _database.CreateBatch();
        batch.BatchCommands.Add(Command("delete from eventing.events where topic = $1 and partition = $2 and place < $3", topic.Number, partition, target));
        batch.BatchCommands.Add(Command(
            "update eventing.partitions set begins = $3, bytes_before = $4 where topic = $1 and partition = $2", topic.Number, partition, target, bytesBefore ?? 0L));
        await batch.ExecuteNonQueryAsync(cancellation);
        TailOf(topic, partition).Trimmed(target, bytesBefore ?? 0);
    }

    public async Task DropAsync(Topic topic, CancellationToken cancellation)
    {
        await using var batch = _database.CreateBatch();
        foreach (var table in new[] { "events where topic", "seen where topic", "topics where number" })
        {
            batch.BatchCommands.Add(Command($"delete from eventing.{table} = $1", topic.Number));
        }

        await batch.ExecuteNonQueryAsync(cancellation);
        _open.TryRemove(topic.Number, out _);
        for (var partition = 0; partition < topic.Partitions; partition++)
        {
            _tails.TryRemove((topic.Number, partition), out _);
        }
    }

    public async Task<IReadOnlyList<Topic>> ListAsync(CancellationToken cancellation)
    {
        await using var command = _database.CreateCommand("select number, uid, namespace, name, partitions from eventing.topics order by number");
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var topics = new List<Topic>();
        while (await reader.ReadAsync(cancellation))
        {
            topics.Add(new Topic(reader.GetInt32(0), new TopicName(reader.GetString(1), reader.GetString(2), reader.GetString(3)), reader.GetInt32(4)));
        }

        return topics;
    }

    /// <summary>Marks of events that may be sent again only by mistake now.</summary>
    public async Task ForgetSeenAsync(DateTimeOffset before, CancellationToken cancellation)
    {
        await using var command = _database.CreateCommand("delete from eventing.seen where at < $1");
        command.Parameters.AddRange(Values(before.UtcDateTime));
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private LogTail TailOf(Topic topic, int partition) =>
        _tails.GetOrAdd((topic.Number, partition), _ => new LogTail(TailCount, TailBytes));

    private async Task ReloadAsync(CancellationToken cancellation)
    {
        foreach (var topic in _open.Values)
        {
            await LoadAsync(topic, cancellation);
        }
    }

    private async Task LoadAsync(Topic topic, CancellationToken cancellation)
    {
        await using var command = _database.CreateCommand(
            """
            select p.partition, p.begins, p.bytes_before, last.place, last.bytes_before + length(last.attributes) + coalesce(length(last.data), 0)
            from eventing.partitions p left join lateral (
                select * from eventing.events e where e.topic = p.topic and e.partition = p.partition order by e.place desc limit 1) last on true
            where p.topic = $1
            """);
        command.Parameters.AddRange(Values(topic.Number));
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            var (begins, before) = (reader.GetInt64(1), reader.GetInt64(2));
            var empty = await reader.IsDBNullAsync(3, cancellation);
            TailOf(topic, reader.GetInt32(0)).Load(begins, before, empty ? begins : reader.GetInt64(3) + 1, empty ? before : reader.GetInt64(4) + AppendRow.Overhead);
        }
    }

    private async Task<(long? BytesBefore, DateTimeOffset? At)> LookAsync(Topic topic, int partition, long place, CancellationToken cancellation)
    {
        await using var command = _database.CreateCommand("select bytes_before, appended_at from eventing.events where topic = $1 and partition = $2 and place = $3");
        command.Parameters.AddRange(Values(topic.Number, partition, place));
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation) ? (reader.GetInt64(0), reader.GetFieldValue<DateTimeOffset>(1)) : (null, null);
    }

    private async Task<long> PlaceOfBytesAsync(Topic topic, int partition, long surplus, CancellationToken cancellation)
    {
        var (begin, end, _) = Range(topic, partition);
        var (first, _) = await LookAsync(topic, partition, begin, cancellation);
        var border = (first ?? 0) + surplus;
        while (begin < end)
        {
            var middle = begin + ((end - begin) / 2);
            var (bytes, _) = await LookAsync(topic, partition, middle, cancellation);
            (begin, end) = bytes is null || bytes < border ? (middle + 1, end) : (begin, middle);
        }

        return begin;
    }

    private static NpgsqlBatchCommand Command(string sql, params object[] values)
    {
        var command = new NpgsqlBatchCommand(sql);
        command.Parameters.AddRange(Values(values));
        return command;
    }

    private static NpgsqlParameter[] Values(params object[] values) => [.. values.Select(value => new NpgsqlParameter { Value = value })];
}
