using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Documents;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Replies;
using Slipway.Sdk.Requests;
using Todo.Api.Changes;
using Todo.Api.Lists;

namespace Todo.Api.Endpoints.Lists;

internal static class CreateList
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/lists", HandleAsync).WithName("createList").WithSummary("Makes a list.").Requires("todo.lists:write")
            .TakesHeader("Idempotency-Key", "Sent again with the same key and body, the call is done once.")
            .Accepts<ListBody>("application/json")
            .Produces<ListDocument>(201);

    private static async Task<IResult> HandleAsync(HttpContext http, [FromServices] Edits edits, CancellationToken cancellation)
    {
        if (!(await Body.ReadAsync(http.Request, TodoJson.Default.ListBody, cancellation: cancellation)).Is(out var body, out var problem))
        {
            return problem.ToResult();
        }

        var findings = new Findings();
        var name = ListRules.Name(findings, body.Name);
        var color = ListRules.Color(findings, body.Color);
        if (findings.Any)
        {
            return findings.ToProblem().ToResult();
        }

        return await edits.RunAsync(
            http,
            async (edit, token) =>
            {
                if (!(await ListBook.CreateAsync(edit, name, color, token)).Is(out var list, out var refused))
                {
                    return Reply.Of(refused);
                }

                var document = await ListDocuments.InTransactionAsync(edit.Transaction, edit.Actor.Id, list.Id, token);
                return Reply.Created($"/api/v1/lists/{list.Id}", document, TodoJson.Default.ListDocument, Versions.ETag(list.Version));
            },
            cancellation);
    }
}
