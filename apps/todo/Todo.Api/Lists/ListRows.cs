using Npgsql;
using Slipway.Sdk.Database;
using Slipway.Sdk.Problems;
using Todo.Api.Changes;
using Todo.Api.Ordering;
using Todo.Api.Todos;

namespace Todo.Api.Lists;

/// <summary>The tables of lists and their members. Whoever is no member learns nothing, not even that a list exists.</summary>
internal static class ListRows
{
    public const int ListsMax = 500;
    public const int MembersMax = 100;

    public const string Columns = "l.id, l.owner_id, l.name, l.color, l.inbox, l.version, l.created_at, l.updated_at, l.deleted_at";

    public static Problem Unknown { get; } = Problem.NotFound("list");

    public static Problem ReadOnly { get; } = Problem.Forbidden("You may read this list but not change it. Ask its owner for the role editor.");

    public static Problem OwnerOnly { get; } = Problem.Forbidden("Only the owner of the list may do this.");

    public static ListState Read(NpgsqlDataReader row) => new()
    {
        Id = row.GetGuid(0),
        OwnerId = row.GetGuid(1),
        Name = row.GetString(2),
        Color = row.TextOrNull(3),
        Inbox = row.GetBoolean(4),
        Version = row.GetInt64(5),
        CreatedAt = row.GetFieldValue<DateTimeOffset>(6),
        UpdatedAt = row.GetFieldValue<DateTimeOffset>(7),
        DeletedAt = row.OrNull<DateTimeOffset>(8),
    };

    /// <summary>The list as the person may see it. Its row is locked, so that two writers follow each other.</summary>
    public static async Task<Outcome<ListAccess>> LockAsync(Edit edit, Guid list, CancellationToken cancellation) =>
        await edit.Transaction.Command(
            $"select {Columns}, m.role from lists l join list_members m on m.list_id = l.id and m.user_id = $2 where l.id = $1 for update of l",
            list, edit.Actor.Id).OneAsync(row => new ListAccess(Read(row), Roles.Parse(row.GetString(9))), cancellation) is { } access
            ? access
            : Unknown;

    /// <summary>A list to write todos into. Its row stays unlocked but for its existence: writers of different todos do not wait for each other.</summary>
    public static async Task<Outcome<ListAccess>> ForWritingAsync(Edit edit, Guid list, CancellationToken cancellation)
    {
        var access = await edit.Transaction.Command(
            $"select {Columns}, m.role from lists l join list_members m on m.list_id = l.id and m.user_id = $2 where l.id = $1 for key share of l, m",
            list, edit.Actor.Id).OneAsync(row => new ListAccess(Read(row), Roles.Parse(row.GetString(9))), cancellation);
        return access switch
        {
            null => Unknown,
            { List.DeletedAt: not null } => Problem.Conflict("listDeleted", "The list is in the trash", "Restore the list first."),
            { MayWrite: false } => ReadOnly,
            _ => access,
        };
    }

    public static async Task<ListState> InsertAsync(Edit edit, ListState list, CancellationToken cancellation)
    {
        await edit.Transaction.Command(
            """
            insert into lists (id, owner_id, name, color, inbox, version, created_at, updated_at) values ($1, $2, $3, $4, $5, $6, $7, $7)
            """,
            list.Id, list.OwnerId, list.Name, Parameters.Text(list.Color), list.Inbox, list.Version, list.CreatedAt).ExecuteAsync(cancellation);
        await AddMemberAsync(edit, list.Id, edit.Actor, Role.Owner, cancellation);
        return list;
    }

    public static Task UpdateAsync(Edit edit, ListState list, CancellationToken cancellation) =>
        edit.Transaction.Command(
            "update lists set name = $2, color = $3, version = $4, updated_at = $5, deleted_at = $6 where id = $1",
            list.Id, list.Name, Parameters.Text(list.Color), list.Version, list.UpdatedAt, Parameters.Instant(list.DeletedAt)).ExecuteAsync(cancellation);

    /// <summary>New lists come last in the order of whoever joins them.</summary>
    public static async Task AddMemberAsync(Edit edit, Guid list, Actor person, Role role, CancellationToken cancellation)
    {
        var last = await edit.Transaction.Command("select max(position) from list_members where user_id = $1", person.Id)
            .OneAsync(row => row.TextOrNull(0), cancellation);
        await edit.Transaction.Command(
            """
            insert into list_members (list_id, user_id, role, position, email, name, joined_at) values ($1, $2, $3, $4, $5, $6, $7)
            on conflict (list_id, user_id) do nothing
            """,
            list, person.Id, role.Name(), Rank.Between(last, null), Parameters.Text(person.Email), Parameters.Text(person.Name), edit.Now)
            .ExecuteAsync(cancellation);
    }

    /// <summary>Everyone has an inbox, made when it is first needed; two first requests at once still make only one.</summary>
    public static async Task<ListState> InboxAsync(Edit edit, CancellationToken cancellation)
    {
        if (await FindInboxAsync(edit, cancellation) is { } inbox)
        {
            return inbox;
        }

        await edit.Transaction.Command("select pg_advisory_xact_lock(hashtextextended($1, 20260105))", edit.Actor.Id.ToString()).ExecuteAsync(cancellation);
        return await FindInboxAsync(edit, cancellation) ?? await InsertAsync(
            edit,
            new ListState
            {
                Id = Guid.CreateVersion7(edit.Now),
                OwnerId = edit.Actor.Id,
                Name = "Inbox",
                Inbox = true,
                Version = 1,
                CreatedAt = edit.Now,
                UpdatedAt = edit.Now,
            },
            cancellation);
    }

    /// <summary>The inbox together with the position of its last todo, in one journey: it is where most new todos go.</summary>
    public static async Task<(ListState List, string? Last)> InboxAndLastAsync(Edit edit, CancellationToken cancellation)
    {
        var found = await edit.Transaction.Command(
            $"""
            select {Columns},
                (select t.position from todos t where t.list_id = l.id and t.deleted_at is null order by t.position desc, t.id desc limit 1)
            from lists l where l.owner_id = $1 and l.inbox
            """,
            edit.Actor.Id).OneAsync(row => ((ListState, string?)?)(Read(row), row.TextOrNull(9)), cancellation);
        return found ?? (await InboxAsync(edit, cancellation), null);
    }

    private static Task<ListState?> FindInboxAsync(Edit edit, CancellationToken cancellation) =>
        edit.Transaction.Command($"select {Columns} from lists l where l.owner_id = $1 and l.inbox", edit.Actor.Id).OneAsync(Read, cancellation);
}
