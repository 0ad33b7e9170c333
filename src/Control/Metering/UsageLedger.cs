using System.Globalization;
using Npgsql;
using Slipway.Model.Failures;

namespace Slipway.Control.Metering;

/// <summary>Answers questions about stored rows.</summary>
public sealed class UsageLedger(NpgsqlDataSource database, MeterSettings settings, TimeProvider time) : IUsageLedger
{
    private const string NoSuchTable = "42P01";

    public Task<Outcome<IReadOnlyList<UsageRow>>> QueryAsync(UsageQuery query, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(query);
        var question = new Question();
        question.Equal("user_id", query.UserId);
        question.Equal("namespace", query.Namespace);
        question.Equal("service_id", query.ServiceId);
        question.Equal("service", query.Service);
        question.Equal("container_id", query.ContainerId);
        question.Within(query.From, query.To, query.After);
        return ReadAsync(
            $"select id, user_id, namespace, service_id, service, revision, container_id, period_start, period_end, cpu_seconds, memory_gib_seconds, storage_bytes, requests, egress_bytes from metering.usage{question.Text(query.Limit)}",
            question,
            reader => new UsageRow(
                reader.GetGuid(0), reader.GetString(1), reader.GetString(2), reader.GetString(3), reader.GetString(4), reader.GetString(5), reader.GetString(6),
                reader.GetFieldValue<DateTimeOffset>(7), reader.GetFieldValue<DateTimeOffset>(8), reader.GetDouble(9), reader.GetDouble(10),
                reader.GetInt64(11), reader.GetInt64(12), reader.GetInt64(13)),
            cancellation);
    }

    public Task<Outcome<IReadOnlyList<MetricRow>>> MetricsAsync(MetricsQuery query, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(query);
        var question = new Question();
        question.Equal("namespace", query.Namespace);
        question.Equal("service_id", query.ServiceId);
        question.Equal("service", query.Service);
        question.Within(query.From, query.To, query.After);
        return ReadAsync(
            $"select id, namespace, service_id, service, period_start, period_end, cpu_seconds, memory_bytes, instances, requests, errors, latency_seconds, in_flight from metering.metrics{question.Text(query.Limit)}",
            question,
            Metric,
            cancellation);
    }

    private static MetricRow Metric(NpgsqlDataReader reader)
    {
        var (start, end) = (reader.GetFieldValue<DateTimeOffset>(4), reader.GetFieldValue<DateTimeOffset>(5));
        var requests = reader.GetInt64(9);
        return new MetricRow(
            reader.GetGuid(0), reader.GetString(1), reader.GetString(2), reader.GetString(3), start, end,
            reader.GetDouble(6) / Math.Max((end - start).TotalSeconds, 1e-3), reader.GetInt64(7), reader.GetInt32(8),
            requests, reader.GetInt64(10), requests == 0 ? null : reader.GetDouble(11) / requests, reader.GetInt32(12));
    }

    private async Task<Outcome<IReadOnlyList<T>>> ReadAsync<T>(string sql, Question question, Func<NpgsqlDataReader, T> read, CancellationToken cancellation)
    {
        using var patience = new CancellationTokenSource(settings.DatabaseTimeout, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation, patience.Token);
        try
        {
            await using var command = database.CreateCommand(sql);
            foreach (var value in question.Values)
            {
                command.Parameters.Add(new NpgsqlParameter { Value = value });
            }

            await using var reader = await command.ExecuteReaderAsync(limit.Token);
            var rows = new List<T>();
            while (await reader.ReadAsync(limit.Token))
            {
                rows.Add(read(reader));
            }

            return rows;
        }
        catch (PostgresException missing) when (missing.SqlState == NoSuchTable)
        {
            // Nothing was ever measured here.
            return new List<T>();
        }
        catch (Exception failed) when (failed is NpgsqlException or TimeoutException || (failed is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return new Failure(FailureKind.Unavailable, "ledger-unavailable", "The usage ledger does not answer now; ask again in a moment.");
        }
    }

    /// <summary>The conditions of one question, with their values kept apart from the text.</summary>
    private sealed class Question
    {
        private readonly List<string> _conditions = [];

        public List<object> Values { get; } = [];

        public void Equal(string column, string? value)
        {
            if (value is not null)
            {
                _conditions.Add($"{column} = {Place(value)}");
            }
        }

        public void Within(DateTimeOffset? from, DateTimeOffset? to, RowPosition? after)
        {
            if (from is { } earliest)
            {
                _conditions.Add($"period_end > {Place(earliest.UtcDateTime)}");
            }

            if (to is { } latest)
            {
                _conditions.Add($"period_start < {Place(latest.UtcDateTime)}");
            }

            if (after is not null)
            {
                _conditions.Add($"(period_end, id) > ({Place(after.At.UtcDateTime)}, {Place(after.Id)})");
            }
        }

        public string Text(int limit) => string.Create(
            CultureInfo.InvariantCulture,
            $"{(_conditions.Count == 0 ? "" : " where " + string.Join(" and ", _conditions))} order by period_end, id limit {limit}");

        private string Place(object value)
        {
            Values.Add(value);
            return string.Create(CultureInfo.InvariantCulture, $"${Values.Count}");
        }
    }
}
