using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Documents;
using Slipway.Sdk.Replies;
using Slipway.Sdk.Requests;
using Todo.Api.Changes;
using Todo.Api.Todos;

namespace Todo.Api.Endpoints.Todos;

internal static class CompleteTodo
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/todos/{id:guid}/complete", HandleAsync).WithName("completeTodo").WithSummary("Completes a todo; a recurring one comes back.").Requires("todo.todos:write")
            .TakesHeader("If-Match", "The version that was read; heeded when sent.")
            .TakesHeader("Idempotency-Key", "Sent again with the same key and body, the call is done once.")
            .Produces<CompletionDocument>(200);

    private static async Task<IResult> HandleAsync(
        Guid id, HttpContext http, [FromServices] Edits edits, [FromServices] TodoBook book, CancellationToken cancellation) =>
        await edits.RunAsync(
            http,
            async (edit, token) =>
            {
                if (!(await book.CompleteAsync(edit, id, TodoReplies.IfMatchNamed(http), token)).Is(out var completion, out var problem))
                {
                    return Reply.Of(problem);
                }

                var todo = await TodoReplies.DocumentAsync(edit.Transaction, completion.Todo, token);
                var next = completion.Next is null ? null : await TodoReplies.DocumentAsync(edit.Transaction, completion.Next, token);
                return Reply.Ok(new CompletionDocument(todo, next), TodoJson.Default.CompletionDocument, Versions.ETag(todo.Version));
            },
            cancellation);
}
