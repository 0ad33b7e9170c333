using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Retail.Contracts;
using Retail.Inventory.Endpoints;
using Retail.Inventory.Live;
using Retail.Inventory.Products;
using Retail.Inventory.Receiving;
using Retail.Inventory.Reconciling;
using Retail.Inventory.Reserving;
using Retail.Inventory.Seeding;
using Retail.Inventory.Stock;
using Slipway.Sdk.Database;
using Slipway.Sdk.Documents;
using Slipway.Sdk.Service;

namespace Retail.Inventory;

/// <summary>The service as a whole: what it consists of and where its endpoints are.</summary>
public static class InventoryService
{
    public static SlipwayService Create(string[] args, Action<SlipwayServiceOptions>? options = null)
    {
        var service = SlipwayService.Create("inventory", args, options);
        service.Json(InventoryJson.Default);
        service.UseDatabase(typeof(InventoryService).Assembly);
        service.UseCallers("retail");
        service.Explain(InventoryProblems.All);
        service.UseCors();

        var services = service.Services;
        services.AddSingleton(new HoldTime(TimeSpan.FromSeconds(service.Settings.Number("RESERVATION_SECONDS", 900, 1, 86_400))));
        services.AddSingleton(new ExpiryPace(TimeSpan.FromSeconds(service.Settings.Number("EXPIRY_SECONDS", 5, 1, 3600))));
        services.AddSingleton<StockNews>();
        services.AddSingleton<StockBook>();
        services.AddSingleton<ProductBook>();
        services.AddSingleton<ReturnBook>();
        services.AddSingleton<ReservationMetrics>();
        services.AddSingleton<ReservationBook>();
        services.AddSingleton<Expiry>();
        services.AddSingleton<Reconciliation>();
        services.AddSingleton<Seed>();
        services.AddSingleton<StockFeed>();
        services.AddHostedService(provider => provider.GetRequiredService<StockFeed>());
        services.AddHostedService<ExpiryLoop>();
        AddCommands(service);
        return service;
    }

    public static void Map(WebApplication app)
    {
        MapApi(app.MapGroup("/api/v1"));
        MapApi(app.MapFormerAddress(UnversionedAddresses.Prefix, UnversionedAddresses.Successor, UnversionedAddresses.Announced, UnversionedAddresses.Sunset));
        StockEvents.Map(app);
    }

    private static void MapApi(IEndpointRouteBuilder api)
    {
        ListInventory.Map(api);
        LowStock.Map(api);
        PublicStock.Map(api);
        LiveStock.Map(api);
        GetInventory.Map(api);
        Movements.Map(api);
        AddStock.Map(api);
        SetStock.Map(api);
        AdjustStock.Map(api);
        ReserveStock.Map(api);
        SettleReservation.Map(api);
        LatestReconciliation.Map(api);
    }

    private static void AddCommands(SlipwayService service)
    {
        service.Command("expire", async (provider, cancellation) =>
        {
            var count = await provider.GetRequiredService<Expiry>().RunAsync(cancellation);
            await Console.Out.WriteLineAsync($"{count} reservations expired.");
            return 0;
        });
        service.Command("reconcile", async (provider, cancellation) =>
        {
            var report = await provider.GetRequiredService<Reconciliation>().RunAsync(cancellation);
            await Console.Out.WriteLineAsync($"{report.RowsChecked} places compared, {report.Findings.Count} differences.");
            return 0;
        });
        service.Command("seed", async (provider, cancellation) =>
        {
            var count = await provider.GetRequiredService<Seed>().RunAsync(Seed.Read(), cancellation);
            await Console.Out.WriteLineAsync($"{count} places stocked.");
            return 0;
        });
    }
}
