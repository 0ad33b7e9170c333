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

internal static class ReplaceProduct
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPut("/products/{id:guid}", HandleAsync).WithName("replaceProduct").WithSummary("Replaces what is said about a product.").Requires("retail.products:write")
            .TakesHeader("If-Match", "The version that was read.", required: true)
            .Accepts<ProductBody>("application/json")
            .Produces<ProductDocument>(200);

    private static async Task<IResult> HandleAsync(
        Guid id, HttpContext http, [FromServices] Writings writings, [FromServices] ProductBook book, CancellationToken cancellation)
    {
        if (!(await Body.ReadAsync(http.Request, CatalogJson.Default.ProductBody, cancellation: cancellation)).Is(out var body, out var problem)
            || !Check(body).Is(out var content, out problem))
        {
            return problem.ToResult();
        }

        return await writings.RunAsync(
            http,
            async (writing, token) =>
            {
                var changed = await book.ChangeAsync(
                    writing, id, http.Caller(), product => ProductTags.RequireMatch(http.Request, product), existing => ProductMerging.Replace(existing, content, body), token);
                return changed.Is(out var product, out var refused) ? ProductReplies.Ok(product) : Reply.Of(refused);
            },
            cancellation);
    }

    private static Outcome<ProductContent> Check(ProductBody body)
    {
        var findings = new Findings();
        var content = ProductRules.Check(body, madeSku: "-", findings);
        if (body.VendorId is not null)
        {
            findings.Add("/vendor_id", "unchangeable", "A product stays with its vendor; leave out vendor_id.");
        }

        return findings.Any ? findings.ToProblem() : content;
    }
}
