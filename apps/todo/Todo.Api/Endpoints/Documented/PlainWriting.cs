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

namespace Todo.Api.Endpoints.Documented;

/// <summary>Creating, replacing, completing and deleting in the plain shape. A version may be named and is then heeded, but need not be.</summary>
internal static class PlainWriting
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapPost("/todos", CreateAsync).WithName("plainCreateTodo").WithSummary("Creates a todo.").Requires("todo.todos:write")
            .TakesHeader("Idempotency-Key", "Sent again with the same key and body, the call is done once.")
            .Accepts<PlainTodoBody>("application/json")
            .Produces<PlainTodo>(201);
        app.MapPut("/todos/{id:guid}", ReplaceAsync).WithName("plainReplaceTodo").WithSummary("Replaces a todo.").Requires("todo.todos:write")
            .TakesHeader("If-Match", "The version that was read; heeded when sent.")
            .Accepts<PlainTodoBody>("application/json")
            .Produces<PlainTodo>(200);
        app.MapPatch("/todos/{id:guid}/complete", CompleteAsync).WithName("plainCompleteTodo").WithSummary("Completes or reopens a todo.").Requires("todo.todos:write")
            .TakesHeader("Idempotency-Key", "Sent again with the same key and body, the call is done once.")
            .Accepts<PlainCompletedBody>("application/json")
            .Produces<PlainTodo>(200);
        app.MapDelete("/todos/{id:guid}", DeleteAsync).WithName("plainDeleteTodo").WithSummary("Deletes a todo.").Requires("todo.todos:delete")
            .TakesHeader("If-Match", "The version that was read; heeded when sent.")
            .Produces(204);
    }

    private static async Task<IResult> CreateAsync(HttpContext http, [FromServices] Edits edits, [FromServices] TodoBook book, CancellationToken cancellation)
    {
        if (!(await Body.ReadAsync(http.Request, TodoJson.Default.PlainTodoBody, cancellation: cancellation)).Is(out var body, out var problem)
            || !body.Check().Is(out var content, out problem))
        {
            return problem.ToResult();
        }

        return await edits.RunAsync(
            http,
            async (edit, token) =>
            {
                if (!(await book.CreateAsync(edit, content, null, null, null, token)).Is(out var todo, out var refused))
                {
                    return Reply.Of(refused);
                }

                if (body.Completed == true)
                {
                    todo = (await book.CompleteAsync(edit, todo.Id, _ => null, token)).Value.Todo;
                }

                return Reply.Created($"/todos/{todo.Id}", PlainTodo.Of(todo), TodoJson.Default.PlainTodo, Versions.ETag(todo.Version));
            },
            cancellation);
    }

    private static async Task<IResult> ReplaceAsync(
        Guid id, HttpContext http, [FromServices] Edits edits, [FromServices] TodoBook book, CancellationToken cancellation)
    {
        if (!(await Body.ReadAsync(http.Request, TodoJson.Default.PlainTodoBody, cancellation: cancellation)).Is(out var body, out var problem)
            || !body.Check().Is(out var content, out problem))
        {
            return problem.ToResult();
        }

        return await edits.RunAsync(
            http,
            async (edit, token) =>
            {
                if (!(await book.ChangeAsync(edit, id, TodoReplies.IfMatchNamed(http), existing => PlainTodoBody.Over(existing, content), token)).Is(out var todo, out var refused))
                {
                    return Reply.Of(refused);
                }

                if (body.Completed is { } completed && completed != todo.Completed)
                {
                    todo = await SetCompletedAsync(edit, book, id, completed, token);
                }

                return Reply.Ok(PlainTodo.Of(todo), TodoJson.Default.PlainTodo, Versions.ETag(todo.Version));
            },
            cancellation);
    }

    private static async Task<IResult> CompleteAsync(
        Guid id, HttpContext http, [FromServices] Edits edits, [FromServices] TodoBook book, CancellationToken cancellation)
    {
        if (!(await Body.ReadAsync(http.Request, TodoJson.Default.PlainCompletedBody, cancellation: cancellation)).Is(out var body, out var problem))
        {
            return problem.ToResult();
        }

        if (body.Completed is not { } completed)
        {
            return Problem.Invalid([new Finding("required", "completed is true or false.") { Pointer = "/completed" }]).ToResult();
        }

        return await edits.RunAsync(
            http,
            async (edit, token) =>
            {
                var check = TodoReplies.IfMatchNamed(http);
                Outcome<TodoState> outcome;
                if (completed)
                {
                    outcome = (await book.CompleteAsync(edit, id, check, token)).Is(out var completion, out var refused) ? completion.Todo : refused;
                }
                else
                {
                    outcome = await book.ReopenAsync(edit, id, check, token);
                }

                return outcome.Is(out var todo, out var failed)
                    ? Reply.Ok(PlainTodo.Of(todo), TodoJson.Default.PlainTodo, Versions.ETag(todo.Version))
                    : Reply.Of(failed);
            },
            cancellation);
    }

    private static async Task<IResult> DeleteAsync(
        Guid id, HttpContext http, [FromServices] Edits edits, [FromServices] TodoBook book, CancellationToken cancellation) =>
        await edits.RunAsync(
            http,
            async (edit, token) => (await book.DeleteAsync(edit, id, TodoReplies.IfMatchNamed(http), token)).Problem is { } problem
                ? Reply.Of(problem)
                : Reply.NoContent(),
            cancellation);

    private static async Task<TodoState> SetCompletedAsync(Edit edit, TodoBook book, Guid id, bool completed, CancellationToken cancellation) =>
        completed
            ? (await book.CompleteAsync(edit, id, _ => null, cancellation)).Value.Todo
            : (await book.ReopenAsync(edit, id, _ => null, cancellation)).Value;
}
