using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Retail.Catalog.Products;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Documents;
using Slipway.Sdk.Replies;

namespace Retail.Catalog.Endpoints;

internal static class DeleteProduct
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapDelete("/products/{id:guid}", HandleAsync).WithName("deleteProduct").WithSummary("Takes a product out of the shop for good.").Requires("retail.products:write")
            .TakesHeader("If-Match", "The version that was read.", required: true)
            .Produces(204);

    private static async Task<IResult> HandleAsync(
        Guid id, HttpContext http, [FromServices] Writings writings, [FromServices] ProductBook book, CancellationToken cancellation) =>
        await writings.RunAsync(
            http,
            async (writing, token) =>
                (await book.DeleteAsync(writing, id, http.Caller(), product => ProductTags.RequireMatch(http.Request, product), token)).Problem is { } refused
                    ? Reply.Of(refused)
                    : Reply.NoContent(),
            cancellation);
}
