using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Database;
using Slipway.Sdk.Paging;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Replies;
using Slipway.Sdk.Requests;
using Todo.Api.Changes;
using Todo.Api.Lists;
using Todo.Api.Sharing;

namespace Todo.Api.Endpoints.Sharing;

internal static class ListMembers
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/lists/{id:guid}/members", HandleAsync).WithName("listMembers").WithSummary("Who may see a list.").Requires("todo.lists:read")
            .Produces<MemberPage>(200);

    private static async Task<IResult> HandleAsync(Guid id, HttpContext http, [FromServices] Database database, CancellationToken cancellation)
    {
        if (Query.Of(http.Request).Problem() is { } problem)
        {
            return problem.ToResult();
        }

        var person = Actor.Of(http).Id;
        var members = await database.ReadAsync((connection, token) => Members.AllAsync(connection, id, token), cancellation);
        return members.Exists(member => member.UserId == person)
            ? Reply.Ok(new MemberPage([.. members.Select(MemberDocument.Of)], new Page(members.Count, null, null, null)), TodoJson.Default.MemberPage)
            : ListRows.Unknown.ToResult();
    }
}
