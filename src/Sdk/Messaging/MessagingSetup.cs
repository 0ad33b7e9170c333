using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Slipway.Sdk.Database;
using Slipway.Sdk.Service;

namespace Slipway.Sdk.Messaging;

/// <summary>Registers outbox and inbox; the relay runs only where there is a sink.</summary>
internal static class MessagingSetup
{
    public static void AddTo(SlipwayService service)
    {
        var services = service.Services;
        var source = service.Settings.Text("EVENT_SOURCE", "/" + service.Name);
        var sink = Sink(service);
        var signal = sink is null ? null : new WakeSignal();
        services.AddSingleton(new Inbox());
        services.AddSingleton(new Sweep("inbox", "slipway.inbox", "at < now() - interval '30 days'"));
        services.AddSingleton(provider => new Outbox(source, signal, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new OutboxStore(provider.GetRequiredService<Database.Database>(), provider.GetRequiredService<TimeProvider>()));
        if (sink is null || signal is null)
        {
            return;
        }

        services.AddSingleton<OutboxMetrics>();
        services.AddSingleton(_ => new EventSink(sink.Value.Address, sink.Value.Host));
        services.AddHostedService(provider => new OutboxRelay(
            provider.GetRequiredService<OutboxStore>(),
            provider.GetRequiredService<Database.Database>(),
            provider.GetRequiredService<EventSink>(),
            signal,
            provider.GetRequiredService<OutboxMetrics>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<OutboxRelay>>()));
    }

    private static (Uri Address, string Host)? Sink(SlipwayService service)
    {
        var name = service.Settings.Text("K_SINK") is null ? "EVENT_BUS_URL" : "K_SINK";
        if (service.Settings.Text(name) is not { } text)
        {
            return null;
        }

        if (!Uri.TryCreate(text, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
        {
            service.Settings.Mistaken($"{name} must be an address such as http://events.localhost:8080/, not \"{text}\".");
            return null;
        }

        const string Local = ".localhost";
        return address.Host.EndsWith(Local, StringComparison.OrdinalIgnoreCase)
            ? (new Uri(service.Addresses.Dial(address.Host[..^Local.Length]), address.PathAndQuery), address.Authority)
            : (address, address.Authority);
    }
}
