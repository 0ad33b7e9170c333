using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Paging;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Replies;
using Todo.Api.Changes;
using Todo.Api.Listing;

namespace Todo.Api.Endpoints.Todos;

internal static class ListTodos
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/todos", HandleAsync).WithName("listTodos").Requires("todo.todos:read");

    private static async Task<IResult> HandleAsync(
        HttpContext http, [FromServices] TodoListing listing, [FromServices] LastKnown lastKnown, CancellationToken cancellation)
    {
        if (!TodoQuery.Read(http.Request).Is(out var query, out var problem))
        {
            return problem.ToResult();
        }

        var actor = Actor.Of(http);
        return await lastKnown.ReadAsync(http, actor, async () =>
        {
            if (!(await listing.ReadAsync(actor.Id, query, cancellation)).Is(out var page, out var refused))
            {
                return Reply.Of(refused);
            }

            Links.Write(http.Response, page.Page);
            return Reply.Ok(page, TodoJson.Default.TodoPage);
        });
    }
}
