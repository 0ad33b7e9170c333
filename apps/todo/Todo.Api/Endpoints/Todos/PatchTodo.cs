using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Requests;
using Todo.Api.Changes;
using Todo.Api.Todos;

namespace Todo.Api.Endpoints.Todos;

internal static class PatchTodo
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPatch("/todos/{id:guid}", HandleAsync).WithName("patchTodo").Requires("todo.todos:write");

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
