using Npgsql;
using NpgsqlTypes;

namespace Slipway.Eventing.Log;

/// <summary>One round trip and one commit for a whole group of events, on a connection that stays open.</summary>
internal sealed class AppendStatement : IAsyncDisposable
{
    private const string Seen = "insert into eventing.seen (topic, mark, at) select t, m, $3 from unnest($1, $2) as new (t, m)";

    private const string Events = """
        insert into eventing.events (topic, partition, place, appended_at, bytes_before, key, attributes, data)
        select t, p, n, $8, b, k, a, d from unnest($1, $2, $3, $4, $5, $6, $7) as new (t, p, n, b, k, a, d)
        """;

    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlBatch _batch;
    private readonly NpgsqlParameter<int[]> _seenTopics = Of<int[]>(NpgsqlDbType.Integer | NpgsqlDbType.Array);
    private readonly NpgsqlParameter<Guid[]> _marks = Of<Guid[]>(NpgsqlDbType.Uuid | NpgsqlDbType.Array);
    private readonly NpgsqlParameter<DateTime> _seenAt = Of<DateTime>(NpgsqlDbType.TimestampTz);
    private readonly NpgsqlParameter<int[]> _topics = Of<int[]>(NpgsqlDbType.Integer | NpgsqlDbType.Array);
    private readonly NpgsqlParameter<int[]> _partitions = Of<int[]>(NpgsqlDbType.Integer | NpgsqlDbType.Array);
    private readonly NpgsqlParameter<long[]> _places = Of<long[]>(NpgsqlDbType.Bigint | NpgsqlDbType.Array);
    private readonly NpgsqlParameter<long[]> _bytes = Of<long[]>(NpgsqlDbType.Bigint | NpgsqlDbType.Array);
    private readonly NpgsqlParameter<string[]> _keys = Of<string[]>(NpgsqlDbType.Text | NpgsqlDbType.Array);
    private readonly NpgsqlParameter<byte[][]> _attributes = Of<byte[][]>(NpgsqlDbType.Bytea | NpgsqlDbType.Array);
    private readonly NpgsqlParameter<byte[]?[]> _data = Of<byte[]?[]>(NpgsqlDbType.Bytea | NpgsqlDbType.Array);
    private readonly NpgsqlParameter<DateTime> _at = Of<DateTime>(NpgsqlDbType.TimestampTz);

    private AppendStatement(NpgsqlConnection connection)
    {
        _connection = connection;
        _batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new NpgsqlBatchCommand(Seen) { Parameters = { _seenTopics, _marks, _seenAt } },
                new NpgsqlBatchCommand(Events) { Parameters = { _topics, _partitions, _places, _bytes, _keys, _attributes, _data, _at } },
            },
        };
    }

    public static async Task<AppendStatement> OpenAsync(NpgsqlDataSource database, CancellationToken cancellation)
    {
        var connection = await database.OpenConnectionAsync(cancellation);
        var statement = new AppendStatement(connection);
        try
        {
            await statement._batch.PrepareAsync(cancellation);
            return statement;
        }
        catch
        {
            await statement.DisposeAsync();
            throw;
        }
    }

    /// <summary>All rows or none. A row that was seen before fails the whole with a unique violation.</summary>
    public async Task ExecuteAsync(IReadOnlyList<AppendRow> rows, DateTimeOffset at, CancellationToken cancellation)
    {
        var count = rows.Count;
        var (topics, partitions, places, bytes) = (new int[count], new int[count], new long[count], new long[count]);
        var (keys, marks, attributes, data) = (new string[count], new Guid[count], new byte[count][], new byte[]?[count]);
        for (var index = 0; index < count; index++)
        {
            var row = rows[index];
            (topics[index], partitions[index], places[index], bytes[index]) = (row.Topic.Number, row.Partition, row.Place, row.BytesBefore);
            (keys[index], marks[index], attributes[index], data[index]) = (row.Key, row.Mark, row.Attributes, row.Event.Data?.ToArray());
        }

        (_seenTopics.TypedValue, _marks.TypedValue, _seenAt.TypedValue) = (topics, marks, at.UtcDateTime);
        (_topics.TypedValue, _partitions.TypedValue, _places.TypedValue, _bytes.TypedValue) = (topics, partitions, places, bytes);
        (_keys.TypedValue, _attributes.TypedValue, _data.TypedValue, _at.TypedValue) = (keys, attributes, data, at.UtcDateTime);
        await _batch.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Which of the rows were seen before.</summary>
    public async Task<HashSet<(int Topic, Guid Mark)>> SeenAsync(IReadOnlyList<AppendRow> rows, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            "select s.topic, s.mark from unnest($1, $2) as asked (t, m) join eventing.seen s on s.topic = asked.t and s.mark = asked.m", _connection)
        {
            Parameters =
            {
                new NpgsqlParameter<int[]> { TypedValue = [.. rows.Select(row => row.Topic.Number)] },
                new NpgsqlParameter<Guid[]> { TypedValue = [.. rows.Select(row => row.Mark)] },
            },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var seen = new HashSet<(int, Guid)>();
        while (await reader.ReadAsync(cancellation))
        {
            seen.Add((reader.GetInt32(0), reader.GetGuid(1)));
        }

        return seen;
    }

    public async ValueTask DisposeAsync()
    {
        await _batch.DisposeAsync();
        await _connection.DisposeAsync();
    }

    private static NpgsqlParameter<T> Of<T>(NpgsqlDbType type) => new() { NpgsqlDbType = type };
}
