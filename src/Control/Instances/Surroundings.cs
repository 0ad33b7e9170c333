using Slipway.Model.Eventing;
using Slipway.Model.Serving;

namespace Slipway.Control.Instances;

/// <summary>What an instance is told about the installation around it, so that services find each other by name.</summary>
/// <param name="Dial">Where the gateway listens for programs on this machine.</param>
/// <param name="Events">Where events are published and what services sign them with; null when there is no event bus.</param>
/// <param name="Telemetry">Where spans are sent; null when nobody collects any.</param>
public sealed record Surroundings(IngressSettings Ingress, string Dial, EventSurroundings? Events = null, TelemetrySurroundings? Telemetry = null)
{
    /// <summary>Where to connect, whatever the host name of the service is.</summary>
    public const string GatewayVariable = "SLIPWAY_GATEWAY";

    /// <summary>The URL of a service of the same namespace, with <c>{service}</c> for its name.</summary>
    public const string PublicUrlVariable = "SLIPWAY_PUBLIC_URL";

    private const string ShortNamespace = "default";

    /// <param name="service">The Service the instance belongs to; null for Jobs, which have no key of their own.</param>
    public IEnumerable<KeyValuePair<string, string>> Variables(string @namespace, string? service = null)
    {
        var host = @namespace == ShortNamespace ? $"{{service}}.{Ingress.Domain}" : Ingress.HostOf(@namespace, "{service}");
        yield return new(GatewayVariable, Dial);
        yield return new(PublicUrlVariable, Ingress.UrlOf(host));
        if (Events is null)
        {
            yield break;
        }

        yield return new(EventKeys.AddressVariable, $"{Events.Address.TrimEnd('/')}/{@namespace}");
        if (service is not null)
        {
            yield return new(EventKeys.KeyVariable, Convert.ToBase64String(EventKeys.Of(Events.Key.Span, @namespace, service)));
        }
    }
}

/// <param name="Address">The event port, without a path; topics of a namespace are below its name.</param>
/// <param name="Key">What the keys of services are derived from.</param>
public sealed record EventSurroundings(string Address, ReadOnlyMemory<byte> Key);
