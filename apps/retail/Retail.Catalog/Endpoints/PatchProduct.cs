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

internal static class PatchProduct
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPatch("/products/{id:guid}", HandleAsync).WithName("patchProduct").WithSummary("Changes some of what is said about a product.").Requires("retail.products:write")
            .TakesHeader("If-Match", "The version that was read.", required: true)
            .TakesHeader("Idempotency-Key", "Sent again with the same key and body, the call is done once.")
            .Accepts<ProductBody>("application/merge-patch+json")
            .Produces<ProductDocument>(200);

    private static async Task<IResult> HandleAsync(
        Guid id, HttpContext http, [FromServices] Writings writings, [FromServices] ProductBook book, CancellationToken cancellation)
    {
        if (!(await MergePatch.ReadAsync(http.Request, ProductMerging.PatchMembers, cancellation)).Is(out var patch, out var problem))
        {
            return problem.ToResult();
        }

        return await writings.RunAsync(
            http,
            async (writing, token) =>
            {
                var changed = await book.ChangeAsync(
                    writing, id, http.Caller(), product => ProductTags.RequireMatch(http.Request, product), existing => ProductMerging.Patch(existing, patch), token);
                return changed.Is(out var product, out var refused) ? ProductReplies.Ok(product) : Reply.Of(refused);
            },
            cancellation);
    }
}
