using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Npgsql;
using Retail.Catalog.Products;
using Slipway.Sdk.Caching;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Database;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Requests;

namespace Retail.Catalog.Endpoints;

/// <summary>One product, by its id or by the SKU of any of its variants. Also one that is not sold any more: those who bought it may look at it.</summary>
internal static class GetProduct
{
    private const string Reason = "The catalogue is public.";
    private const string OneById = "One product.";
    private const string OneBySku = "The product a SKU belongs to.";

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/products/{id:guid}", ByIdAsync).WithName("getProduct").WithSummary(OneById).OpenToAll(Reason).Produces<ProductDocument>(200);
        api.MapGet("/products/sku/{sku}", BySkuAsync).WithName("getProductBySku").WithSummary(OneBySku).OpenToAll(Reason).Produces<ProductDocument>(200);
    }

    public static void MapV2(IEndpointRouteBuilder api)
    {
        api.MapGet("/products/{id:guid}", ByIdV2Async).WithName("getProductV2").WithSummary(OneById).OpenToAll(Reason).Produces<ProductDocumentV2>(200);
        api.MapGet("/products/sku/{sku}", BySkuV2Async).WithName("getProductBySkuV2").WithSummary(OneBySku).OpenToAll(Reason).Produces<ProductDocumentV2>(200);
    }

    private static Task<IResult> ByIdAsync(
        Guid id, HttpContext http, [FromServices] Database database, [FromServices] CachedReplies cached, CancellationToken cancellation) =>
        AnswerAsync(http, database, cached, (connection, token) => ProductRows.FindAsync(connection, id, token), v2: false, cancellation);

    private static Task<IResult> ByIdV2Async(
        Guid id, HttpContext http, [FromServices] Database database, [FromServices] CachedReplies cached, CancellationToken cancellation) =>
        AnswerAsync(http, database, cached, (connection, token) => ProductRows.FindAsync(connection, id, token), v2: true, cancellation);

    private static Task<IResult> BySkuAsync(
        string sku, HttpContext http, [FromServices] Database database, [FromServices] CachedReplies cached, CancellationToken cancellation) =>
        AnswerAsync(http, database, cached, (connection, token) => FindAsync(connection, sku, token), v2: false, cancellation);

    private static Task<IResult> BySkuV2Async(
        string sku, HttpContext http, [FromServices] Database database, [FromServices] CachedReplies cached, CancellationToken cancellation) =>
        AnswerAsync(http, database, cached, (connection, token) => FindAsync(connection, sku, token), v2: true, cancellation);

    private static Task<Product?> FindAsync(NpgsqlConnection connection, string text, CancellationToken cancellation) =>
        Skus.Read(text) is { } sku ? ProductRows.FindAsync(connection, sku, cancellation) : Task.FromResult<Product?>(null);

    private static async Task<IResult> AnswerAsync(
        HttpContext http,
        Database database,
        CachedReplies cached,
        Func<NpgsqlConnection, CancellationToken, Task<Product?>> find,
        bool v2,
        CancellationToken cancellation) =>
        Query.Of(http.Request).Problem() is { } problem
            ? problem.ToResult()
            : await cached.ReadAsync(
                http,
                async token => await database.ReadAsync(find, token) is { } product
                    ? ProductReplies.Read(product, v2)
                    : new MadeReply(Slipway.Sdk.Replies.Reply.Of(Problem.NotFound("product")), []),
                cancellation);
}
