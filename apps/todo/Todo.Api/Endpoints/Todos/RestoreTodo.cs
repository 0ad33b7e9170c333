using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Documents;
using Todo.Api.Changes;
using Todo.Api.Todos;

namespace Todo.Api.Endpoints.Todos;

internal static class RestoreTodo
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/todos/{id:guid}/restore", HandleAsync).WithName("restoreTodo").WithSummary("Takes a todo out of the trash.").Requires("todo.todos:delete")
            .TakesHeader("Idempotency-Key", "Sent again with the same key and body, the call is done once.")
            .Produces<TodoDocument>(200);

    private static async Task<IResult> HandleAsync(
        Guid id, HttpContext http, [FromServices] Edits edits, [FromServices] TodoBook book, CancellationToken cancellation) =>
        await edits.RunAsync(
            http,
            async (edit, token) => await TodoReplies.OkAsync(edit.Transaction, await book.RestoreAsync(edit, id, token), token),
            cancellation);
}
