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

    private static async Task<IResult> HandleAsync(HttpContext http, [FromServices] TodoListing listing, CancellationToken cancellation)
    {
        if (!TodoQuery.Read(http.Request).Is(out var query, out var problem)
            || !(await listing.ReadAsync(Actor.Of(http).Id, query, cancellation)).Is(out var page, out problem))
        {
            return problem.ToResult();
        }

        Links.Write(http.Response, page.Page);
        return Reply.Ok(page, TodoJson.Default.TodoPage);
    }
}
