using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Replies;
using Todo.Api.Changes;
using Todo.Api.Upkeep;

namespace Todo.Api.Endpoints.Todos;

/// <summary>Removes for good what the caller has thrown away: todos in own lists, and own lists. There is no way back.</summary>
internal static class EmptyTrash
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapDelete("/trash", HandleAsync).WithName("emptyTrash").WithSummary("Empties the own trash for good.").Requires("todo.todos:delete")
            .Produces(204);

    private static async Task<IResult> HandleAsync(HttpContext http, [FromServices] Edits edits, CancellationToken cancellation) =>
        await edits.RunAsync(
            http,
            async (edit, token) =>
            {
                await Purging.OfPersonAsync(edit, token);
                return Reply.NoContent();
            },
            cancellation);
}
