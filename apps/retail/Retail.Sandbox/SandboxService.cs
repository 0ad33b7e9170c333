using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Retail.Sandbox.Bank;
using Retail.Sandbox.Endpoints;
using Retail.Sandbox.Webhooks;
using Slipway.Sdk.Database;
using Slipway.Sdk.Service;

namespace Retail.Sandbox;

/// <summary>The service as a whole: what it consists of and where its endpoints are.</summary>
public static class SandboxService
{
    private const int RoundsMax = 200;

    public static SlipwayService Create(string[] args, Action<SlipwayServiceOptions>? options = null)
    {
        var service = SlipwayService.Create("payment-sandbox", args, chosen =>
        {
            options?.Invoke(chosen);
            chosen.Environment = WithTheShop(chosen.Environment);
        });
        service.Json(SandboxJson.Default);
        service.UseDatabase(typeof(SandboxService).Assembly);
        service.UseCors();
        service.Limit("tokens", permits: 120, window: TimeSpan.FromMinutes(1));

        var services = service.Services;
        services.AddSingleton(ShopKey.Read(service.Settings));
        services.AddSingleton(WebhookSettings.Read(service.Settings));
        services.AddSingleton(Pace.Read(service.Settings));
        services.AddSingleton(new BankDocuments(service.Addresses.Public(service.Name)));
        services.AddSingleton<OnlyOnce>();
        services.AddSingleton<WebhookQueue>();
        services.AddSingleton<Deliveries>();
        services.AddHostedService<DeliveryLoop>();

        service.Command("deliver", async (provider, cancellation) =>
        {
            var deliveries = provider.GetRequiredService<Deliveries>();
            for (var round = 0; round < RoundsMax && await deliveries.RunAsync(cancellation); round++)
            {
                // Each round is a helping of its own.
            }

            await Housekeeping.ForgetAsync(provider.GetRequiredService<Database>(), provider.GetRequiredService<TimeProvider>().GetUtcNow(), cancellation);
            return 0;
        });
        return service;
    }

    /// <summary>The shop's page may turn cards into tokens, wherever this installation has it; a setting says otherwise.</summary>
    private static Func<string, string?> WithTheShop(Func<string, string?> environment) => name =>
        environment(name) ?? (name == "CORS_ORIGINS" ? (environment("SLIPWAY_PUBLIC_URL") ?? "http://{service}.localhost:8080").Replace("{service}", "shop", StringComparison.Ordinal) : null);

    public static void Map(WebApplication app)
    {
        Tokens.Map(app);
        CreateIntent.Map(app);
        ChangeIntent.Map(app);
        ReadIntents.Map(app);
        Refunds.Map(app);
        Challenge.Map(app);
    }
}
