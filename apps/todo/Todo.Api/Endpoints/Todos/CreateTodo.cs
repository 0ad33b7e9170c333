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

internal static class CreateTodo
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/todos", HandleAsync).WithName("createTodo").WithSummary("Creates a todo.").Requires("todo.todos:write")
            .TakesHeader("Idempotency-Key", "Sent again with the same key and body, the call is done once.")
            .TakesHeader("If-None-Match", "* allows to propose an id.")
            .Accepts<TodoBody>("application/json")
            .Produces<TodoDocument>(201);

    private static async Task<IResult> HandleAsync(
        HttpContext http, [FromServices] Edits edits, [FromServices] TodoBook book, CancellationToken cancellation)
    {
        if (!(await Body.ReadAsync(http.Request, TodoJson.Default.TodoBody, cancellation: cancellation)).Is(out var body, out var problem)
            || !Check(http, body).Is(out var content, out problem))
        {
            return problem.ToResult();
        }

        return await edits.RunAsync(
            http,
            async (edit, token) => (await book.CreateAsync(edit, content, body.ListId, body.ParentId, body.Id, token)).Is(out var todo, out var refused)
                ? TodoReplies.Created(todo)
                : Reply.Of(refused),
            cancellation);
    }

    private static Outcome<TodoContent> Check(HttpContext http, TodoBody body)
    {
        var findings = new Findings();
        var content = TodoRules.Check(body, findings);
        if (body.Id is { } id && (id == Guid.Empty || http.Request.Headers.IfNoneMatch != "*"))
        {
            findings.Add("/id", "needsIfNoneMatch", "Ids are made by the server. To propose one, also send the header If-None-Match: *.");
        }

        return findings.Any ? findings.ToProblem() : content;
    }
}
