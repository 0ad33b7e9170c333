using System.Globalization;
using System.Text.Json.Nodes;
using Npgsql;
using Slipway.Sdk.Database;
using Slipway.Sdk.Problems;

namespace Slipway.Sdk.Auditing;

/// <summary>Who changed what, written in the transaction of the change, append-only and chained by hashes.</summary>
public sealed class AuditTrail
{
    private const int LimitMax = 200;

    private readonly Database.Database _database;
    private readonly AuditChain _chain;
    private readonly TimeProvider _time;

    private readonly AuditExpiry _expiry;

    internal AuditTrail(Database.Database database, AuditChain chain, AuditExpiry expiry, TimeProvider time) =>
        (_database, _chain, _expiry, _time) = (database, chain, expiry, time);

    /// <summary>Secrets and card numbers in the changes are masked; a trail that cannot be corrected must not learn them.</summary>
    public async Task AppendAsync(NpgsqlTransaction transaction, AuditEntry entry, CancellationToken cancellation)
    {
        var now = _time.GetUtcNow();
        await transaction.AtCommitAsync(
            """
            with entry as (
                insert into slipway.audit_entries (id, at, actor_type, actor_id, on_behalf_of, action, target_type, target_id, changes, reason, request_id, trace_id, client_ip)
                values ($1, $2, $3, $4, $5, $6, $7, $8, $9::json, $10, $11, $12, $13)
                returning id)
            insert into slipway.audit_pending (entry_id) select id from entry
            """,
            cancellation,
            Guid.CreateVersion7(now), Microseconds(now), entry.ActorType, entry.ActorId, entry.OnBehalfOf, entry.Action, entry.TargetType, entry.TargetId,
            Write(entry.Changes), entry.Reason, entry.RequestId, entry.TraceId, entry.ClientIp);
        _chain.Wake();
    }

    /// <summary>Newest first, at most 200.</summary>
    public Task<List<AuditRecord>> ListAsync(AuditQuery query, CancellationToken cancellation) => _database.ReadAsync(
        (connection, token) => connection.Command(
            $"""
            select c.seq, {StoredAuditEntry.Columns}
            from slipway.audit_entries e left join slipway.audit_chain c on c.entry_id = e.id
            where ($1::text is null or e.target_type = $1)
              and ($2::text is null or e.target_id = $2)
              and ($3::text is null or e.actor_id = $3)
              and ($4::text is null or e.action = $4)
              and ($5::timestamptz is null or (e.at, e.id) < ($5, $6))
            order by e.at desc, e.id desc
            limit $7
            """,
            query.TargetType, query.TargetId, query.ActorId, query.Action, query.Before?.At, query.Before?.Id ?? Guid.Empty, Math.Clamp(query.Limit, 1, LimitMax))
            .ListAsync(row => Record(row.OrNull<long>(0), AuditChain.Read(row, 1)), token),
        cancellation);

    /// <summary>Looks at every link and says how many there are, or which one does not hold.</summary>
    public async Task<Outcome<long>> VerifyAsync(CancellationToken cancellation)
    {
        while (await _chain.LinkAsync(cancellation) > 0)
        {
            // What was written before this call is part of what it vouches for.
        }

        return await _chain.VerifyAsync(cancellation);
    }

    /// <summary>
    /// Takes out what has been kept as long as it must be and says how much that was. The chain goes on behind a sealed beginning, so what
    /// is left can still be verified. For a daily job.
    /// </summary>
    public Task<Outcome<int>> ExpireAsync(TimeSpan keep, CancellationToken cancellation) => _expiry.ExpireAsync(keep, cancellation);

    private static AuditRecord Record(long? seq, StoredAuditEntry stored) => new(stored.Id, stored.At, seq, new AuditEntry
    {
        ActorType = stored.ActorType,
        ActorId = stored.ActorId,
        OnBehalfOf = stored.OnBehalfOf,
        Action = stored.Action,
        TargetType = stored.TargetType,
        TargetId = stored.TargetId,
        Changes = Read(stored.Changes),
        Reason = stored.Reason,
        RequestId = stored.RequestId,
        TraceId = stored.TraceId,
        ClientIp = stored.ClientIp,
    });

    private static string Write(IReadOnlyList<AuditChange> changes)
    {
        var list = new JsonArray();
        foreach (var change in changes.Select(AuditMask.Apply))
        {
            list.Add((JsonNode)new JsonObject { ["pointer"] = change.Pointer, ["before"] = change.Before, ["after"] = change.After });
        }

        return list.ToJsonString();
    }

    private static List<AuditChange> Read(string text) =>
    [
        .. JsonNode.Parse(text)!.AsArray().Select(change => new AuditChange(
            Convert.ToString(change!["pointer"], CultureInfo.InvariantCulture) ?? "", change["before"]?.DeepClone(), change["after"]?.DeepClone())),
    ];

    /// <summary>What the database can hold; a finer instant would not come back as it was hashed.</summary>
    private static DateTimeOffset Microseconds(DateTimeOffset instant) => new(instant.UtcTicks / TimeSpan.TicksPerMicrosecond * TimeSpan.TicksPerMicrosecond, TimeSpan.Zero);
}
