using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Retail.Catalog.Categories;
using Retail.Catalog.Endpoints;
using Retail.Catalog.Live;
using Retail.Catalog.Products;
using Retail.Catalog.Searching;
using Retail.Catalog.Seeding;
using Retail.Catalog.Stock;
using Retail.Catalog.Transfer;
using Retail.Contracts;
using Slipway.Sdk.Caching;
using Slipway.Sdk.Database;
using Slipway.Sdk.Documents;
using Slipway.Sdk.Messaging;
using Slipway.Sdk.Notices;
using Slipway.Sdk.Service;
using Slipway.Sdk.Settings;

namespace Retail.Catalog;

/// <summary>The service as a whole: what it consists of and where its endpoints are.</summary>
public static class CatalogService
{
    public static SlipwayService Create(string[] args, Action<SlipwayServiceOptions>? options = null)
    {
        var service = SlipwayService.Create("catalog", args, options);
        service.Json(CatalogJson.Default);
        service.UseDatabase(typeof(CatalogService).Assembly);
        service.UseCallers("retail");
        service.Explain(CatalogProblems.All);
        service.UseCors();
        service.Limit("transfer", permits: 60, window: TimeSpan.FromMinutes(10));
        service.Limit("streams", permits: 120, window: TimeSpan.FromMinutes(1));

        var services = service.Services;
        services.AddSingleton(Bounds(service.Settings));
        services.AddSingleton<ResponseCache>();
        services.AddSingleton<CachedReplies>();
        services.AddSingleton<CategoryShelf>();
        services.AddSingleton<NoticeBoard>();
        services.AddSingleton<ProductMetrics>();
        services.AddSingleton<SearchMetrics>();
        services.AddSingleton<Writings>();
        services.AddSingleton<ProductBook>();
        services.AddSingleton<ProductListing>();
        services.AddSingleton<Suggestions>();
        services.AddSingleton<Importing>();
        services.AddSingleton<Seed>();
        services.AddSingleton<Generate>();
        services.AddSingleton<LiveFeed>();
        services.AddHostedService(provider => provider.GetRequiredService<LiveFeed>());
        service.UseNotices<NoticeBoard>(NoticeBoard.ChannelName);

        service.Command("seed", (provider, cancellation) => provider.GetRequiredService<Seed>().RunAsync(cancellation));
        service.Command("generate", (provider, cancellation) => provider.GetRequiredService<Generate>().RunAsync(service.Arguments, cancellation));
        return service;
    }

    public static void Map(WebApplication app)
    {
        MapFirst(app.MapGroup("/api/v1"));
        var second = app.MapGroup("/api/v2");
        ListProducts.MapV2(second);
        GetProduct.MapV2(second);

        MapFirst(app.MapFormerAddress(UnversionedAddresses.Prefix, UnversionedAddresses.Successor, UnversionedAddresses.Announced, UnversionedAddresses.Sunset));

        app.MapEvents("catalog", StockHints.Handling());
    }

    private static void MapFirst(RouteGroupBuilder api)
    {
        ListProducts.Map(api);
        GetProduct.Map(api);
        CreateProduct.Map(api);
        ReplaceProduct.Map(api);
        PatchProduct.Map(api);
        SetPrice.Map(api);
        DeleteProduct.Map(api);
        PricesOfProduct.Map(api);
        ProductImage.Map(api);
        CategoryEndpoints.Map(api);
        NameVendor.Map(api);
        SuggestProducts.Map(api);
        TransferProducts.Map(api);
        ProductEvents.Map(api);
    }

    private static CacheBounds Bounds(ServiceSettings settings) => new(
        "catalog",
        settings.Number("CACHE_MIB", 48, 1, 1024) * 1_048_576L,
        Entries: 20_000,
        Tags: 200_000,
        TimeSpan.FromSeconds(settings.Number("CACHE_SECONDS", 30, 0, 3600)),
        TimeSpan.FromMinutes(5));
}
