using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Slipway.Sdk.Documents;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Replies;
using Slipway.Sdk.Requests;
using Titanic.Api.Graph;
using Titanic.Api.People;

namespace Titanic.Api.Endpoints;

internal sealed record GraphBody
{
    public string? Query { get; set; }

    public JsonObject? Variables { get; set; }

    /// <summary>There is one query in a call, so its name chooses nothing.</summary>
    public string? OperationName { get; set; }
}

/// <summary>Either what was asked for or what is wrong with the question.</summary>
internal sealed record GraphDocument(JsonElement? Data, JsonElement? Errors);

/// <summary>Reading with a query of the caller's own (GraphQL); see <see cref="GraphAnswers"/>.</summary>
internal static class GraphEndpoint
{
    private const int BytesMax = 65_536;

    public static void Map(IEndpointRouteBuilder api, AccessMode access) =>
        access.Reads(api.MapPost("/graphql", HandleAsync)).WithName("graphql").WithSummary("Answers a GraphQL query; only reading, without fragments.")
            .TakesHeader(Tenants.Tenants.HeaderName, "Whose people; everybody's unless said otherwise.")
            .Accepts<GraphBody>("application/json")
            .Example("""{"query":"query($c: [Int!]) { people(filter: { class: $c, survived: true }, sort: \"-age\", first: 10) { items { name age } endCursor } }","variables":{"c":[1]}}""")
            .Produces<GraphDocument>(200);

    private static async Task<IResult> HandleAsync(HttpContext http, [FromServices] PeopleReads reads, [FromServices] GraphAnswers answers, CancellationToken cancellation)
    {
        if (!(await Body.ReadAsync(http.Request, TitanicJson.Default.GraphBody, BytesMax, cancellation)).Is(out var body, out var problem)
            || !reads.TenantOf(http).Is(out var tenant, out problem))
        {
            return problem.ToResult();
        }

        if (string.IsNullOrWhiteSpace(body.Query))
        {
            return Problem.Invalid([new Finding("required", "query is required.") { Pointer = "/query" }]).ToResult();
        }

        return new Reply(
            200, [new("Content-Type", PersonJson.MediaType), new("Cache-Control", "no-store")], await answers.AnswerAsync(tenant, body.Query, body.Variables, cancellation));
    }
}
