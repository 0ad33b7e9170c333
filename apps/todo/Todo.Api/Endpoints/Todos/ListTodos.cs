using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Documents;
using Slipway.Sdk.Paging;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Replies;
using Todo.Api.Changes;
using Todo.Api.Listing;

namespace Todo.Api.Endpoints.Todos;

internal static class ListTodos
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/todos", HandleAsync).WithName("listTodos").WithSummary("Lists todos.").Requires("todo.todos:read")
            .TakesPage()
            .Takes("view", "all, today, overdue, upcoming, inbox or completed.")
            .Takes("timeZone", "The IANA zone in which today is looked up.")
            .Takes("listId", "Only todos of this list.")
            .Takes("parentId", "Only subtasks of this todo.")
            .Takes("parentId[isNull]", "true: only todos that are no subtasks.", "boolean")
            .Takes("tag", "Any of these, separated by commas.")
            .Takes("priority", "Any of none, low, medium, high.")
            .Takes("category", "Any of these.")
            .Takes("completed", "Only done, or only open ones.", "boolean")
            .Takes("q", "Words to search for.")
            .Takes("due[gte]", "Due from this day or moment.")
            .Takes("due[lte]", "Due until this day or moment.")
            .Takes("deleted", "exclude, include or only: the trash.")
            .Takes("count", "exact or estimated adds page.total.")
            .Takes("facets", "tags, category, priority: what else there is and how often.")
            .Produces<TodoPage>(200);

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
