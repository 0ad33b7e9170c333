using Npgsql;
using Slipway.Sdk.Database;
using Todo.Api.Changes;
using Todo.Api.Todos;

namespace Todo.Api.Upkeep;

/// <summary>Removes for good. What is gone takes its history with it.</summary>
internal static class Purging
{
    private const int AtOnce = 500;

    public static async Task OfPersonAsync(Edit edit, CancellationToken cancellation)
    {
        var lists = await edit.Transaction.Command(
            "select id from lists where owner_id = $1 and deleted_at is not null for update", edit.Actor.Id).ListAsync(row => row.GetGuid(0), cancellation);
        await RemoveListsAsync(edit.Transaction, lists, cancellation);
        var todos = await edit.Transaction.Command(
            "delete from todos where user_id = $1 and deleted_at is not null returning id, list_id", edit.Actor.Id)
            .ListAsync(row => (Id: row.GetGuid(0), List: row.GetGuid(1)), cancellation);
        await ForgetAsync(edit.Transaction, [.. todos.Select(todo => todo.Id)], cancellation);
        foreach (var list in todos.Select(todo => todo.List).Distinct())
        {
            edit.Note(ChangeKind.List, "purged", list, list, 0);
        }
    }

    /// <summary>One helping of what has been in the trash for long enough. True while there is more.</summary>
    public static async Task<bool> OverdueAsync(NpgsqlTransaction transaction, DateTimeOffset now, CancellationToken cancellation)
    {
        var before = now - Trash.Keep;
        var lists = await transaction.Command(
            "select id from lists where deleted_at < $1 limit 20 for update skip locked", before).ListAsync(row => row.GetGuid(0), cancellation);
        await RemoveListsAsync(transaction, lists, cancellation);
        var todos = await transaction.Command(
            "delete from todos where id in (select id from todos where deleted_at < $1 limit $2 for update skip locked) returning id", before, AtOnce)
            .ListAsync(row => row.GetGuid(0), cancellation);
        await ForgetAsync(transaction, todos, cancellation);
        return lists.Count > 0 || todos.Count == AtOnce;
    }

    /// <summary>The todos of a list go with it; their history is found before they do.</summary>
    private static async Task RemoveListsAsync(NpgsqlTransaction transaction, List<Guid> lists, CancellationToken cancellation)
    {
        if (lists.Count == 0)
        {
            return;
        }

        await transaction.Command(
            "delete from changes where subject_id = any($1) or subject_id in (select id from todos where list_id = any($1))", lists)
            .ExecuteAsync(cancellation);
        await transaction.Command("delete from lists where id = any($1)", lists).ExecuteAsync(cancellation);
    }

    private static async Task ForgetAsync(NpgsqlTransaction transaction, List<Guid> todos, CancellationToken cancellation)
    {
        if (todos.Count > 0)
        {
            await transaction.Command("delete from changes where subject_id = any($1)", todos).ExecuteAsync(cancellation);
        }
    }
}
