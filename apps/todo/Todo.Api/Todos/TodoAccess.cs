using Slipway.Sdk.Database;
using Slipway.Sdk.Problems;
using Todo.Api.Changes;
using Todo.Api.Lists;

namespace Todo.Api.Todos;

/// <summary>Finds todos for somebody who wants to change them. What the person may not see does not exist.</summary>
internal static class TodoAccess
{
    public static Problem Unknown { get; } = Problem.NotFound("todo");

    public static Problem InTrash { get; } = Problem.Conflict("inTrash", "The todo is in the trash", "Restore the todo first.");

    /// <summary>Locks the row until the end of the transaction.</summary>
    public static async Task<Outcome<TodoState>> LockAsync(Edit edit, Guid id, CancellationToken cancellation, bool deletedToo = false)
    {
        var found = await edit.Transaction.Command(
            $"""
            select {TodoRows.Columns}, m.role, l.deleted_at is not null
            from todos t join lists l on l.id = t.list_id join list_members m on m.list_id = t.list_id and m.user_id = $2
            where t.id = $1 for update of t for key share of m
            """,
            id, edit.Actor.Id).OneAsync(row => new Found(TodoRows.Read(row), Roles.Parse(row.GetString(22)), row.GetBoolean(23)), cancellation);
        return found switch
        {
            null => Unknown,
            { Role: Role.Viewer } => ListRows.ReadOnly,
            { Todo.DeletedAt: not null } when !deletedToo => InTrash,
            { ListDeleted: true } => Problem.Conflict("listDeleted", "The list is in the trash", "Restore the list first."),
            _ => found.Todo,
        };
    }

    /// <summary>The subtasks that are not in the trash, or those thrown away at that very moment; locked as well.</summary>
    public static Task<List<TodoState>> LockChildrenAsync(Edit edit, Guid parent, DateTimeOffset? deletedAt, CancellationToken cancellation) =>
        edit.Transaction.Command(
            $"""
            select {TodoRows.Columns} from todos t where t.parent_id = $1 and t.deleted_at is not distinct from $2
            order by t.position, t.id for update
            """,
            parent, Parameters.Instant(deletedAt)).ListAsync(TodoRows.Read, cancellation);

    /// <summary>The parent a todo had, if it can still have it: there, in that list, and not in the trash.</summary>
    public static async Task<Guid?> ParentIfThereAsync(Edit edit, Guid? parent, Guid list, CancellationToken cancellation) =>
        parent is { } id && await edit.Transaction.Command(
            "select true from todos where id = $1 and list_id = $2 and parent_id is null and deleted_at is null for key share", id, list)
            .OneAsync(row => row.GetBoolean(0), cancellation)
            ? id
            : null;

    private sealed record Found(TodoState Todo, Role Role, bool ListDeleted);
}
