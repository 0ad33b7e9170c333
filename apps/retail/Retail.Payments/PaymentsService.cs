using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Retail.Contracts;
using Retail.Payments.Cards;
using Retail.Payments.Endpoints;
using Retail.Payments.Operations;
using Retail.Payments.Orders;
using Retail.Payments.Payments;
using Retail.Payments.Provider;
using Retail.Payments.Reconciling;
using Retail.Payments.Webhooks;
using Slipway.Sdk.Database;
using Slipway.Sdk.Documents;
using Slipway.Sdk.Messaging;
using Slipway.Sdk.Service;

namespace Retail.Payments;

/// <summary>The service as a whole: what it consists of and where its endpoints are.</summary>
public static class PaymentsService
{
    public static SlipwayService Create(string[] args, Action<SlipwayServiceOptions>? options = null)
    {
        var service = SlipwayService.Create("payments", args, options);
        service.Json(PaymentsJson.Default);
        service.UseDatabase(typeof(PaymentsService).Assembly);
        service.UseCallers("retail");
        service.Explain(PaymentsProblems.All);
        service.UseCors();
        service.Limit("tokens", permits: 60, window: TimeSpan.FromMinutes(10));
        service.Limit("webhook", permits: 6000, window: TimeSpan.FromMinutes(1));
        service.Limit("reconciliation", permits: 10, window: TimeSpan.FromMinutes(10));

        var services = service.Services;
        services.AddSingleton(ProviderSettings.Read(service.Settings));
        services.AddSingleton(WebhookSignature.Read(service.Settings));
        services.AddSingleton(OperationPace.Read(service.Settings, service.Addresses));
        services.AddSingleton<IPaymentProvider, StripeProvider>();
        services.AddSingleton<PaymentMetrics>();
        services.AddSingleton<PaymentEvents>();
        services.AddSingleton<PaymentBook>();
        services.AddSingleton<PaymentAccess>();
        services.AddSingleton<OrderHandlings>();
        services.AddSingleton<OperationRunner>();
        services.AddSingleton<Reconciliation>();
        services.AddSingleton<Overdue>();
        services.AddSingleton<IStartupFilter, OlderPaths>();
        services.AddHostedService<OperationLoop>();

        service.Command("sweep", async (provider, cancellation) =>
        {
            await provider.GetRequiredService<Overdue>().RunAsync(cancellation);
            await provider.GetRequiredService<OperationRunner>().SweepAsync(cancellation);
            return 0;
        });
        service.Command("reconcile", async (provider, cancellation) =>
        {
            var report = await provider.GetRequiredService<Reconciliation>().RunAsync(GetReconciliation.Back, cancellation);
            await Console.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"Compared {report.Compared} payments; {report.Differences.Count} differences."));
            await provider.GetRequiredService<OperationRunner>().SweepAsync(cancellation);
            return 0;
        });
        return service;
    }

    public static void Map(WebApplication app)
    {
        var metrics = app.Services.GetRequiredService<PaymentMetrics>();
        app.Use(next => new CardGuard(next, metrics).InvokeAsync);
        app.MapEvents(OrderHandlings.Consumer, OrderHandlings.All);

        MapApi(app.MapGroup("/api/v1"));
        MapApi(app.MapFormerAddress(UnversionedAddresses.Prefix, UnversionedAddresses.Successor, UnversionedAddresses.Announced, UnversionedAddresses.Sunset));
    }

    private static void MapApi(RouteGroupBuilder api)
    {
        CreatePayment.Map(api);
        ListPayments.Map(api);
        GetPayment.Map(api);
        MoveMoney.Map(api);
        CreateToken.Map(api);
        ReceiveWebhook.Map(api);
        LedgerEndpoints.Map(api);
        GetReconciliation.Map(api);
    }
}
