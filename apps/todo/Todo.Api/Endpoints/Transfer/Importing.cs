using Slipway.Sdk.Problems;
using Todo.Api.Changes;
using Todo.Api.Lists;
using Todo.Api.Ordering;
using Todo.Api.Todos;
using Todo.Api.Transfer;

namespace Todo.Api.Endpoints.Transfer;

/// <summary>Writes the rows of a file as todos of one list. Ids of the file only serve to find parents.</summary>
internal sealed class Importing(TodoBook book)
{
    public async Task<Outcome<ImportDocument>> RunAsync(Edit edit, Guid? listId, TransferFile file, CancellationToken cancellation)
    {
        if (!(await TodoBook.PlaceAsync(edit, listId, null, cancellation)).Is(out var list, out var problem))
        {
            return problem;
        }

        var rejected = new List<RejectedRow>();
        var todos = Accept(edit, list, file, await TodoBook.LastPositionAsync(edit, list.Id, cancellation), rejected);
        await book.AddManyAsync(edit, todos, cancellation);
        return new ImportDocument(todos.Count, rejected);
    }

    private static List<TodoState> Accept(Edit edit, ListState list, TransferFile file, string? last, List<RejectedRow> rejected)
    {
        var todos = new List<TodoState>();
        var byFileId = new Dictionary<string, TodoState>(StringComparer.Ordinal);
        var children = new List<(TodoState Todo, string Parent)>();
        foreach (var row in file.Rows)
        {
            if (row.Todo is not { } source)
            {
                rejected.Add(new RejectedRow(row.Row, [new RowError("", "unreadable", row.Error!)]));
                continue;
            }

            if (!TodoRules.Check(BodyOf(source)).Is(out var content, out var problem))
            {
                rejected.Add(new RejectedRow(row.Row, [.. problem.Errors.Select(error => new RowError(error.Pointer ?? "", error.Code, error.Detail))]));
                continue;
            }

            var todo = New(edit, list, source, content, last = Rank.Between(last, null));
            todos.Add(todo);
            if (source.Id is not null)
            {
                byFileId.TryAdd(source.Id, todo);
            }

            if (source.ParentId is not null)
            {
                children.Add((todo, source.ParentId));
            }
        }

        foreach (var (todo, parentId) in children)
        {
            // Deeper nesting than there is here, and parents outside the file, make a todo stand on its own.
            if (byFileId.TryGetValue(parentId, out var parent) && parent.ParentId is null && parent != todo && !children.Exists(child => child.Todo == parent))
            {
                todo.ParentId = parent.Id;
            }
        }

        return [.. todos.OrderBy(todo => todo.ParentId is not null)];
    }

    private static TodoState New(Edit edit, ListState list, TransferTodo source, TodoContent content, string position)
    {
        var created = source.CreatedAt is { } at && at < edit.Now && at.Year >= 1970 ? at.ToUniversalTime() : edit.Now;
        return new TodoState
        {
            Id = Guid.CreateVersion7(edit.Now),
            OwnerId = list.OwnerId,
            ListId = list.Id,
            CreatedBy = edit.Actor.Id,
            Content = content,
            Position = position,
            Completed = source.Completed,
            CompletedAt = source.Completed ? (source.CompletedAt is { Year: >= 1970 } done && done < edit.Now ? done.ToUniversalTime() : edit.Now) : null,
            CreatedAt = created,
            UpdatedAt = edit.Now,
            Version = 1,
        };
    }

    private static TodoBody BodyOf(TransferTodo todo) => new()
    {
        Title = todo.Title,
        Notes = todo.Notes,
        Category = todo.Category,
        Priority = todo.Priority,
        Tags = todo.Tags,
        Due = todo.DueDate is null ? null : new DueBody { Date = todo.DueDate, Time = todo.DueTime, TimeZone = todo.TimeZone },
        Recurrence = todo.Recurrence,
        Reminders = [.. todo.Reminders.Select(minutes => new ReminderBody { MinutesBefore = minutes })],
    };
}
