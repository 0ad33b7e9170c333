using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Documents;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Replies;
using Slipway.Sdk.Requests;
using Todo.Api.Changes;
using Todo.Api.Todos;

namespace Todo.Api.Endpoints.Todos;

internal sealed record BatchBody
{
    public bool Atomic { get; set; }

    public List<BatchOperation>? Operations { get; set; }
}

internal sealed record BatchOperation
{
    public string? Op { get; set; }

    public Guid? Id { get; set; }

    public long? Version { get; set; }

    public JsonObject? Body { get; set; }
}

internal sealed record BatchDocument(IReadOnlyList<BatchItem> Items);

internal sealed record BatchItem(int Index, int Status, TodoDocument? Body, BatchProblem? Problem);

internal sealed record BatchProblem(string Type, string Title, int Status, string Code, string Detail, IReadOnlyList<BatchFinding> Errors)
{
    public static BatchProblem Of(Problem problem) => new(
        $"/problems/{problem.Code}", problem.Title, problem.Status, problem.Code, problem.Detail,
        [.. problem.Errors.Select(error => new BatchFinding(error.Pointer ?? "", error.Code, error.Detail))]);
}

internal sealed record BatchFinding(string Pointer, string Code, string Detail);

/// <summary>Up to 500 operations in one transaction: all or nothing when atomic, else each for itself. One undo takes them all back.</summary>
internal static class BatchTodos
{
    public const int OperationsMax = 500;

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/todos/batch", HandleAsync).WithName("batchTodos").WithSummary("Runs up to 500 operations.").Requires("todo.todos:write")
            .TakesHeader("Idempotency-Key", "Sent again with the same key and body, the call is done once.")
            .Accepts<BatchBody>("application/json")
            .Produces<BatchDocument>(207);

    private static async Task<IResult> HandleAsync(HttpContext http, [FromServices] Edits edits, [FromServices] TodoOperations operations, CancellationToken cancellation)
    {
        if (!(await Body.ReadAsync(http.Request, TodoJson.Default.BatchBody, cancellation: cancellation)).Is(out var batch, out var problem))
        {
            return problem.ToResult();
        }

        if (Check(batch, http.Caller()) is { } wrong)
        {
            return wrong.ToResult();
        }

        try
        {
            return await edits.RunAsync(http, (edit, token) => RunAsync(edit, batch, operations, token), cancellation);
        }
        catch (BatchRefusedException refused)
        {
            return refused.Reply;
        }
    }

    private static Problem? Check(BatchBody batch, Caller caller)
    {
        if (batch.Operations is not { Count: > 0 and <= OperationsMax } operations)
        {
            return Problem.Invalid([new Finding("count", $"A batch has 1 to {OperationsMax} operations.") { Pointer = "/operations" }]);
        }

        if (operations.Exists(operation => operation?.Op is "delete" or "restore") && !caller.Scopes.Contains("todo.todos:delete"))
        {
            return Problem.MissingScope("todo.todos:delete");
        }

        return null;
    }

    private static async Task<Reply> RunAsync(Edit edit, BatchBody batch, TodoOperations operations, CancellationToken cancellation)
    {
        var items = new List<BatchItem>();
        foreach (var operation in batch.Operations!)
        {
            var outcome = await operations.RunAsync(edit, operation, cancellation);
            if (outcome.Is(out var todo, out var problem))
            {
                var status = operation.Op == "create" ? 201 : 200;
                items.Add(new BatchItem(items.Count, status, await TodoReplies.DocumentAsync(edit.Transaction, todo, cancellation), null));
            }
            else if (!batch.Atomic)
            {
                items.Add(new BatchItem(items.Count, problem.Status, null, BatchProblem.Of(problem)));
            }
            else
            {
                throw new BatchRefusedException(Refused(batch.Operations.Count, items.Count, problem));
            }
        }

        return new Reply(207, [new("Content-Type", "application/json; charset=utf-8")], Reply.Ok(new BatchDocument(items), TodoJson.Default.BatchDocument).Body);
    }

    private static Reply Refused(int count, int failed, Problem problem)
    {
        var notApplied = new BatchProblem("/problems/notApplied", "Not applied", 424, "notApplied", $"Operation {failed} failed, and the batch is atomic.", []);
        var items = Enumerable.Range(0, count).Select(index => index == failed
            ? new BatchItem(index, problem.Status, null, BatchProblem.Of(problem))
            : new BatchItem(index, 424, null, notApplied));
        return new Reply(207, [new("Content-Type", "application/json; charset=utf-8")], Reply.Ok(new BatchDocument([.. items]), TodoJson.Default.BatchDocument).Body);
    }
}

/// <summary>Takes the answer of an atomic batch out of the transaction that must not commit.</summary>
internal sealed class BatchRefusedException(Reply reply) : Exception
{
    public Reply Reply => reply;
}
