using Npgsql;
using Slipway.Sdk.Database;
using Todo.Monitor.Incidents;
using Todo.Monitor.Probing;

namespace Todo.Monitor.History;

/// <summary>Writes what a check saw: all of it or nothing, with the incidents that follow from it.</summary>
internal sealed class HistoryWriter(Database database, TimeProvider time)
{
    public Task WriteAsync(DateTimeOffset checkedAt, IReadOnlyList<ProbeResult> results, CancellationToken cancellation) => database.WriteAsync(
        async (transaction, token) =>
        {
            // In one order for everybody, so that two checks at once wait for each other instead of colliding.
            foreach (var result in results.OrderBy(result => result.Name, StringComparer.Ordinal))
            {
                await WriteAsync(transaction, checkedAt, result, token);
            }
        },
        cancellation);

    private async Task WriteAsync(NpgsqlTransaction transaction, DateTimeOffset checkedAt, ProbeResult result, CancellationToken cancellation)
    {
        var trail = await TrailAsync(transaction, result.Name, cancellation);
        var (next, step) = IncidentDecider.Decide(trail, new(checkedAt, result.Status, result.Error));
        await transaction.Command(
            """
            insert into checks (service, minute, status, latency_ms, error) values ($1, date_trunc('minute', $2::timestamptz), $3, $4::integer, $5::text)
            on conflict (service, minute) do update set status = excluded.status, latency_ms = excluded.latency_ms, error = excluded.error
            """,
            result.Name, checkedAt, result.Status, result.LatencyMs, result.Error).ExecuteAsync(cancellation);
        if (next.LastAt != checkedAt)
        {
            return;
        }

        await transaction.Command(
            """
            insert into trails (service, failures, successes, failing_since, recovering_since, incident_open, last_at, last_status, last_latency_ms, last_error, url)
            values ($1, $2, $3, $4::timestamptz, $5::timestamptz, $6, $7, $8, $9::integer, $10::text, $11)
            on conflict (service) do update set failures = excluded.failures, successes = excluded.successes, failing_since = excluded.failing_since,
                recovering_since = excluded.recovering_since, incident_open = excluded.incident_open, last_at = excluded.last_at,
                last_status = excluded.last_status, last_latency_ms = excluded.last_latency_ms, last_error = excluded.last_error, url = excluded.url
            """,
            result.Name, next.Failures, next.Successes, next.FailingSince, next.RecoveringSince, next.IncidentOpen, checkedAt, result.Status, result.LatencyMs, result.Error, result.Url)
            .ExecuteAsync(cancellation);
        await ActAsync(transaction, result.Name, step, cancellation);
    }

    private async Task ActAsync(NpgsqlTransaction transaction, string service, IncidentStep? step, CancellationToken cancellation)
    {
        switch (step)
        {
            case IncidentStep.Open open:
                await transaction.Command(
                    "insert into incidents (id, service, started_at, cause) values ($1, $2, $3, $4)",
                    Guid.CreateVersion7(time.GetUtcNow()), service, open.StartedAt, open.Cause).ExecuteAsync(cancellation);
                break;
            case IncidentStep.Close close:
                await transaction.Command(
                    "update incidents set ended_at = $2 where service = $1 and ended_at is null", service, close.EndedAt).ExecuteAsync(cancellation);
                break;
        }
    }

    /// <summary>Locked until the transaction ends, so that two checks at once decide one after the other.</summary>
    private static async Task<Trail> TrailAsync(NpgsqlTransaction transaction, string service, CancellationToken cancellation)
    {
        await transaction.Command("select pg_advisory_xact_lock(hashtextextended($1, 0))", service).ExecuteAsync(cancellation);
        return await transaction.Command(
            "select failures, successes, failing_since, recovering_since, incident_open, last_at from trails where service = $1", service)
            .OneAsync(
                row => new Trail
                {
                    Failures = row.GetInt32(0),
                    Successes = row.GetInt32(1),
                    FailingSince = row.OrNull<DateTimeOffset>(2),
                    RecoveringSince = row.OrNull<DateTimeOffset>(3),
                    IncidentOpen = row.GetBoolean(4),
                    LastAt = row.GetFieldValue<DateTimeOffset>(5),
                },
                cancellation) ?? Trail.New;
    }
}
