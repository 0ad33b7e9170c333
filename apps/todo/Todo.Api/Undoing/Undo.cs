using System.Text.Json;
using Npgsql;
using Slipway.Sdk.Database;
using Slipway.Sdk.Problems;
using Todo.Api.Changes;
using Todo.Api.Lists;
using Todo.Api.Todos;

namespace Todo.Api.Undoing;

/// <summary>Takes back a write of the same person. The undoing is a write itself, so it can be undone too.</summary>
internal sealed class Undo(TodoBook book)
{
    public static Problem Unknown { get; } = Problem.NotFound("change");

    public async Task<Outcome<Undone>> RunAsync(Edit edit, Guid group, CancellationToken cancellation)
    {
        var changes = await edit.Transaction.Command(
            "select kind, subject_id, action, version, before::text, after is not null from changes where group_id = $1 and actor_id = $2 order by number",
            group, edit.Actor.Id).ListAsync(Read, cancellation);
        if (changes.Count == 0)
        {
            return Unknown;
        }

        var versions = await LockAsync(edit, changes, cancellation);
        if (!UndoPlanner.Plan(changes, versions).Is(out var steps, out var problem))
        {
            return problem;
        }

        if (await RefusalAsync(edit, steps, cancellation) is { } refused)
        {
            return refused;
        }

        var undone = new Undone(null, null);
        foreach (var step in steps)
        {
            undone = await ApplyAsync(edit, step, cancellation);
        }

        return undone;
    }

    /// <summary>In the order of ids, as everybody who locks several rows.</summary>
    private static async Task<Dictionary<Guid, long>> LockAsync(Edit edit, List<RecordedChange> changes, CancellationToken cancellation)
    {
        var ids = changes.Where(change => change.HasState).Select(change => change.Subject).Distinct().ToArray();
        var lists = await edit.Transaction.Command("select id, version from lists where id = any($1) order by id for update", ids)
            .ListAsync(row => (Id: row.GetGuid(0), Version: row.GetInt64(1)), cancellation);
        var todos = await edit.Transaction.Command("select id, version from todos where id = any($1) order by id for update", ids)
            .ListAsync(row => (Id: row.GetGuid(0), Version: row.GetInt64(1)), cancellation);
        return lists.Concat(todos).ToDictionary(row => row.Id, row => row.Version);
    }

    /// <summary>Everything that could stand in the way, before anything is written: the person may have lost the right meanwhile.</summary>
    private static async Task<Problem?> RefusalAsync(Edit edit, IReadOnlyList<UndoStep> steps, CancellationToken cancellation)
    {
        foreach (var step in steps)
        {
            switch (step)
            {
                case UndoStep.PutTodoBack back:
                    if ((await TodoAccess.LockAsync(edit, back.State.Id, cancellation, deletedToo: true)).Problem is { } problem
                        || (await ListRows.ForWritingAsync(edit, back.State.ListId, cancellation)).Problem is { } closed && (problem = closed) is not null)
                    {
                        return problem;
                    }

                    break;
                case UndoStep.DiscardTodo discard:
                    if ((await TodoAccess.LockAsync(edit, discard.Id, cancellation, deletedToo: true)).Problem is { } gone)
                    {
                        return gone;
                    }

                    break;
                case UndoStep.PutListBack or UndoStep.DiscardList:
                    var id = step is UndoStep.PutListBack list ? list.State.Id : ((UndoStep.DiscardList)step).Id;
                    if (!(await ListRows.LockAsync(edit, id, cancellation)).Is(out var access, out var unknown))
                    {
                        return unknown;
                    }

                    if (access.Role != Role.Owner)
                    {
                        return ListRows.OwnerOnly;
                    }

                    break;
                default:
                    throw new InvalidOperationException($"There is no way to do {step}.");
            }
        }

        return null;
    }

    private async Task<Undone> ApplyAsync(Edit edit, UndoStep step, CancellationToken cancellation)
    {
        switch (step)
        {
            case UndoStep.PutTodoBack back:
                var now = (await TodoAccess.LockAsync(edit, back.State.Id, cancellation, deletedToo: true)).Value;
                var owner = (await ListRows.ForWritingAsync(edit, back.State.ListId, cancellation)).Value.List.OwnerId;
                var parent = await TodoAccess.ParentIfThereAsync(edit, back.State.ParentId, back.State.ListId, cancellation);
                return new Undone(await book.SaveAsync(edit, "undone", now, back.State with { OwnerId = owner, ParentId = parent }, cancellation), null);
            case UndoStep.DiscardTodo discard:
                var todo = (await TodoAccess.LockAsync(edit, discard.Id, cancellation, deletedToo: true)).Value;
                return new Undone(await book.SaveAsync(edit, "undone", todo, todo with { DeletedAt = edit.Now }, cancellation), null);
            case UndoStep.PutListBack { State: var before }:
                var list = (await ListRows.LockAsync(edit, before.Id, cancellation)).Value.List;
                return new Undone(null, (before.DeletedAt, list.DeletedAt) switch
                {
                    (null, not null) => await ListBook.RestoreAsync(edit, list, cancellation),
                    (not null, null) => await ListBook.DeleteAsync(edit, list, cancellation),
                    _ => await ListBook.SaveAsync(edit, "undone", list, before, cancellation),
                });
            default:
                var discarded = (await ListRows.LockAsync(edit, ((UndoStep.DiscardList)step).Id, cancellation)).Value.List;
                return new Undone(null, await ListBook.DeleteAsync(edit, discarded, cancellation));
        }
    }

    private static RecordedChange Read(NpgsqlDataReader row)
    {
        var kind = row.GetString(0);
        var before = row.TextOrNull(4);
        return new RecordedChange(kind, row.GetGuid(1), row.GetString(2), row.GetInt64(3))
        {
            HasState = row.GetBoolean(5),
            TodoBefore = kind == ChangeKind.Todo && before is not null ? JsonSerializer.Deserialize(before, StateJson.Default.TodoState) : null,
            ListBefore = kind == ChangeKind.List && before is not null ? JsonSerializer.Deserialize(before, StateJson.Default.ListState) : null,
        };
    }
}

/// <summary>What came back; one of the two.</summary>
internal sealed record Undone(TodoState? Todo, ListState? List);
