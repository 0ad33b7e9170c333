using Slipway.Sdk.Problems;
using Todo.Api.Changes;
using Todo.Api.Todos;

namespace Todo.Api.Endpoints.Todos;

/// <summary>The operations of a batch, each as its endpoint does it.</summary>
internal sealed class TodoOperations(TodoBook book, TodoMoving moving)
{
    public async Task<Outcome<TodoState>> RunAsync(Edit edit, BatchOperation? operation, CancellationToken cancellation)
    {
        if (operation?.Op == "create")
        {
            return await CreateAsync(edit, operation, cancellation);
        }

        if (operation?.Op is not ("update" or "complete" or "reopen" or "delete" or "move" or "restore"))
        {
            return Wrong("/op", "notOneOf", "op is one of create, update, complete, reopen, delete, move, restore.");
        }

        if (operation.Id is not { } id)
        {
            return Wrong("/id", "required", "id names the todo.");
        }

        Problem? Check(TodoState todo) => operation.Version is { } version && version != todo.Version
            ? new Problem(412, "versionMismatch", "Changed meanwhile", $"The todo is at version {todo.Version}.")
            : null;
        switch (operation.Op)
        {
            case "update":
                return operation.Body is null
                    ? Wrong("/body", "required", "An update names what to change.")
                    : await book.ChangeAsync(edit, id, Check, content => Patch(content, operation), cancellation);
            case "complete":
                return (await book.CompleteAsync(edit, id, Check, cancellation)).Is(out var completion, out var problem) ? completion.Todo : problem;
            case "reopen":
                return await book.ReopenAsync(edit, id, Check, cancellation);
            case "delete":
                return await book.DeleteAsync(edit, id, Check, cancellation);
            case "restore":
                return await book.RestoreAsync(edit, id, cancellation);
            default:
                return MoveWish.Read(operation.Body ?? []).Is(out var wish, out problem) ? await moving.MoveAsync(edit, id, wish, Check, cancellation) : problem;
        }
    }

    private static Outcome<TodoContent> Patch(TodoContent content, BatchOperation operation)
    {
        var unknown = operation.Body!.Select(member => member.Key).Where(name => !TodoPatch.Members.Contains(name)).Take(1).ToList();
        return unknown.Count > 0
            ? Wrong("/body", "unknownField", $"An update changes {string.Join(", ", TodoPatch.Members)}.")
            : TodoPatch.Apply(content, operation.Body!);
    }

    private async Task<Outcome<TodoState>> CreateAsync(Edit edit, BatchOperation operation, CancellationToken cancellation)
    {
        if (!TodoPatch.Read(operation.Body ?? []).Is(out var body, out var problem) || !TodoRules.Check(body).Is(out var content, out problem))
        {
            return problem;
        }

        var id = body.Id ?? operation.Id;
        return id == Guid.Empty
            ? Wrong("/id", "notAnId", "The id is empty.")
            : await book.CreateAsync(edit, content, body.ListId, body.ParentId, id, cancellation);
    }

    private static Problem Wrong(string pointer, string code, string detail) => Problem.Invalid([new Finding(code, detail) { Pointer = pointer }]);
}
