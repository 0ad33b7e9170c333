using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Retail.Catalog.Caching;
using Retail.Catalog.Products;
using Retail.Catalog.Searching;
using Slipway.Sdk.Caching;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Documents;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Replies;
using Slipway.Sdk.Requests;

namespace Retail.Catalog.Endpoints;

/// <summary>Lists and searches. A search also says what its list could be narrowed by; what a list takes, a search takes too.</summary>
internal static class ListProducts
{
    private const string Pages = "Products, page by page.";
    private const string Fitting = "Products that fit some words, the best first, with what the list could be narrowed by.";

    public static void Map(IEndpointRouteBuilder api)
    {
        Describe(api.MapGet("/products", ListAsync).WithName("listProducts").WithSummary(Pages).Produces<ProductPage<ProductDocument>>(200));
        Describe(api.MapGet("/products/search", SearchAsync).WithName("searchProducts").WithSummary(Fitting).Produces<ProductPage<ProductDocument>>(200));
    }

    public static void MapV2(IEndpointRouteBuilder api)
    {
        Describe(api.MapGet("/products", ListV2Async).WithName("listProductsV2").WithSummary(Pages).Produces<ProductPage<ProductDocumentV2>>(200));
        Describe(api.MapGet("/products/search", SearchV2Async).WithName("searchProductsV2").WithSummary(Fitting).Produces<ProductPage<ProductDocumentV2>>(200));
    }

    private static void Describe(RouteHandlerBuilder endpoint) =>
        endpoint.OpenToAll("The catalogue is public.")
            .Takes("q", "Words of name, category, attributes, description or SKU; misspelt ones are led to the nearest.")
            .Takes("category", "This category and everything below it.")
            .Takes("minPrice", "Such as 19.90.", "number")
            .Takes("maxPrice", "Such as 19.90.", "number")
            .Takes("vendor", "Ids of vendors, separated by commas.")
            .Takes("inStock", "Only what is in stock, or only what is not.", "boolean")
            .Takes("attributes", "Pairs such as color:black,color:red,size:M. Of one attribute any value fits.")
            .Takes("active", "true, false or all; other than true for the vendor whose products are listed, and for administrators.")
            .Takes("sort", "relevance, price, name or createdAt, the last three also with a leading minus.")
            .Takes("page", "From 1; page times pageSize is at most 10000.", "integer")
            .Takes("pageSize", "Up to 100, 24 unless said otherwise.", "integer");

    private static Task<IResult> ListAsync(
        HttpContext http, [FromServices] ProductListing listing, [FromServices] CachedReplies cached, [FromServices] SearchMetrics metrics, CancellationToken cancellation) =>
        AnswerAsync(http, listing, cached, metrics, facets: false, v2: false, cancellation);

    private static Task<IResult> SearchAsync(
        HttpContext http, [FromServices] ProductListing listing, [FromServices] CachedReplies cached, [FromServices] SearchMetrics metrics, CancellationToken cancellation) =>
        AnswerAsync(http, listing, cached, metrics, facets: true, v2: false, cancellation);

    private static Task<IResult> ListV2Async(
        HttpContext http, [FromServices] ProductListing listing, [FromServices] CachedReplies cached, [FromServices] SearchMetrics metrics, CancellationToken cancellation) =>
        AnswerAsync(http, listing, cached, metrics, facets: false, v2: true, cancellation);

    private static Task<IResult> SearchV2Async(
        HttpContext http, [FromServices] ProductListing listing, [FromServices] CachedReplies cached, [FromServices] SearchMetrics metrics, CancellationToken cancellation) =>
        AnswerAsync(http, listing, cached, metrics, facets: true, v2: true, cancellation);

    private static async Task<IResult> AnswerAsync(
        HttpContext http, ProductListing listing, CachedReplies cached, SearchMetrics metrics, bool facets, bool v2, CancellationToken cancellation)
    {
        var query = Query.Of(http.Request);
        var filter = ProductFilter.Read(query);
        if ((query.Problem() ?? RefuseHidden(http, filter)) is { } problem)
        {
            return problem.ToResult();
        }

        metrics.Asked(facets);
        if (filter.Active != true)
        {
            return Page(filter, await listing.ListAsync(filter, facets, cancellation), v2).With("Cache-Control", "private, no-store");
        }

        return await cached.ReadAsync(
            http,
            async token =>
            {
                var listed = await listing.ListAsync(filter, facets, token);
                metrics.Found(facets, listed);
                IEnumerable<string> tags = [filter.Category is null ? CacheTags.AnyCategory : CacheTags.Category(filter.Category)];
                return new MadeReply(Page(filter, listed, v2), [.. tags, .. listed.Products.Select(product => CacheTags.Product(product.Id))]);
            },
            cancellation);
    }

    /// <summary>What is not sold any more is between its vendor and the administrators.</summary>
    private static Problem? RefuseHidden(HttpContext http, ProductFilter filter)
    {
        if (filter.Active == true)
        {
            return null;
        }

        if (http.CallerOrNull() is not { } caller)
        {
            return Problem.Unauthenticated("Sign in to see what is not sold any more.");
        }

        return Sellers.IsAdmin(caller) || (Sellers.IsSeller(caller) && filter.Vendors is [var vendor] && vendor == caller.UserId)
            ? null
            : Problem.Forbidden("Vendors see their own products that are not sold any more: send vendor with your own id.");
    }

    private static Reply Page(ProductFilter filter, Listed listed, bool v2)
    {
        var corrections = listed.Words.Where(word => word.Similar.Count > 0).Select(word => new CorrectionDocument(word.Word, word.Similar)).ToList();
        return v2
            ? ProductReplies.Hashed(PageOf(filter, listed, corrections, ProductDocumentV2.Of), CatalogJson.Default.ProductPageV2)
            : ProductReplies.Hashed(PageOf(filter, listed, corrections, ProductDocument.Of), CatalogJson.Default.ProductPage);
    }

    private static ProductPage<T> PageOf<T>(ProductFilter filter, Listed listed, List<CorrectionDocument> corrections, Func<Product, T> document) => new()
    {
        Items = [.. listed.Products.Select(document)],
        Page = filter.Page,
        PageSize = filter.PageSize,
        Total = listed.Total,
        TotalExact = listed.TotalExact,
        Facets = listed.Facets,
        FacetsExact = listed.Facets is null ? null : listed.FacetsExact,
        Corrections = corrections.Count == 0 ? null : corrections,
    };
}
