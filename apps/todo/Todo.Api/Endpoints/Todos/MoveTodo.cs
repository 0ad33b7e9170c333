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

internal static class MoveTodo
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/todos/{id:guid}/move", HandleAsync).WithName("moveTodo").WithSummary("Moves a todo.").Requires("todo.todos:write")
            .TakesHeader("If-Match", "The version that was read; heeded when sent.")
            .TakesHeader("Idempotency-Key", "Sent again with the same key and body, the call is done once.")
            .Accepts<MoveBody>("application/json")
            .Produces<TodoDocument>(200);

    private static async Task<IResult> HandleAsync(
        Guid id, HttpContext http, [FromServices] Edits edits, [FromServices] TodoMoving moving, CancellationToken cancellation)
    {
        // Read like a patch, since an absent parent and none at all are different wishes.
        if (!(await MergePatch.ReadAsync(http.Request, MoveWish.Members, cancellation)).Is(out var json, out var problem)
            || !MoveWish.Read(json).Is(out var wish, out problem))
        {
            return problem.ToResult();
        }

        return await edits.RunAsync(
            http,
            async (edit, token) => await TodoReplies.OkAsync(
                edit.Transaction, await moving.MoveAsync(edit, id, wish, TodoReplies.IfMatchNamed(http), token), token),
            cancellation);
    }
}
