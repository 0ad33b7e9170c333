using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Documents;
using Todo.Api.Changes;
using Todo.Api.Todos;

namespace Todo.Api.Endpoints.Todos;

internal static class ReopenTodo
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/todos/{id:guid}/reopen", HandleAsync).WithName("reopenTodo").WithSummary("Opens a completed todo again.").Requires("todo.todos:write")
            .TakesHeader("If-Match", "The version that was read; heeded when sent.")
            .TakesHeader("Idempotency-Key", "Sent again with the same key and body, the call is done once.")
            .Produces<TodoDocument>(200);

    private static async Task<IResult> HandleAsync(
        Guid id, HttpContext http, [FromServices] Edits edits, [FromServices] TodoBook book, CancellationToken cancellation) =>
        await edits.RunAsync(
            http,
            async (edit, token) => await TodoReplies.OkAsync(
                edit.Transaction, await book.ReopenAsync(edit, id, TodoReplies.IfMatchNamed(http), token), token),
            cancellation);
}
