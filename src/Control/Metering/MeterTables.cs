using Npgsql;

namespace Slipway.Control.Metering;

/// <summary>The tables of the meter, in a schema of their own. Making them twice, also at the same time, is harmless.</summary>
internal static class MeterTables
{
    /// <summary>Any number will do as long as nobody else locks by it.</summary>
    private const long LockId = 0x736c69704d657465;

    private const string Definition = """
        create schema if not exists metering;
        create table if not exists metering.usage (
            id uuid primary key,
            user_id text not null,
            namespace text not null,
            service_id text not null,
            service text not null,
            revision text not null,
            container_id text not null,
            period_start timestamptz not null,
            period_end timestamptz not null,
            cpu_seconds double precision not null,
            memory_gib_seconds double precision not null,
            storage_bytes bigint not null,
            requests bigint not null,
            egress_bytes bigint not null,
            check (period_start < period_end));
        create index if not exists usage_by_time on metering.usage (period_end, id);
        create index if not exists usage_by_user on metering.usage (user_id, period_end, id);
        create index if not exists usage_by_service on metering.usage (service_id, period_end, id);
        create index if not exists usage_by_container on metering.usage (container_id, period_end, id);
        create table if not exists metering.metrics (
            id uuid primary key,
            namespace text not null,
            service_id text not null,
            service text not null,
            period_start timestamptz not null,
            period_end timestamptz not null,
            cpu_seconds double precision not null,
            memory_bytes bigint not null,
            instances integer not null,
            requests bigint not null,
            errors bigint not null,
            latency_seconds double precision not null,
            in_flight integer not null);
        create index if not exists metrics_by_time on metering.metrics (period_end, id);
        create index if not exists metrics_by_service on metering.metrics (service_id, period_end, id);
        create table if not exists metering.positions (
            key text primary key,
            at timestamptz not null,
            cpu_seconds double precision not null,
            memory_bytes bigint not null,
            epoch text not null,
            requests bigint not null,
            egress_bytes bigint not null,
            errors bigint not null,
            latency_seconds double precision not null);
        """;

    public static async Task EnsureAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await using (var gate = new NpgsqlCommand("select pg_advisory_xact_lock($1)", connection, transaction) { Parameters = { new() { Value = LockId } } })
        {
            await gate.ExecuteNonQueryAsync(cancellation);
        }

        await using (var tables = new NpgsqlCommand(Definition, connection, transaction))
        {
            await tables.ExecuteNonQueryAsync(cancellation);
        }

        await transaction.CommitAsync(cancellation);
    }
}
