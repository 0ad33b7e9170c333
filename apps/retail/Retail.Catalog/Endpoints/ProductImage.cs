using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Retail.Catalog.Images;
using Retail.Catalog.Products;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Database;
using Slipway.Sdk.Documents;
using Slipway.Sdk.Limits;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Replies;
using Slipway.Sdk.Requests;

namespace Retail.Catalog.Endpoints;

/// <summary>The picture of a product.</summary>
internal static class ProductImage
{
    private const string Forever = "public, max-age=31536000, immutable";

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/products/{id:guid}/image", ReadAsync).WithName("productImage").WithSummary("The picture of a product.")
            .OpenToAll("The catalogue is public.")
            .Takes("v", "The version imageUrl names; with it the picture may be kept for good.")
            .Produces<byte[]>(200, "image/png", "image/jpeg", "image/webp");
        api.MapPut("/products/{id:guid}/image", SaveAsync).WithName("setProductImage").WithSummary("Gives a product a picture, up to 2 MiB.")
            .Requires("retail.products:write").Limited("transfer")
            .TakesHeader("If-Match", "The version that was read.", required: true)
            .Accepts<byte[]>("image/png", "image/jpeg", "image/webp")
            .Produces<ProductDocument>(200);
        api.MapDelete("/products/{id:guid}/image", DeleteAsync).WithName("deleteProductImage").WithSummary("Takes the picture of a product away.")
            .Requires("retail.products:write")
            .TakesHeader("If-Match", "The version that was read.", required: true)
            .Produces<ProductDocument>(200);
    }

    private static async Task<IResult> ReadAsync(Guid id, HttpContext http, [FromServices] Database database, CancellationToken cancellation)
    {
        var query = Query.Of(http.Request);
        var version = query.Text("v", 64);
        if (query.Problem() is { } problem)
        {
            return problem.ToResult();
        }

        if (await database.ReadAsync((connection, token) => ImageRows.FindAsync(connection, id, token), cancellation) is not { } image)
        {
            return Problem.NotFound("picture").ToResult();
        }

        var etag = $"\"{image.Hash}\"";
        var cache = new KeyValuePair<string, string>("Cache-Control", version == image.Hash ? Forever : ProductReplies.Revalidate);
        return Versions.NotModified(http.Request, etag)
            ? new Reply(304, [new("ETag", etag), cache], default)
            : new Reply(200, [new("Content-Type", image.MediaType), new("ETag", etag), cache], image.Bytes);
    }

    private static async Task<IResult> SaveAsync(
        Guid id, HttpContext http, [FromServices] Writings writings, [FromServices] ProductBook book, CancellationToken cancellation)
    {
        if (!(await UploadedImage.ReadAsync(http, cancellation)).Is(out var image, out var problem))
        {
            return problem.ToResult();
        }

        return await writings.RunAsync(
            http,
            async (writing, token) =>
            {
                if (!(await ProductBook.LockAsync(writing, id, http.Caller(), product => ProductTags.RequireMatch(http.Request, product), token)).Is(out var product, out var refused))
                {
                    return Reply.Of(refused);
                }

                await ImageRows.SaveAsync(writing.Transaction, id, image, writing.Now, token);
                return (await book.SetImageAsync(writing, product, image.Hash, token)).Is(out var changed, out refused) ? ProductReplies.Ok(changed) : Reply.Of(refused);
            },
            cancellation);
    }

    private static async Task<IResult> DeleteAsync(
        Guid id, HttpContext http, [FromServices] Writings writings, [FromServices] ProductBook book, CancellationToken cancellation) =>
        await writings.RunAsync(
            http,
            async (writing, token) =>
            {
                if (!(await ProductBook.LockAsync(writing, id, http.Caller(), product => ProductTags.RequireMatch(http.Request, product), token)).Is(out var product, out var refused))
                {
                    return Reply.Of(refused);
                }

                await ImageRows.DeleteAsync(writing.Transaction, id, token);
                return (await book.SetImageAsync(writing, product, null, token)).Is(out var changed, out refused) ? ProductReplies.Ok(changed) : Reply.Of(refused);
            },
            cancellation);
}
