using Slipway.Model.Serving;

namespace Slipway.Control.Instances;

/// <summary>What an instance is told about the installation around it, so that services find each other by name.</summary>
/// <param name="Dial">Where the gateway listens for programs on this machine.</param>
public sealed record Surroundings(IngressSettings Ingress, string Dial)
{
    /// <summary>Where to connect, whatever the host name of the service is.</summary>
    public const string GatewayVariable = "SLIPWAY_GATEWAY";

    /// <summary>The URL of a service of the same namespace, with <c>{service}</c> for its name.</summary>
    public const string PublicUrlVariable = "SLIPWAY_PUBLIC_URL";

    private const string ShortNamespace = "default";

    public IEnumerable<KeyValuePair<string, string>> Variables(string @namespace)
    {
        var host = @namespace == ShortNamespace ? $"{{service}}.{Ingress.Domain}" : Ingress.HostOf(@namespace, "{service}");
        yield return new(GatewayVariable, Dial);
        yield return new(PublicUrlVariable, Ingress.UrlOf(host));
    }
}
