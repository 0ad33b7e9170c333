using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Slipway.Sdk.Database;
using Slipway.Sdk.Service;
using Slipway.Sdk.Telemetry;

namespace Slipway.Sdk.Messaging;

/// <summary>Registers outbox and inbox; the relay runs only where there is somewhere to send to.</summary>
internal static class MessagingSetup
{
    public static void AddTo(SlipwayService service)
    {
        var services = service.Services;
        var source = service.Settings.Text("EVENT_SOURCE", "/" + service.Name);
        var sinks = EventSinks.Read(service.Settings, service.Addresses);
        var signal = new WakeSignal();
        services.AddSingleton(new Inbox());
        services.AddSingleton(new Sweep("inbox", "slipway.inbox", "at < now() - interval '30 days'"));
        services.AddSingleton(DeliverySignature.Read(service.Settings));
        services.AddSingleton(provider => new Outbox(source, sinks, signal, provider.GetRequiredService<Traces>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new OutboxStore(provider.GetRequiredService<Database.Database>(), provider.GetRequiredService<TimeProvider>()));
        if (!sinks.Any)
        {
            return;
        }

        service.AfterCommands((provider, cancellation) => OutboxNotice.GiveAsync(service.Name, provider, cancellation));
        services.AddSingleton<OutboxMetrics>();
        services.AddSingleton(provider => new EventSender(sinks, provider.GetRequiredService<DeliverySignature>(), provider.GetRequiredService<TimeProvider>()));
        services.AddHostedService(provider => new OutboxRelay(
            provider.GetRequiredService<OutboxStore>(),
            provider.GetRequiredService<Database.Database>(),
            provider.GetRequiredService<EventSender>(),
            signal,
            provider.GetRequiredService<OutboxMetrics>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<OutboxRelay>>()));
    }
}
