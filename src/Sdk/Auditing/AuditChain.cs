using System.Text.Json.Nodes;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Slipway.Sdk.Database;
using Slipway.Sdk.Problems;

namespace Slipway.Sdk.Auditing;

/// <summary>
/// Links what was written since it last looked, a moment after it was written. One runner at a time does so, whichever of the
/// service's instances comes first.
/// </summary>
internal sealed partial class AuditChain(Database.Database database, byte[]? key, TimeProvider time, ILogger<AuditChain> logger) : BackgroundService
{
    internal const long Lock = 0x51_1B_3A_7E_5C_4E_0D_02;
    private const int BatchMax = 500;
    private const int PageMax = 1000;

    private static readonly TimeSpan s_gather = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(30);

    private readonly WakeSignal _signal = new();

    /// <summary>Something was written, or is about to be committed.</summary>
    public void Wake() => _signal.Wake();

    /// <summary>Links one batch and says how large it was.</summary>
    public Task<int> LinkAsync(CancellationToken cancellation) => database.WriteAsync(
        async (transaction, token) =>
        {
            await transaction.Command("select pg_advisory_xact_lock($1)", Lock).ExecuteAsync(token);
            var last = await transaction.Command("select seq, hash from slipway.audit_chain order by seq desc limit 1")
                .OneAsync(row => (Seq: row.GetInt64(0), Hash: row.GetFieldValue<byte[]>(1)), token);
            var pending = await transaction.Command(
                $"select {StoredAuditEntry.Columns} from slipway.audit_pending p join slipway.audit_entries e on e.id = p.entry_id order by e.at, e.id limit {BatchMax}")
                .ListAsync(row => Read(row, 0), token);
            if (pending.Count == 0)
            {
                return 0;
            }

            var (seqs, hashes) = (new long[pending.Count], new byte[pending.Count][]);
            var (seq, hash) = (last.Seq, last.Hash ?? AuditHash.First);
            for (var i = 0; i < pending.Count; i++)
            {
                hash = AuditHash.Of(key, hash, ++seq, pending[i]);
                (seqs[i], hashes[i]) = (seq, hash);
            }

            var ids = pending.ConvertAll(entry => entry.Id).ToArray();
            await transaction.Command("insert into slipway.audit_chain (seq, entry_id, hash) select * from unnest($1::bigint[], $2::uuid[], $3::bytea[])", seqs, ids, hashes).ExecuteAsync(token);
            await transaction.Command("delete from slipway.audit_pending where entry_id = any($1)", ids).ExecuteAsync(token);
            return pending.Count;
        },
        cancellation);

    public async Task<Outcome<long>> VerifyAsync(CancellationToken cancellation)
    {
        if (!(await database.ReadAsync((connection, token) => AuditAnchor.ReadAsync(connection, key, token), cancellation)).Is(out var at, out var moved))
        {
            return moved;
        }

        while (true)
        {
            var after = at.Seq;
            var page = await database.ReadAsync(
                (connection, token) => connection.Command(
                    $"select c.seq, c.hash, {StoredAuditEntry.Columns} from slipway.audit_chain c left join slipway.audit_entries e on e.id = c.entry_id where c.seq > $1 order by c.seq limit {PageMax}",
                    after).ListAsync(row => new AuditLink(row.GetInt64(0), row.GetFieldValue<byte[]>(1), row.IsDBNull(2) ? null : Read(row, 2)), token),
                cancellation);
            foreach (var link in page)
            {
                if (!link.Follows(at, key))
                {
                    return Broken(at.Seq + 1);
                }

                at = new AuditAnchor(link.Seq, link.Hash);
            }

            if (page.Count < PageMax)
            {
                return await LooseAsync(cancellation) is { } loose ? loose : at.Seq;
            }
        }
    }

    public static StoredAuditEntry Read(NpgsqlDataReader row, int first) => new(
        row.GetGuid(first),
        row.GetFieldValue<DateTimeOffset>(first + 1),
        row.GetString(first + 2),
        row.GetString(first + 3),
        row.TextOrNull(first + 4),
        row.GetString(first + 5),
        row.GetString(first + 6),
        row.GetString(first + 7),
        row.GetString(first + 8),
        row.TextOrNull(first + 9),
        row.TextOrNull(first + 10),
        row.TextOrNull(first + 11),
        row.TextOrNull(first + 12));

    public override void Dispose()
    {
        _signal.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await _signal.WaitAsync(s_look, stoppingToken);
                await Task.Delay(s_gather, time, stoppingToken);
                var linked = 0;
                for (int batch; (batch = await LinkAsync(stoppingToken)) > 0;)
                {
                    linked += batch;
                }

                if (linked > 0)
                {
                    LogLinked(logger, linked);
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                // Nothing is lost by waiting: what is pending stays pending.
                LogFailed(logger, exception);
            }
        }
    }

    /// <summary>An entry that is neither linked nor waiting to be was smuggled in, or taken out of the chain's end.</summary>
    private async Task<Problem?> LooseAsync(CancellationToken cancellation)
    {
        var loose = await database.ReadAsync(
            (connection, token) => connection.Command(
                """
                select e.id from slipway.audit_entries e
                where not exists (select from slipway.audit_chain c where c.entry_id = e.id) and not exists (select from slipway.audit_pending p where p.entry_id = e.id)
                limit 1
                """).OneAsync(row => (Guid?)row.GetGuid(0), token),
            cancellation);
        return loose is null ? null : new Problem(500, "auditChainBroken", "The audit trail was tampered with", $"The entry {loose} is not part of the chain.") { Args = new JsonObject { ["entryId"] = loose.ToString() } };
    }

    internal static Problem Broken(long seq) => new(500, "auditChainBroken", "The audit trail was tampered with", $"The chain does not hold at link {seq}.")
    {
        Args = new JsonObject { ["seq"] = seq },
    };

    [LoggerMessage(EventId = 8201, Level = LogLevel.Debug, Message = "Linked {Count} audit entries")]
    private static partial void LogLinked(ILogger logger, int count);

    [LoggerMessage(EventId = 8202, Level = LogLevel.Warning, Message = "Audit entries could not be linked; tried again later")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
