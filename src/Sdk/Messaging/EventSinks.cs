using Slipway.Sdk.Settings;

namespace Slipway.Sdk.Messaging;

/// <summary>
/// Where events go: those of a topic to the platform's broker of that name (SLIPWAY_EVENTS), others to the one sink of the service
/// (K_SINK or EVENT_BUS_URL).
/// </summary>
internal sealed class EventSinks
{
    private const string BrokersVariable = "SLIPWAY_EVENTS";
    private const string Local = ".localhost";

    private readonly Uri? _brokers;
    private readonly EventSink? _single;

    private EventSinks(Uri? brokers, EventSink? single) => (_brokers, _single) = (brokers, single);

    public bool Any => _brokers is not null || _single is not null;

    public static EventSinks Read(ServiceSettings settings, ServiceAddresses addresses)
    {
        var brokers = Address(settings, BrokersVariable, "http://127.0.0.1:4000/default");
        var name = settings.Text("K_SINK") is null ? "EVENT_BUS_URL" : "K_SINK";
        var sink = Address(settings, name, "http://events.localhost:8080/");
        return new EventSinks(brokers, sink is null ? null : Single(sink, addresses));
    }

    public bool Takes(string? topic) => (topic is null ? (object?)_single : _brokers) is not null;

    public EventSink Of(string? topic) => topic is null
        ? _single ?? throw new InvalidOperationException("An event without a topic was written, and there is no sink for it any more: set K_SINK.")
        : Broker(topic);

    private EventSink Broker(string topic) => _brokers is null
        ? throw new InvalidOperationException($"An event of {topic} was written, and there is no broker for it any more: set {BrokersVariable}.")
        : new EventSink(new Uri($"{_brokers.AbsoluteUri.TrimEnd('/')}/{Uri.EscapeDataString(topic)}"), _brokers.Authority, TakesBatches: true);

    private static EventSink Single(Uri address, ServiceAddresses addresses) => address.Host.EndsWith(Local, StringComparison.OrdinalIgnoreCase)
        ? new EventSink(new Uri(addresses.Dial(address.Host[..^Local.Length]), address.PathAndQuery), address.Authority, TakesBatches: false)
        : new EventSink(address, address.Authority, TakesBatches: false);

    private static Uri? Address(ServiceSettings settings, string name, string example)
    {
        if (settings.Text(name) is not { } text)
        {
            return null;
        }

        if (Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https")
        {
            return address;
        }

        settings.Mistaken($"{name} must be an address such as {example}, not \"{text}\".");
        return null;
    }
}

/// <param name="Address">Where to connect; names below .localhost are in no name server.</param>
/// <param name="Host">Which name to say there.</param>
internal sealed record EventSink(Uri Address, string Host, bool TakesBatches);
