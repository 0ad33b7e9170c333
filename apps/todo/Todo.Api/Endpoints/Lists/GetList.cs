using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Database;
using Slipway.Sdk.Documents;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Replies;
using Slipway.Sdk.Requests;
using Todo.Api.Changes;
using Todo.Api.Lists;

namespace Todo.Api.Endpoints.Lists;

internal static class GetList
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/lists/{id:guid}", HandleAsync).WithName("getList").WithSummary("Reads a list.").Requires("todo.lists:read")
            .Takes(TrashParameter.Name, TrashParameter.About)
            .Produces<ListDocument>(200);

    private static async Task<IResult> HandleAsync(Guid id, HttpContext http, [FromServices] Database database, CancellationToken cancellation)
    {
        var query = Query.Of(http.Request);
        var deletedToo = TrashParameter.Read(query);
        if (query.Problem() is { } problem)
        {
            return problem.ToResult();
        }

        var person = Actor.Of(http).Id;
        var list = await database.ReadAsync((connection, token) => ListDocuments.FindAsync(connection, person, id, deletedToo, token), cancellation);
        return list is null ? ListRows.Unknown.ToResult() : Reply.Ok(list, TodoJson.Default.ListDocument, Versions.ETag(list.Version));
    }
}
