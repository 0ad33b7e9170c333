using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Documents;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Requests;
using Todo.Api.Changes;
using Todo.Api.Todos;

namespace Todo.Api.Endpoints.Todos;

/// <summary>Replaces what a todo holds. Where it stands is the business of moving it.</summary>
internal static class ReplaceTodo
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPut("/todos/{id:guid}", HandleAsync).WithName("replaceTodo").WithSummary("Replaces what a todo holds.").Requires("todo.todos:write")
            .TakesHeader("If-Match", "The version that was read, from ETag.", required: true)
            .Accepts<TodoBody>("application/json")
            .Produces<TodoDocument>(200);

    private static async Task<IResult> HandleAsync(
        Guid id, HttpContext http, [FromServices] Edits edits, [FromServices] TodoBook book, CancellationToken cancellation)
    {
        if (!(await Body.ReadAsync(http.Request, TodoJson.Default.TodoBody, cancellation: cancellation)).Is(out var body, out var problem)
            || !Check(body, id).Is(out var content, out problem))
        {
            return problem.ToResult();
        }

        return await edits.RunAsync(
            http,
            async (edit, token) => await TodoReplies.OkAsync(
                edit.Transaction, await book.ChangeAsync(edit, id, TodoReplies.IfMatch(http), _ => content, token), token),
            cancellation);
    }

    private static Outcome<TodoContent> Check(TodoBody body, Guid id)
    {
        var findings = new Findings();
        var content = TodoRules.Check(body, findings);
        if (body.Id is not null && body.Id != id)
        {
            findings.Add("/id", "immutable", "The id cannot be changed.");
        }

        if (body.ListId is not null || body.ParentId is not null)
        {
            findings.Add(body.ListId is null ? "/parentId" : "/listId", "useMove", $"Use POST /api/v1/todos/{id}/move to change where a todo stands.");
        }

        return findings.Any ? findings.ToProblem() : content;
    }
}
