using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Retail.Cart.Carts;
using Retail.Cart.Checkout;
using Retail.Cart.Endpoints;
using Retail.Cart.Health;
using Retail.Cart.Live;
using Retail.Cart.Products;
using Retail.Cart.Receiving;
using Retail.Cart.Upkeep;
using Retail.Contracts;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Database;
using Slipway.Sdk.Documents;
using Slipway.Sdk.Service;
using Slipway.Sdk.Settings;

namespace Retail.Cart;

/// <summary>The service as a whole: what it consists of and where its endpoints are.</summary>
public static class CartService
{
    public static SlipwayService Create(string[] args, Action<SlipwayServiceOptions>? options = null)
    {
        var service = SlipwayService.Create("cart", args, chosen =>
        {
            options?.Invoke(chosen);
            var given = chosen.Environment;
            chosen.Environment = name => name == "DATABASE_URL" ? DatabaseSecret.Url(given) : given(name);
        });
        service.Json(CartJson.Default);
        service.UseDatabase(typeof(CartService).Assembly, database => Documented(service.Settings, database));
        service.UseCallers("retail");
        service.Explain(CartProblems.All);
        service.UseCors();
        service.Limit("checkout", permits: 100, window: TimeSpan.FromMinutes(15));

        var services = service.Services;
        services.AddSingleton(new GuestLifetime(TimeSpan.FromDays(service.Settings.Number("GUEST_CART_DAYS", 30, 1, 3650))));
        services.AddSingleton(new UpkeepPace(TimeSpan.FromSeconds(service.Settings.Number("UPKEEP_SECONDS", 60, 1, 3600))));
        services.AddSingleton<CartMetrics>();
        services.AddSingleton<CartBook>();
        services.AddSingleton<ProductLookup>();
        services.AddSingleton<OrdersService>();
        services.AddSingleton<CheckoutBook>();
        services.AddSingleton<CartUpkeep>();
        services.AddSingleton<CartFeed>();
        services.AddHostedService(provider => provider.GetRequiredService<CartFeed>());
        services.AddHostedService<UpkeepLoop>();
        services.AddSingleton<IStartupFilter, DocumentedHealth>();
        service.Command("expire", async (provider, cancellation) =>
        {
            var count = await provider.GetRequiredService<CartUpkeep>().RunAsync(cancellation);
            await Console.Out.WriteLineAsync($"{count} carts of guests were forgotten.");
            return 0;
        });
        return service;
    }

    public static void Map(WebApplication app)
    {
        var services = app.Services;
        app.Use(next => new RequestFigures(next, services.GetRequiredService<CartMetrics>(), services.GetRequiredService<TimeProvider>()).InvokeAsync);
        MapApi(app.MapGroup("/api/v1"));
        MapApi(app.MapFormerAddress(UnversionedAddresses.Prefix, UnversionedAddresses.Successor, UnversionedAddresses.Announced, UnversionedAddresses.Sunset));
        app.MapGet("/health/live", () => Results.Text("ok")).WithName("healthLive").WithSummary("The process answers; nothing it depends on is asked.")
            .OpenToAll("Whoever runs the service asks whether it lives.").ExcludeFromDescription();
        CartEvents.Map(app);
    }

    private static void MapApi(IEndpointRouteBuilder api)
    {
        GetCart.Map(api);
        AddItem.Map(api);
        SetItem.Map(api);
        RemoveItem.Map(api);
        CheckOut.Map(api);
        MergeCarts.Map(api);
        LiveCart.Map(api);
    }

    /// <summary>
    /// The documented pool: as many connections as its size and its overflow together, each renewed after an hour. A lost connection is
    /// noticed and replaced within the call that finds it, which is what asking each one before use is for.
    /// </summary>
    private static void Documented(ServiceSettings settings, DatabaseOptions database)
    {
        if (settings.Text("DB_POOL_MAX") is null)
        {
            database.PoolMax = settings.Number("POOL_SIZE", 20, 1, 500) + settings.Number("MAX_OVERFLOW", 30, 0, 500);
        }

        database.Address.ConnectionLifetime = settings.Number("POOL_RECYCLE", 3600, 1, 86_400);
    }
}
