using Npgsql;
using Slipway.Sdk.Database;
using Todo.Api.Changes;
using Todo.Api.Lists;

namespace Todo.Api.Sharing;

/// <summary>Somebody who may see a list.</summary>
internal sealed record Member(Guid UserId, Role Role, string? Email, string? Name, DateTimeOffset JoinedAt);

internal static class Members
{
    private const string Select = "select user_id, role, email, name, joined_at from list_members where list_id = $1";

    public static Task<List<Member>> AllAsync(NpgsqlConnection connection, Guid list, CancellationToken cancellation) =>
        connection.Command($"{Select} order by joined_at, user_id", list).ListAsync(Read, cancellation);

    public static Task<Member?> LockAsync(Edit edit, Guid list, Guid person, CancellationToken cancellation) =>
        edit.Transaction.Command($"{Select} and user_id = $2 for update", list, person).OneAsync(Read, cancellation);

    public static async Task SetRoleAsync(Edit edit, Guid list, Guid person, Role role, CancellationToken cancellation)
    {
        await edit.Transaction.Command("update list_members set role = $3 where list_id = $1 and user_id = $2", list, person, role.Name()).ExecuteAsync(cancellation);
        edit.Note(ChangeKind.Member, "updated", person, list, 0);
    }

    /// <summary>Who is removed hears of it too, and of nothing after that.</summary>
    public static async Task RemoveAsync(Edit edit, Guid list, Guid person, CancellationToken cancellation)
    {
        await edit.Transaction.Command("delete from list_members where list_id = $1 and user_id = $2", list, person).ExecuteAsync(cancellation);
        edit.Note(ChangeKind.Member, "removed", person, list, 0);
        edit.Note(ChangeKind.Member, "removed", person, list, 0, onlyFor: person);
    }

    private static Member Read(NpgsqlDataReader row) => new(
        row.GetGuid(0), Roles.Parse(row.GetString(1)), row.TextOrNull(2), row.TextOrNull(3), row.GetFieldValue<DateTimeOffset>(4));
}
