using Npgsql;
using Slipway.Sdk.Auditing;
using Slipway.Sdk.Database;

namespace Slipway.Identity.Administration;

/// <summary>Whose activity is asked for; null restricts nothing.</summary>
internal sealed record ActivityQuestion(Guid? Person, string? Action, (DateTimeOffset At, Guid Id)? Before, int Most);

/// <summary>
/// The audit trail and the history of sign-ins as one list, newest first. Somebody's own activity is what they did and what was done to
/// their account.
/// </summary>
internal sealed class ActivityReader(Database database, AuditTrail trail)
{
    public const string SignedIn = "session.signedIn";

    public async Task<List<ActivityView>> ReadAsync(ActivityQuestion question, CancellationToken cancellation)
    {
        var query = new AuditQuery { Action = question.Action, Before = question.Before, Limit = question.Most };
        var person = question.Person?.ToString();
        var records = await trail.ListAsync(query with { ActorId = person }, cancellation);
        if (person is not null)
        {
            records.AddRange(await trail.ListAsync(query with { TargetType = "account", TargetId = person }, cancellation));
        }

        var items = records.Select(View).ToList();
        if (question.Action is null or SignedIn)
        {
            items.AddRange(await database.ReadAsync((connection, c) => SignInsAsync(connection, question, c), cancellation));
        }

        return [.. items.DistinctBy(item => item.Id).OrderByDescending(item => item.At).ThenByDescending(item => item.Id, BytewiseIds.Order).Take(question.Most)];
    }

    private static Task<List<ActivityView>> SignInsAsync(NpgsqlConnection connection, ActivityQuestion question, CancellationToken cancellation) => connection.Command(
        """
        select id, at, user_id, client_id, network from login_events
        where ($1::uuid is null or user_id = $1) and ($2::timestamptz is null or (at, id) < ($2, $3))
        order by at desc, id desc limit $4
        """,
        question.Person, question.Before?.At, question.Before?.Id, question.Most).ListAsync(
        row =>
        {
            var user = row.GetGuid(2).ToString();
            return new ActivityView(
                row.GetGuid(0), row.GetFieldValue<DateTimeOffset>(1), SignedIn, new ActivityActor("user", user), new ActivityTarget("client", row.GetString(3)), [])
            {
                Network = ActivityLog.Coarse(row.TextOrNull(4)),
            };
        },
        cancellation);

    private static ActivityView View(AuditRecord record) => new(
        record.Id,
        record.At,
        record.Entry.Action,
        new ActivityActor(record.Entry.ActorType, record.Entry.ActorId),
        new ActivityTarget(record.Entry.TargetType, record.Entry.TargetId),
        [.. record.Entry.Changes.Select(change => new ActivityViewChange(change.Pointer, change.Before, change.After))])
    {
        Reason = record.Entry.Reason,
        Network = record.Entry.ClientIp,
        RequestId = record.Entry.RequestId,
        Seq = record.Seq,
    };
}

/// <summary>The order PostgreSQL gives ids: by their bytes as they are written. The framework compares them in another one.</summary>
internal sealed class BytewiseIds : IComparer<Guid>
{
    public static readonly BytewiseIds Order = new();

    public int Compare(Guid x, Guid y)
    {
        Span<byte> one = stackalloc byte[16];
        Span<byte> other = stackalloc byte[16];
        x.TryWriteBytes(one, bigEndian: true, out _);
        y.TryWriteBytes(other, bigEndian: true, out _);
        return one.SequenceCompareTo(other);
    }
}
