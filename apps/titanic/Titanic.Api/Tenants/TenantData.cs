using System.Diagnostics.Metrics;
using Npgsql;
using Slipway.Sdk.Database;

namespace Titanic.Api.Tenants;

/// <summary>
/// Reads as one tenant. The name of the tenant travels in front of the questions, in the same journey and the same transaction, so a
/// connection that goes back to the pool shows nothing to anybody.
/// </summary>
internal sealed class TenantData
{
    public const string Choose = "select set_config('app.tenant', $1, true)";

    private readonly Database _database;
    private readonly TimeProvider _time;
    private readonly Histogram<double> _durations;

    public TenantData(Database database, TimeProvider time, Meter meter)
    {
        (_database, _time) = (database, time);
        _durations = meter.CreateHistogram<double>("db.query.duration", "s", "Time of one call of the database, waiting for a connection included.");
    }

    /// <summary>Asks everything at once. The reader stands before the rows of the first question; NextResultAsync leads to the second.</summary>
    public async Task<T> ReadAsync<T>(
        Tenant tenant, string name, IReadOnlyList<Question> questions, Func<NpgsqlDataReader, CancellationToken, Task<T>> read, CancellationToken cancellation)
    {
        var began = _time.GetTimestamp();
        try
        {
            return await _database.ReadAsync(
                async (connection, token) =>
                {
                    await using var batch = new NpgsqlBatch(connection);
                    Add(batch, Choose, tenant.Name);
                    foreach (var question in questions)
                    {
                        Add(batch, question.Sql, question.Values);
                    }

                    await using var reader = await batch.ExecuteReaderAsync(token);
                    await reader.NextResultAsync(token);
                    return await read(reader, token);
                },
                cancellation);
        }
        finally
        {
            _durations.Record(_time.GetElapsedTime(began).TotalSeconds, new KeyValuePair<string, object?>("query", name));
        }
    }

    public Task<List<T>> ListAsync<T>(Tenant tenant, string name, Question question, Func<NpgsqlDataReader, T> read, CancellationToken cancellation) =>
        ReadAsync(tenant, name, [question], (reader, token) => RowsAsync(reader, read, token), cancellation);

    public Task<T?> OneAsync<T>(Tenant tenant, string name, Question question, Func<NpgsqlDataReader, T> read, CancellationToken cancellation) =>
        ReadAsync(tenant, name, [question], async (reader, token) => await reader.ReadAsync(token) ? read(reader) : default, cancellation);

    public static async Task<List<T>> RowsAsync<T>(NpgsqlDataReader reader, Func<NpgsqlDataReader, T> read, CancellationToken cancellation)
    {
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellation))
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    /// <summary>For a transaction: everything in it is this tenant's.</summary>
    public static Task ChooseAsync(NpgsqlTransaction transaction, Tenant tenant, CancellationToken cancellation) =>
        transaction.Command(Choose, tenant.Name).ExecuteAsync(cancellation);

    private static void Add(NpgsqlBatch batch, string sql, params object?[] values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value });
        }

        batch.BatchCommands.Add(command);
    }
}
