using Npgsql;
using Slipway.Sdk.Database;
using Slipway.Sdk.Telemetry;

namespace Slipway.Sdk.Messaging;

/// <summary>
/// Events are written in the transaction of the change and sent on afterwards, at least once and in order per key. What nobody would
/// ever take out is not written: events of a topic without a broker (SLIPWAY_EVENTS), others without a sink (K_SINK or EVENT_BUS_URL).
/// </summary>
public sealed class Outbox
{
    private const int LockSpace = 0x51_1B_0B;

    private readonly string _source;
    private readonly EventSinks _sinks;
    private readonly WakeSignal _signal;
    private readonly Traces _traces;
    private readonly TimeProvider _time;

    internal Outbox(string source, EventSinks sinks, WakeSignal signal, Traces traces, TimeProvider time) =>
        (_source, _sinks, _signal, _traces, _time) = (source, sinks, signal, traces, time);

    public async Task AddAsync(NpgsqlTransaction transaction, OutgoingEvent told, CancellationToken cancellation)
    {
        if (!_sinks.Takes(told.Topic))
        {
            return;
        }

        var now = _time.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        var key = told.PartitionKey ?? told.Subject;

        // While it is the current span, so that the event carries its place in the trace to whoever handles it.
        using var span = EventSpans.Publish(_traces, told, id);

        // The lock makes writers of one key take their positions in the order in which they commit.
        await transaction.Command(
            """
            with turn as (select pg_advisory_xact_lock($1, hashtext($2)))
            insert into slipway.outbox (id, partition_key, topic, event) select $3, $2, $5, $4 from turn
            """,
            LockSpace, key, id, CloudEvent.Write(id, _source, told, key, now), told.Topic).ExecuteAsync(cancellation);
        _signal.Wake();
    }
}
