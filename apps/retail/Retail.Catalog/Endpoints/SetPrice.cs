using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Retail.Catalog.Products;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Documents;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Replies;
using Slipway.Sdk.Requests;

namespace Retail.Catalog.Endpoints;

internal static class SetPrice
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPatch("/products/{id:guid}/price", HandleAsync).WithName("setPrice").WithSummary("Sets the price of a product or of one of its variants.")
            .Requires("retail.products:write")
            .TakesHeader("If-Match", "The version that was read.", required: true)
            .TakesHeader("Idempotency-Key", "Sent again with the same key and body, the call is done once.")
            .Accepts<PriceBody>("application/merge-patch+json", "application/json")
            .Produces<ProductDocument>(200);

    private static async Task<IResult> HandleAsync(
        Guid id, HttpContext http, [FromServices] Writings writings, [FromServices] ProductBook book, CancellationToken cancellation)
    {
        if (!(await ReadAsync(http.Request, cancellation)).Is(out var wanted, out var problem))
        {
            return problem.ToResult();
        }

        return await writings.RunAsync(
            http,
            async (writing, token) =>
            {
                var changed = await book.ChangeAsync(
                    writing, id, http.Caller(), product => ProductTags.RequireMatch(http.Request, product),
                    existing => ProductMerging.SetPrice(existing, wanted.Sku, wanted.Minor), token);
                return changed.Is(out var product, out var refused) ? ProductReplies.Ok(product) : Reply.Of(refused);
            },
            cancellation);
    }

    private static async Task<Outcome<WantedPrice>> ReadAsync(HttpRequest request, CancellationToken cancellation)
    {
        if (!(await MergePatch.ReadAsync(request, new HashSet<string> { "price", "currency", "sku" }, cancellation)).Is(out var patch, out var problem))
        {
            return problem;
        }

        var findings = new Findings();
        decimal? price = null;
        if (patch["price"] is JsonValue value && value.TryGetValue<decimal>(out var amount))
        {
            price = amount;
        }
        else if (patch["price"] is not null)
        {
            findings.Add("/price", "mistyped", "price must be a number such as 19.90.");
        }

        var minor = findings.Any ? 0 : Prices.Read(findings, "/price", price);
        Prices.Currency(findings, "/currency", TextOf(patch["currency"]));
        var sku = patch["sku"] is null ? null : Skus.Read(TextOf(patch["sku"]));
        if (patch["sku"] is not null && sku is null)
        {
            findings.Add("/sku", "notASku", Skus.Rule);
        }

        return findings.Any ? findings.ToProblem() : new WantedPrice(sku, minor);
    }

    /// <summary>What is no text is none of the texts that are allowed; half of a character, written as an escape, is none either.</summary>
    private static string? TextOf(JsonNode? node)
    {
        try
        {
            return node is null ? null : node is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";
        }
        catch (InvalidOperationException)
        {
            return "";
        }
    }

    private sealed record WantedPrice(string? Sku, long Minor);
}
