using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Retail.Catalog.Caching;
using Retail.Catalog.Searching;
using Slipway.Sdk.Caching;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Documents;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Requests;

namespace Retail.Catalog.Endpoints;

internal sealed record SuggestionList(IReadOnlyList<Suggestion> Items);

/// <param name="Kind">product or category.</param>
internal sealed record Suggestion(string Kind, string Text, string? TextDe, Guid? Id, string? Slug, string? ImageUrl);

/// <summary>What somebody who has typed this much may be looking for.</summary>
internal static class SuggestProducts
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/products/suggest", HandleAsync).WithName("suggestProducts").WithSummary("What somebody who has typed this much may be looking for.")
            .OpenToAll("The catalogue is public.")
            .Takes("q", "What was typed so far.")
            .Produces<SuggestionList>(200);

    private static async Task<IResult> HandleAsync(
        HttpContext http, [FromServices] Suggestions suggestions, [FromServices] CachedReplies cached, CancellationToken cancellation)
    {
        var query = Query.Of(http.Request);
        var text = query.Text("q", 100) ?? "";
        return query.Problem() is { } problem
            ? problem.ToResult()
            : await cached.ReadAsync(
                http,
                async token => new MadeReply(
                    ProductReplies.Hashed(new SuggestionList(await suggestions.FindAsync(text, token)), CatalogJson.Default.SuggestionList), [CacheTags.AnyCategory]),
                cancellation);
    }
}
