using Slipway.Sdk.Database;
using Slipway.Sdk.Problems;
using Todo.Api.Changes;
using Todo.Api.Ordering;
using Todo.Api.Todos;

namespace Todo.Api.Lists;

/// <summary>Everything that can be done with lists, inside the transaction of an <see cref="Edit"/>.</summary>
internal static class ListBook
{
    public static async Task<Outcome<ListState>> CreateAsync(Edit edit, string name, string? color, CancellationToken cancellation)
    {
        await edit.Transaction.Command("select pg_advisory_xact_lock(hashtextextended($1, 20260105))", edit.Actor.Id.ToString()).ExecuteAsync(cancellation);
        var count = await edit.Transaction.Command("select count(*) from lists where owner_id = $1", edit.Actor.Id).OneAsync(row => row.GetInt64(0), cancellation);
        if (count >= ListRows.ListsMax)
        {
            return Problem.Conflict("tooManyLists", "Too many lists", $"You have {ListRows.ListsMax} lists, the trash included. Delete some and empty the trash first.");
        }

        var list = new ListState
        {
            Id = Guid.CreateVersion7(edit.Now),
            OwnerId = edit.Actor.Id,
            Name = name,
            Color = color,
            Version = 1,
            CreatedAt = edit.Now,
            UpdatedAt = edit.Now,
        };
        await ListRows.InsertAsync(edit, list, cancellation);
        edit.Record("created", null, list);
        return list;
    }

    public static async Task<ListState> SaveAsync(Edit edit, string action, ListState before, ListState after, CancellationToken cancellation)
    {
        var saved = after with { Version = before.Version + 1, UpdatedAt = edit.Now };
        await ListRows.UpdateAsync(edit, saved, cancellation);
        edit.Record(action, before, saved);
        return saved;
    }

    /// <summary>Into the trash, with everything in it.</summary>
    public static async Task<ListState> DeleteAsync(Edit edit, ListState list, CancellationToken cancellation)
    {
        await edit.Transaction.Command(
            """
            update todos set deleted_at = $2, updated_at = $2, version = version + 1, next_reminder_at = null
            where list_id = $1 and deleted_at is null
            """,
            list.Id, edit.Now).ExecuteAsync(cancellation);
        return await SaveAsync(edit, "deleted", list, list with { DeletedAt = edit.Now }, cancellation);
    }

    /// <summary>Out of the trash, with those todos that went in together with it.</summary>
    public static async Task<ListState> RestoreAsync(Edit edit, ListState list, CancellationToken cancellation)
    {
        await edit.Transaction.Command(
            """
            update todos set deleted_at = null, updated_at = $3, version = version + 1, next_reminder_at = case when completed then null else (
                select min(due_at - make_interval(mins => minutes)) from unnest(reminders) as minutes
                where due_at - make_interval(mins => minutes) > $3) end
            where list_id = $1 and deleted_at = $2
            """,
            list.Id, list.DeletedAt, edit.Now).ExecuteAsync(cancellation);
        return await SaveAsync(edit, "restored", list, list with { DeletedAt = null }, cancellation);
    }

    /// <summary>Puts a list behind another one, or first, in the order of the one person who asks.</summary>
    public static async Task<Problem?> PlaceAsync(Edit edit, Guid list, Guid? after, CancellationToken cancellation)
    {
        var mine = await edit.Transaction.Command(
            "select list_id, position from list_members where user_id = $1 order by position, list_id for update", edit.Actor.Id)
            .ListAsync(row => (Id: row.GetGuid(0), Position: row.GetString(1)), cancellation);
        var others = mine.FindAll(member => member.Id != list);
        var index = after is null ? 0 : others.FindIndex(member => member.Id == after) + 1;
        if (after is not null && index == 0)
        {
            return Problem.Invalid([new Finding("unknownNeighbour", "afterId is another list of yours.") { Pointer = "/afterId" }]);
        }

        var order = others.ConvertAll(member => member.Id);
        order.Insert(index, list);
        await edit.Transaction.Command(
            """
            update list_members set position = rows.position from unnest($2::uuid[], $3::text[]) as rows (id, position)
            where user_id = $1 and list_id = rows.id
            """,
            edit.Actor.Id, order, Rank.Spread(order.Count)).ExecuteAsync(cancellation);
        edit.Note(ChangeKind.List, "moved", list, list, 0, onlyFor: edit.Actor.Id);
        return null;
    }
}
