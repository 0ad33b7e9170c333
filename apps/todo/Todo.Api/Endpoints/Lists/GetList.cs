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
            .Takes("deleted", "include finds it in the trash as well.")
            .Produces<ListDocument>(200);

    private static async Task<IResult> HandleAsync(Guid id, HttpContext http, [FromServices] Database database, CancellationToken cancellation)
    {
        var query = Query.Of(http.Request);
        var deleted = query.Text("deleted");
        if (deleted is not (null or "include"))
        {
            query.Wrong("deleted", "notOneOf", "deleted must be include.");
        }

        if (query.Problem() is { } problem)
        {
            return problem.ToResult();
        }

        var person = Actor.Of(http).Id;
        var list = await database.ReadAsync((connection, token) => ListDocuments.FindAsync(connection, person, id, deleted is not null, token), cancellation);
        return list is null ? ListRows.Unknown.ToResult() : Reply.Ok(list, TodoJson.Default.ListDocument, Versions.ETag(list.Version));
    }
}
