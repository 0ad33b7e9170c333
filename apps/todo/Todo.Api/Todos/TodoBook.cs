using Slipway.Sdk.Database;
using Slipway.Sdk.Problems;
using Todo.Api.Changes;
using Todo.Api.Lists;
using Todo.Api.Ordering;
using Todo.Api.Recurring;

namespace Todo.Api.Todos;

/// <summary>
/// Everything that can be done with todos, inside the transaction of an <see cref="Edit"/>. A problem is answered before anything is
/// written, so several of these can share one transaction.
/// </summary>
internal sealed class TodoBook(TodoRows rows)
{
    public async Task<Outcome<TodoState>> CreateAsync(Edit edit, TodoContent content, Guid? list, Guid? parent, Guid? proposedId, CancellationToken cancellation)
    {
        if (!(await PlaceAndLastAsync(edit, list, parent, cancellation)).Is(out var end, out var problem))
        {
            return problem;
        }

        var (place, last) = end;
        var todo = new TodoState
        {
            Id = proposedId ?? Guid.CreateVersion7(edit.Now),
            OwnerId = place.OwnerId,
            ListId = place.Id,
            ParentId = parent,
            CreatedBy = edit.Actor.Id,
            Content = content,
            Position = Rank.Between(last, null),
            CreatedAt = edit.Now,
            UpdatedAt = edit.Now,
            Version = 1,
        };
        return await AddAsync(edit, todo, cancellation)
            ? todo
            : new Problem(412, "exists", "There is such a todo already", "A todo with this id exists. Leave out the id, or read what is there.");
    }

    /// <summary>False when the id is taken.</summary>
    public async Task<bool> AddAsync(Edit edit, TodoState todo, CancellationToken cancellation)
    {
        if (!await rows.InsertAsync(edit.Transaction, todo, cancellation))
        {
            return false;
        }

        edit.Record("created", null, todo);
        return true;
    }

    /// <summary>Many at once, parents before their children; ids are new, so none can be taken.</summary>
    public async Task AddManyAsync(Edit edit, IReadOnlyList<TodoState> todos, CancellationToken cancellation)
    {
        await rows.InsertManyAsync(edit.Transaction, todos, cancellation);
        foreach (var todo in todos)
        {
            edit.Record("created", null, todo);
        }
    }

    public async Task<Outcome<TodoState>> ChangeAsync(
        Edit edit, Guid id, Func<TodoState, Problem?> check, Func<TodoContent, Outcome<TodoContent>> change, CancellationToken cancellation)
    {
        if (!(await TodoAccess.LockAsync(edit, id, cancellation)).Is(out var todo, out var problem))
        {
            return problem;
        }

        if (check(todo) is { } refused)
        {
            return refused;
        }

        return change(todo.Content).Is(out var content, out problem)
            ? await SaveAsync(edit, "updated", todo, todo with { Content = content }, cancellation)
            : problem;
    }

    /// <summary>The next occurrence takes over the rule, so that reopening and completing once more does not make it twice.</summary>
    public async Task<Outcome<Completion>> CompleteAsync(Edit edit, Guid id, Func<TodoState, Problem?> check, CancellationToken cancellation)
    {
        if (!(await TodoAccess.LockAsync(edit, id, cancellation)).Is(out var todo, out var problem))
        {
            return problem;
        }

        if (todo.Completed)
        {
            return new Completion(todo, null);
        }

        if (check(todo) is { } refused)
        {
            return refused;
        }

        var next = Next(edit, todo);
        var content = next is null ? todo.Content : todo.Content with { Recurrence = null };
        var done = await SaveAsync(edit, "completed", todo, todo with { Content = content, Completed = true, CompletedAt = edit.Now }, cancellation);
        if (next is not null)
        {
            await AddAsync(edit, next, cancellation);
            await CopyChildrenAsync(edit, todo.Id, next, cancellation);
        }

        return new Completion(done, next);
    }

    public async Task<Outcome<TodoState>> ReopenAsync(Edit edit, Guid id, Func<TodoState, Problem?> check, CancellationToken cancellation)
    {
        if (!(await TodoAccess.LockAsync(edit, id, cancellation)).Is(out var todo, out var problem))
        {
            return problem;
        }

        if (!todo.Completed)
        {
            return todo;
        }

        return check(todo) is { } refused
            ? refused
            : await SaveAsync(edit, "reopened", todo, todo with { Completed = false, CompletedAt = null }, cancellation);
    }

    /// <summary>Into the trash, subtasks with it. Doing so twice changes nothing.</summary>
    public async Task<Outcome<TodoState>> DeleteAsync(Edit edit, Guid id, Func<TodoState, Problem?> check, CancellationToken cancellation)
    {
        if (!(await TodoAccess.LockAsync(edit, id, cancellation, deletedToo: true)).Is(out var todo, out var problem))
        {
            return problem;
        }

        if (todo.DeletedAt is not null)
        {
            return todo;
        }

        if (check(todo) is { } refused)
        {
            return refused;
        }

        foreach (var child in await TodoAccess.LockChildrenAsync(edit, id, null, cancellation))
        {
            await SaveAsync(edit, "deleted", child, child with { DeletedAt = edit.Now }, cancellation);
        }

        return await SaveAsync(edit, "deleted", todo, todo with { DeletedAt = edit.Now }, cancellation);
    }

    /// <summary>Out of the trash, with the subtasks that went in together with it. A todo whose parent is still there comes back on its own.</summary>
    public async Task<Outcome<TodoState>> RestoreAsync(Edit edit, Guid id, CancellationToken cancellation)
    {
        if (!(await TodoAccess.LockAsync(edit, id, cancellation, deletedToo: true)).Is(out var todo, out var problem))
        {
            return problem;
        }

        if (todo.DeletedAt is not { } deletedAt)
        {
            return todo;
        }

        var parent = await TodoAccess.ParentIfThereAsync(edit, todo.ParentId, todo.ListId, cancellation);
        var restored = todo with { DeletedAt = null, ParentId = parent };
        var saved = await SaveAsync(edit, "restored", todo, restored, cancellation);
        foreach (var child in await TodoAccess.LockChildrenAsync(edit, id, deletedAt, cancellation))
        {
            await SaveAsync(edit, "restored", child, child with { DeletedAt = null }, cancellation);
        }

        return saved;
    }

    /// <summary>One version further, now.</summary>
    public async Task<TodoState> SaveAsync(Edit edit, string action, TodoState before, TodoState after, CancellationToken cancellation)
    {
        var saved = after with { Version = before.Version + 1, UpdatedAt = edit.Now };
        await rows.UpdateAsync(edit.Transaction, saved, cancellation);
        edit.Record(action, before, saved);
        return saved;
    }

    public static async Task<string?> LastPositionAsync(Edit edit, Guid list, CancellationToken cancellation) =>
        await edit.Transaction.Command(
            "select position from todos where list_id = $1 and deleted_at is null order by position desc, id desc limit 1", list)
            .OneAsync(row => row.GetString(0), cancellation);

    /// <summary>The list a todo goes to: the one named, else its parent's, else the inbox.</summary>
    public static async Task<Outcome<ListState>> PlaceAsync(Edit edit, Guid? list, Guid? parent, CancellationToken cancellation)
    {
        if (parent is { } parentId)
        {
            var above = await edit.Transaction.Command(
                """
                select t.list_id, t.parent_id is not null from todos t join list_members m on m.list_id = t.list_id and m.user_id = $2
                where t.id = $1 and t.deleted_at is null for key share of t
                """,
                parentId, edit.Actor.Id).OneAsync(row => (List: row.GetGuid(0), IsChild: row.GetBoolean(1)), cancellation);
            if (above.List == Guid.Empty || (list is not null && list != above.List))
            {
                return Problem.Invalid([new Finding("unknownParent", "The parent is a todo of the same list.") { Pointer = "/parentId" }]);
            }

            if (above.IsChild)
            {
                return Problem.Invalid([new Finding("tooDeep", "A subtask cannot have subtasks of its own.") { Pointer = "/parentId" }]);
            }

            list = above.List;
        }

        if (list is not { } listId)
        {
            return await ListRows.InboxAsync(edit, cancellation);
        }

        return (await ListRows.ForWritingAsync(edit, listId, cancellation)).Is(out var access, out var problem) ? access.List : problem;
    }

    private static async Task<Outcome<(ListState Place, string? Last)>> PlaceAndLastAsync(Edit edit, Guid? list, Guid? parent, CancellationToken cancellation)
    {
        if (list is null && parent is null)
        {
            return await ListRows.InboxAndLastAsync(edit, cancellation);
        }

        return (await PlaceAsync(edit, list, parent, cancellation)).Is(out var place, out var problem)
            ? (place, await LastPositionAsync(edit, place.Id, cancellation))
            : problem;
    }

    private static TodoState? Next(Edit edit, TodoState todo)
    {
        if (todo.Content is not { Recurrence: { } text, Due: { } due }
            || RecurrenceText.TryRead(text, out var rule) is not null
            || NextOccurrence.Of(rule, due, edit.Now) is not { } occurrence)
        {
            return null;
        }

        return todo with
        {
            Id = Guid.CreateVersion7(edit.Now),
            Content = todo.Content with { Due = occurrence.Due, Recurrence = RecurrenceText.Write(occurrence.Rule) },
            CreatedBy = edit.Actor.Id,
            CreatedAt = edit.Now,
            UpdatedAt = edit.Now,
            Version = 1,
        };
    }

    private async Task CopyChildrenAsync(Edit edit, Guid from, TodoState to, CancellationToken cancellation)
    {
        foreach (var child in await TodoAccess.LockChildrenAsync(edit, from, null, cancellation))
        {
            await AddAsync(
                edit,
                child with
                {
                    Id = Guid.CreateVersion7(edit.Now),
                    ParentId = to.Id,
                    Completed = false,
                    CompletedAt = null,
                    CreatedBy = edit.Actor.Id,
                    CreatedAt = edit.Now,
                    UpdatedAt = edit.Now,
                    Version = 1,
                },
                cancellation);
        }
    }
}

/// <summary>What completing a todo gave: the todo, and the next occurrence if it comes back.</summary>
internal sealed record Completion(TodoState Todo, TodoState? Next);
