using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Database;
using Slipway.Sdk.Documents;
using Slipway.Sdk.Paging;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Replies;
using Slipway.Sdk.Requests;
using Todo.Api.Changes;
using Todo.Api.Listing;
using Todo.Api.Lists;

namespace Todo.Api.Endpoints.Lists;

/// <summary>The lists somebody is a member of, all of them: there are few, and a page shows them side by side.</summary>
internal static class ListLists
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/lists", HandleAsync).WithName("listLists").WithSummary("All lists of the caller.").Requires("todo.lists:read")
            .Takes("deleted", "exclude, include or only: the trash.")
            .Produces<ListPage>(200);

    private static async Task<IResult> HandleAsync(
        HttpContext http, [FromServices] Database database, [FromServices] Edits edits, [FromServices] LastKnown lastKnown,
        CancellationToken cancellation)
    {
        var query = Query.Of(http.Request);
        var deleted = query.Text("deleted");
        if (deleted is not (null or "exclude" or "include" or "only"))
        {
            query.Wrong("deleted", "notOneOf", "deleted must be one of exclude, include, only.");
        }

        if (query.Problem() is { } problem)
        {
            return problem.ToResult();
        }

        var actor = Actor.Of(http);
        Task<List<ListDocument>> ReadAsync() => database.ReadAsync(
            (connection, token) => ListDocuments.All(connection, actor.Id, deleted != "only", deleted is "include" or "only").ListAsync(ListDocuments.Read, token),
            cancellation);
        return await lastKnown.ReadAsync(http, actor, async () =>
        {
            var lists = await ReadAsync();
            if (deleted != "only" && !lists.Exists(list => list.Inbox && list.Role == "owner"))
            {
                await edits.RunAsync(actor, (edit, token) => ListRows.InboxAsync(edit, token), cancellation);
                lists = await ReadAsync();
            }

            return Reply.Ok(new ListPage(lists, new Page(lists.Count, null, null, null)), TodoJson.Default.ListPage);
        });
    }
}
