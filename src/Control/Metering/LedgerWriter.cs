using Npgsql;

namespace Slipway.Control.Metering;

/// <summary>Stores rows and positions. Every row has its id from the start, so storing it again is harmless.</summary>
internal sealed class LedgerWriter(NpgsqlDataSource database)
{
    private const string InsertUsage = """
        insert into metering.usage (id, user_id, namespace, service_id, service, revision, container_id, period_start, period_end,
            cpu_seconds, memory_gib_seconds, storage_bytes, requests, egress_bytes)
        select * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::timestamptz[], $9::timestamptz[],
            $10::float8[], $11::float8[], $12::bigint[], $13::bigint[], $14::bigint[])
        on conflict (id) do nothing
        """;

    private const string InsertMetrics = """
        insert into metering.metrics (id, namespace, service_id, service, period_start, period_end, cpu_seconds, memory_bytes, instances,
            requests, errors, latency_seconds, in_flight)
        select * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::timestamptz[], $7::float8[], $8::bigint[], $9::int[],
            $10::bigint[], $11::bigint[], $12::float8[], $13::int[])
        on conflict (id) do nothing
        """;

    private const string UpsertPositions = """
        insert into metering.positions (key, at, cpu_seconds, memory_bytes, epoch, requests, egress_bytes, errors, latency_seconds)
        select * from unnest($1::text[], $2::timestamptz[], $3::float8[], $4::bigint[], $5::text[], $6::bigint[], $7::bigint[], $8::bigint[], $9::float8[])
        on conflict (key) do update set at = excluded.at, cpu_seconds = excluded.cpu_seconds, memory_bytes = excluded.memory_bytes,
            epoch = excluded.epoch, requests = excluded.requests, egress_bytes = excluded.egress_bytes, errors = excluded.errors,
            latency_seconds = excluded.latency_seconds
        where positions.at < excluded.at
        """;

    /// <summary>Makes the tables where they are missing and reads how far the life before has come.</summary>
    public async Task<IReadOnlyList<MeterPosition>> OpenAsync(CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await MeterTables.EnsureAsync(connection, cancellation);
        await using var command = new NpgsqlCommand(
            "select key, at, cpu_seconds, memory_bytes, epoch, requests, egress_bytes, errors, latency_seconds from metering.positions", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var positions = new List<MeterPosition>();
        while (await reader.ReadAsync(cancellation))
        {
            positions.Add(new MeterPosition(
                reader.GetString(0), reader.GetFieldValue<DateTimeOffset>(1), reader.GetDouble(2), reader.GetInt64(3), reader.GetString(4),
                reader.GetInt64(5), reader.GetInt64(6), reader.GetInt64(7), reader.GetDouble(8)));
        }

        return positions;
    }

    /// <summary>All of it or nothing.</summary>
    public async Task StoreAsync(IReadOnlyList<UsageSample> usage, IReadOnlyList<MetricSample> metrics, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await using var batch = new NpgsqlBatch(connection, transaction);
        if (usage.Count > 0)
        {
            batch.BatchCommands.Add(Usage([.. usage.Select(sample => sample.Row)]));
        }

        if (metrics.Count > 0)
        {
            batch.BatchCommands.Add(Metrics(metrics));
        }

        // One statement may touch a row once only, so of each key the furthest position is kept.
        batch.BatchCommands.Add(Positions([.. usage.SelectMany(sample => sample.Ends)
            .Concat(metrics.Select(sample => sample.End).OfType<MeterPosition>())
            .GroupBy(position => position.Key)
            .Select(same => same.MaxBy(position => position.At)!)]));
        await batch.ExecuteNonQueryAsync(cancellation);
        await transaction.CommitAsync(cancellation);
    }

    public async Task ForgetAsync(DateTimeOffset before, CancellationToken cancellation)
    {
        await using var batch = database.CreateBatch();
        foreach (var (table, column) in new[] { ("usage", "period_end"), ("metrics", "period_end"), ("positions", "at") })
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand($"delete from metering.{table} where {column} < $1") { Parameters = { new() { Value = before.UtcDateTime } } });
        }

        await batch.ExecuteNonQueryAsync(cancellation);
    }

    private static NpgsqlBatchCommand Usage(UsageRow[] rows) => Command(
        InsertUsage,
        rows.Select(row => row.Id).ToArray(),
        rows.Select(row => row.UserId).ToArray(),
        rows.Select(row => row.Namespace).ToArray(),
        rows.Select(row => row.ServiceId).ToArray(),
        rows.Select(row => row.Service).ToArray(),
        rows.Select(row => row.Revision).ToArray(),
        rows.Select(row => row.ContainerId).ToArray(),
        rows.Select(row => row.PeriodStart.UtcDateTime).ToArray(),
        rows.Select(row => row.PeriodEnd.UtcDateTime).ToArray(),
        rows.Select(row => row.CpuVcpuSeconds).ToArray(),
        rows.Select(row => row.MemoryGibSeconds).ToArray(),
        rows.Select(row => row.StorageBytes).ToArray(),
        rows.Select(row => row.Requests).ToArray(),
        rows.Select(row => row.EgressBytes).ToArray());

    private static NpgsqlBatchCommand Metrics(IReadOnlyList<MetricSample> rows) => Command(
        InsertMetrics,
        rows.Select(row => row.Id).ToArray(),
        rows.Select(row => row.Namespace).ToArray(),
        rows.Select(row => row.ServiceId).ToArray(),
        rows.Select(row => row.Service).ToArray(),
        rows.Select(row => row.PeriodStart.UtcDateTime).ToArray(),
        rows.Select(row => row.PeriodEnd.UtcDateTime).ToArray(),
        rows.Select(row => row.CpuSeconds).ToArray(),
        rows.Select(row => row.MemoryBytes).ToArray(),
        rows.Select(row => row.Instances).ToArray(),
        rows.Select(row => row.Requests).ToArray(),
        rows.Select(row => row.Errors).ToArray(),
        rows.Select(row => row.LatencySeconds).ToArray(),
        rows.Select(row => row.InFlight).ToArray());

    private static NpgsqlBatchCommand Positions(MeterPosition[] rows) => Command(
        UpsertPositions,
        rows.Select(row => row.Key).ToArray(),
        rows.Select(row => row.At.UtcDateTime).ToArray(),
        rows.Select(row => row.CpuSeconds).ToArray(),
        rows.Select(row => row.MemoryBytes).ToArray(),
        rows.Select(row => row.Epoch).ToArray(),
        rows.Select(row => row.Requests).ToArray(),
        rows.Select(row => row.EgressBytes).ToArray(),
        rows.Select(row => row.Errors).ToArray(),
        rows.Select(row => row.LatencySeconds).ToArray());

    private static NpgsqlBatchCommand Command(string sql, params object[] columns)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var column in columns)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = column });
        }

        return command;
    }
}
