using Npgsql;
using Slipway.Sdk.Database;
using Slipway.Sdk.Problems;
using Todo.Api.Changes;
using Todo.Api.Lists;
using Todo.Api.Todos;

namespace Todo.Api.Sharing;

/// <summary>Somebody with that e-mail address may join the list. Only an account that has proven the address can answer it.</summary>
internal sealed record Invitation(
    Guid Id, Guid ListId, string ListName, string Email, Role Role, Guid InvitedBy, string? InvitedByName, string Status, DateTimeOffset CreatedAt,
    DateTimeOffset ExpiresAt);

internal static class Invitations
{
    public const int PendingMax = 100;

    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(14);

    private const string Select =
        """
        select i.id, i.list_id, l.name, i.email, i.role, i.invited_by, i.invited_by_name, i.status, i.created_at, i.expires_at
        from invitations i join lists l on l.id = i.list_id and l.deleted_at is null
        """;

    public static Problem Unknown { get; } = Problem.NotFound("invitation");

    public static Task<List<Invitation>> ForEmailAsync(NpgsqlConnection connection, string email, DateTimeOffset now, CancellationToken cancellation) =>
        connection.Command($"{Select} where i.email = $1 and i.status = 'pending' and i.expires_at > $2 order by i.id limit 200", email, now)
            .ListAsync(Read, cancellation);

    public static Task<List<Invitation>> OfListAsync(NpgsqlConnection connection, Guid list, DateTimeOffset now, CancellationToken cancellation) =>
        connection.Command($"{Select} where i.list_id = $1 and i.status = 'pending' and i.expires_at > $2 order by i.id", list, now)
            .ListAsync(Read, cancellation);

    /// <summary>Inviting the same address again renews the invitation and may change the role.</summary>
    public static async Task<Outcome<Invitation>> InviteAsync(Edit edit, ListState list, string email, Role role, CancellationToken cancellation)
    {
        if (await edit.Transaction.Command("select true from list_members where list_id = $1 and email = $2", list.Id, email)
            .OneAsync(row => row.GetBoolean(0), cancellation))
        {
            return Problem.Conflict("alreadyMember", "Already a member", "Whoever has this address is a member of the list already.");
        }

        var counts = await edit.Transaction.Command(
            """
            select (select count(*) from invitations where list_id = $1 and status = 'pending' and expires_at > $2),
                (select count(*) from list_members where list_id = $1)
            """,
            list.Id, edit.Now).OneAsync(row => (Pending: row.GetInt64(0), Members: row.GetInt64(1)), cancellation);
        if (counts.Pending >= PendingMax || counts.Members >= ListRows.MembersMax)
        {
            return Problem.Conflict("tooManyMembers", "The list is full", $"A list has at most {ListRows.MembersMax} members and {PendingMax} open invitations.");
        }

        var id = await edit.Transaction.Command(
            """
            insert into invitations (id, list_id, email, role, invited_by, invited_by_name, status, created_at, expires_at)
            values ($1, $2, $3, $4, $5, $6, 'pending', $7, $8)
            on conflict (list_id, email) where status = 'pending'
            do update set role = excluded.role, invited_by = excluded.invited_by, invited_by_name = excluded.invited_by_name, expires_at = excluded.expires_at
            returning id
            """,
            Guid.CreateVersion7(edit.Now), list.Id, email, role.Name(), edit.Actor.Id, Parameters.Text(edit.Actor.Name), edit.Now, edit.Now + Lifetime)
            .OneAsync(row => row.GetGuid(0), cancellation);
        edit.Note(ChangeKind.Member, "invited", id, list.Id, 0);
        return (await edit.Transaction.Command($"{Select} where i.id = $1", id).OneAsync(Read, cancellation))!;
    }

    /// <summary>The caller's own open invitation, locked.</summary>
    public static async Task<Outcome<Invitation>> LockAsync(Edit edit, Guid id, CancellationToken cancellation) =>
        edit.Actor.Email is { } email && await edit.Transaction.Command(
            $"{Select} where i.id = $1 and i.email = $2 and i.status = 'pending' and i.expires_at > $3 for update of i", id, email, edit.Now)
            .OneAsync(Read, cancellation) is { } invitation
            ? invitation
            : Unknown;

    public static Task AnswerAsync(Edit edit, Guid id, string status, CancellationToken cancellation) =>
        edit.Transaction.Command("update invitations set status = $2, answered_at = $3 where id = $1", id, status, edit.Now).ExecuteAsync(cancellation);

    public static async Task WithdrawAsync(Edit edit, Guid list, Guid id, CancellationToken cancellation)
    {
        var changed = await edit.Transaction.Command(
            "update invitations set status = 'withdrawn', answered_at = $3 where id = $1 and list_id = $2 and status = 'pending'", id, list, edit.Now)
            .ExecuteAsync(cancellation);
        if (changed > 0)
        {
            edit.Note(ChangeKind.Member, "withdrawn", id, list, 0);
        }
    }

    private static Invitation Read(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetGuid(1), row.GetString(2), row.GetString(3), Roles.Parse(row.GetString(4)), row.GetGuid(5), row.TextOrNull(6),
        row.GetString(7), row.GetFieldValue<DateTimeOffset>(8), row.GetFieldValue<DateTimeOffset>(9));
}
