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

internal static class PatchTodo
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPatch("/todos/{id:guid}", HandleAsync).WithName("patchTodo").WithSummary("Changes parts of a todo.").Requires("todo.todos:write")
            .TakesHeader("If-Match", "The version that was read, from ETag.", required: true)
            .TakesHeader("Idempotency-Key", "Sent again with the same key and body, the call is done once.")
            .Accepts<TodoBody>("application/merge-patch+json", "application/json")
            .Produces<TodoDocument>(200);

    private static async Task<IResult> HandleAsync(
        Guid id, HttpContext http, [FromServices] Edits edits, [FromServices] TodoBook book, CancellationToken cancellation)
    {
        if (!(await MergePatch.ReadAsync(http.Request, TodoPatch.Members, cancellation)).Is(out var patch, out var problem))
        {
            return problem.ToResult();
        }

        return await edits.RunAsync(
            http,
            async (edit, token) => await TodoReplies.OkAsync(
                edit.Transaction,
                await book.ChangeAsync(edit, id, TodoReplies.IfMatch(http), content => TodoPatch.Apply(content, patch), token),
                token),
            cancellation);
    }
}
