using System.Text.Json.Nodes;
using Npgsql;
using Slipway.Sdk.Database;
using Slipway.Sdk.Problems;

namespace Slipway.Sdk.Auditing;

/// <summary>Where the chain begins: at nothing, or behind the last link that expired.</summary>
internal sealed record AuditAnchor(long Seq, byte[] Hash)
{
    public static AuditAnchor First { get; } = new(0, AuditHash.First);

    /// <summary>A problem if somebody moved the beginning who does not have the key.</summary>
    public static async Task<Outcome<AuditAnchor>> ReadAsync(NpgsqlConnection connection, byte[]? key, CancellationToken cancellation)
    {
        var stored = await connection.Command("select seq, hash, seal from slipway.audit_anchors order by seq desc limit 1")
            .ListAsync(row => (Anchor: new AuditAnchor(row.GetInt64(0), row.GetFieldValue<byte[]>(1)), Seal: row.GetFieldValue<byte[]>(2)), cancellation);
        return stored.Count == 0 ? First
            : AuditHash.OfAnchor(key, stored[0].Anchor).AsSpan().SequenceEqual(stored[0].Seal) ? stored[0].Anchor
            : new Problem(500, "auditChainBroken", "The audit trail was tampered with", $"The beginning of the chain at link {stored[0].Anchor.Seq} does not hold.")
            {
                Args = new JsonObject { ["seq"] = stored[0].Anchor.Seq },
            };
    }
}

/// <summary>
/// Takes out entries that have been kept as long as they must be: only from the old end, only what the chain vouches for, and never the
/// last link. Killed in the middle, the rest goes the next time.
/// </summary>
internal sealed class AuditExpiry(Database.Database database, byte[]? key, TimeProvider time)
{
    private const int BatchMax = 500;

    /// <summary>How many entries went, or why the chain does not hold where they would have gone.</summary>
    public async Task<Outcome<int>> ExpireAsync(TimeSpan keep, CancellationToken cancellation)
    {
        var gone = 0;
        while (true)
        {
            var helping = await database.WriteAsync((transaction, c) => HelpingAsync(transaction, time.GetUtcNow() - keep, c), cancellation);
            if (!helping.Is(out var count, out var broken))
            {
                return broken;
            }

            gone += count;
            if (count < BatchMax)
            {
                return gone;
            }
        }
    }

    private async Task<Outcome<int>> HelpingAsync(NpgsqlTransaction transaction, DateTimeOffset before, CancellationToken cancellation)
    {
        await transaction.Command("select pg_advisory_xact_lock($1)", AuditChain.Lock).ExecuteAsync(cancellation);
        if (!(await AuditAnchor.ReadAsync(transaction.Connection!, key, cancellation)).Is(out var anchor, out var moved))
        {
            return moved;
        }

        var links = await transaction.Command(
            $"""
            select c.seq, c.hash, {StoredAuditEntry.Columns} from slipway.audit_chain c left join slipway.audit_entries e on e.id = c.entry_id
            where c.seq < (select max(seq) from slipway.audit_chain) order by c.seq limit {BatchMax}
            """).ListAsync(row => new AuditLink(row.GetInt64(0), row.GetFieldValue<byte[]>(1), row.IsDBNull(2) ? null : AuditChain.Read(row, 2)), cancellation);
        var ids = new List<Guid>(links.Count);
        foreach (var link in links.TakeWhile(link => link.Entry is null || link.Entry.At < before))
        {
            if (!link.Follows(anchor, key))
            {
                return AuditChain.Broken(anchor.Seq + 1);
            }

            ids.Add(link.Entry!.Id);
            anchor = new AuditAnchor(link.Seq, link.Hash);
        }

        if (ids.Count > 0)
        {
            await transaction.Command("select set_config('slipway.audit_expiry', 'on', true)").ExecuteAsync(cancellation);
            await transaction.Command("delete from slipway.audit_chain where seq <= $1", anchor.Seq).ExecuteAsync(cancellation);
            await transaction.Command("delete from slipway.audit_entries where id = any($1)", ids.ToArray()).ExecuteAsync(cancellation);
            await transaction.Command("select set_config('slipway.audit_expiry', '', true)").ExecuteAsync(cancellation);
            await transaction.Command(
                "insert into slipway.audit_anchors (seq, hash, seal, entries, expired_at) values ($1, $2, $3, $4, $5)",
                anchor.Seq, anchor.Hash, AuditHash.OfAnchor(key, anchor), (long)ids.Count, time.GetUtcNow()).ExecuteAsync(cancellation);
        }

        return ids.Count;
    }
}

/// <summary>A link as it is stored, with its entry if that is there.</summary>
internal sealed record AuditLink(long Seq, byte[] Hash, StoredAuditEntry? Entry)
{
    public bool Follows(AuditAnchor before, byte[]? key) =>
        Seq == before.Seq + 1 && Entry is not null && Hash.AsSpan().SequenceEqual(AuditHash.Of(key, before.Hash, Seq, Entry));
}
