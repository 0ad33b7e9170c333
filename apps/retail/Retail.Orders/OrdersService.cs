using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Retail.Contracts;
using Retail.Orders.Endpoints;
using Retail.Orders.Live;
using Retail.Orders.Ordering;
using Retail.Orders.People;
using Retail.Orders.Projections;
using Retail.Orders.Receiving;
using Retail.Orders.Reports;
using Retail.Orders.Sagas;
using Retail.Orders.Telling;
using Slipway.Sdk.Database;
using Slipway.Sdk.Documents;
using Slipway.Sdk.Service;

namespace Retail.Orders;

/// <summary>The service as a whole: what it consists of and where its endpoints are.</summary>
public static class OrdersService
{
    public static SlipwayService Create(string[] args, Action<SlipwayServiceOptions>? options = null)
    {
        var service = SlipwayService.Create("orders", args, options);
        service.Json(OrdersJson.Default);
        service.UseDatabase(typeof(OrdersService).Assembly);
        service.UseCallers("retail");
        service.Explain(OrdersProblems.All);
        service.UseCors();

        // Guests who check out through the cart all come from the cart's network.
        service.Limit("checkout", permits: 3_000, window: TimeSpan.FromMinutes(15));

        var settings = service.Settings;
        var services = service.Services;
        services.AddSingleton(new GuestTokens(settings.Key("GUEST_KEY") ?? RandomNumberGenerator.GetBytes(32)));
        services.AddSingleton(new SagaPace
        {
            Step = TimeSpan.FromSeconds(settings.Number("SAGA_STEP_SECONDS", 30, 1, 3600)),
            Attempts = settings.Number("SAGA_ATTEMPTS", 3, 1, 20),
        });
        services.AddSingleton(new SagaLoopPace(TimeSpan.FromSeconds(settings.Number("SAGA_CLOCK_SECONDS", 1, 1, 60))));
        services.AddSingleton<SagaMetrics>();
        services.AddSingleton<OrderTopic>();
        services.AddSingleton<OrderBook>();
        services.AddSingleton<Placing>();
        services.AddSingleton<SagaBook>();
        services.AddSingleton<SagaClock>();
        services.AddSingleton<OrderListing>();
        services.AddSingleton<ProjectionRebuild>();
        services.AddSingleton<DailyReports>();
        services.AddSingleton<OrderWatch>();
        services.AddHostedService(provider => provider.GetRequiredService<OrderWatch>());
        services.AddHostedService<SagaLoop>();

        service.Command("sagas", async (provider, cancellation) =>
        {
            await provider.GetRequiredService<SagaClock>().RunAsync(cancellation);
            return 0;
        });
        service.Command("report", async (provider, cancellation) =>
        {
            await provider.GetRequiredService<DailyReports>().MakeAsync(cancellation);
            return 0;
        });
        service.Command("rebuild", async (provider, cancellation) =>
            await provider.GetRequiredService<ProjectionRebuild>().RunAsync(cancellation) is null ? 1 : 0);
        return service;
    }

    public static void Map(WebApplication app)
    {
        MapOrders(app.MapGroup("/api/v1"));

        MapMoneyOrders(app.MapGroup("/api/v2"));

        MapOrders(app.MapFormerAddress(UnversionedAddresses.Prefix, UnversionedAddresses.Successor, UnversionedAddresses.Announced, UnversionedAddresses.Sunset));
        Doors.Map(app);
    }

    /// <summary>The second version differs in what reading answers; everything else is done through the first.</summary>
    private static void MapMoneyOrders(IEndpointRouteBuilder api)
    {
        ListMoneyOrders.Map(api);
        GetMoneyOrder.Map(api);
    }

    private static void MapOrders(IEndpointRouteBuilder api)
    {
        CreateOrder.Map(api);
        ListOrders.Map(api);
        GetOrder.Map(api);
        OrderTimeline.Map(api);
        GetSaga.Map(api);
        CancelOrder.Map(api);
        ReturnPieces.Map(api);
        ChangeStatus.Map(api);
        VendorLines.Map(api);
        Summary.Map(api);
        ListReports.Map(api);
        RebuildProjections.Map(api);
    }
}
