using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Documents;
using Slipway.Sdk.Replies;
using Todo.Api.Changes;
using Todo.Api.Todos;

namespace Todo.Api.Endpoints.Todos;

/// <summary>Throws a todo away; it stays in the trash for thirty days.</summary>
internal static class DeleteTodo
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapDelete("/todos/{id:guid}", HandleAsync).WithName("deleteTodo").WithSummary("Throws a todo away, for thirty days.").Requires("todo.todos:delete")
            .TakesHeader("If-Match", "The version that was read, from ETag.", required: true)
            .Produces(204);

    private static async Task<IResult> HandleAsync(
        Guid id, HttpContext http, [FromServices] Edits edits, [FromServices] TodoBook book, CancellationToken cancellation) =>
        await edits.RunAsync(
            http,
            async (edit, token) => (await book.DeleteAsync(edit, id, TodoReplies.IfMatch(http), token)).Problem is { } problem
                ? Reply.Of(problem)
                : Reply.NoContent(),
            cancellation);
}
