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

internal static class CreateProduct
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/products", HandleAsync).WithName("createProduct").WithSummary("Offers a new product.").Requires("retail.products:write")
            .TakesHeader("Idempotency-Key", "Sent again with the same key and body, the call is done once.")
            .Accepts<ProductBody>("application/json")
            .Produces<ProductDocument>(201);

    private static async Task<IResult> HandleAsync(
        HttpContext http, [FromServices] Writings writings, [FromServices] ProductBook book, [FromServices] TimeProvider time, CancellationToken cancellation)
    {
        var id = Guid.CreateVersion7(time.GetUtcNow());
        if (Sellers.Refuse(http.Caller()) is { } forbidden)
        {
            return forbidden.ToResult();
        }

        if (!(await Body.ReadAsync(http.Request, CatalogJson.Default.ProductBody, cancellation: cancellation)).Is(out var body, out var problem)
            || !Sellers.NameFor(http.Caller(), body.VendorId).Is(out var vendor, out problem)
            || !ProductRules.Check(body, Skus.Of(id)).Is(out var content, out problem))
        {
            return problem.ToResult();
        }

        return await writings.RunAsync(
            http,
            async (writing, token) => (await book.CreateAsync(writing, id, vendor, content, token)).Is(out var product, out var refused)
                ? ProductReplies.Created(product)
                : Reply.Of(refused),
            cancellation);
    }
}
