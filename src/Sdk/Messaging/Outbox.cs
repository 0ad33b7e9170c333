using Npgsql;
using Slipway.Sdk.Database;

namespace Slipway.Sdk.Messaging;

/// <summary>
/// Events are written in the transaction of the change and sent on afterwards, at least once and in order per key. Without a
/// sink (K_SINK or EVENT_BUS_URL) nobody would ever take them out, so nothing is written.
/// </summary>
public sealed class Outbox
{
    private const int LockSpace = 0x51_1B_0B;

    private readonly string _source;
    private readonly WakeSignal? _signal;
    private readonly TimeProvider _time;

    internal Outbox(string source, WakeSignal? signal, TimeProvider time) => (_source, _signal, _time) = (source, signal, time);

    public async Task AddAsync(NpgsqlTransaction transaction, OutgoingEvent told, CancellationToken cancellation)
    {
        if (_signal is null)
        {
            return;
        }

        var now = _time.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        var key = told.PartitionKey ?? told.Subject;

        // The lock makes writers of one key take their positions in the order in which they commit.
        await transaction.Command(
            """
            with turn as (select pg_advisory_xact_lock($1, hashtext($2)))
            insert into slipway.outbox (id, partition_key, event) select $3, $2, $4 from turn
            """,
            LockSpace, key, id, CloudEvent.Write(id, _source, told, key, now)).ExecuteAsync(cancellation);
        _signal.Wake();
    }
}
