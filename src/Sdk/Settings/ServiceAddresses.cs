namespace Slipway.Sdk.Settings;

/// <summary>
/// Where the other services are. A browser reaches <c>todo-api.localhost</c> by itself, a program does not: names under
/// .localhost are in no name server, so a program connects to the gateway and says the name in the Host header.
/// </summary>
public sealed class ServiceAddresses
{
    private const string Placeholder = "{service}";

    private readonly ServiceSettings _settings;
    private readonly Uri _gateway;
    private readonly string _template;

    public ServiceAddresses(ServiceSettings settings)
    {
        _settings = settings;
        _gateway = Address("SLIPWAY_GATEWAY", settings.Text("SLIPWAY_GATEWAY", "http://127.0.0.1:8080")) ?? new Uri("http://127.0.0.1:8080");
        _template = settings.Text("SLIPWAY_PUBLIC_URL", $"http://{Placeholder}.localhost:8080");
        if (!_template.Contains(Placeholder, StringComparison.Ordinal))
        {
            settings.Mistaken($"SLIPWAY_PUBLIC_URL must contain {Placeholder}, for example http://{Placeholder}.localhost:8080, not \"{_template}\".");
            _template = $"http://{Placeholder}.localhost:8080";
        }
    }

    /// <summary>What a browser types. SHOP_API_URL overrides it for the service <c>shop-api</c>.</summary>
    public Uri Public(string service) =>
        Override(service) ?? new Uri(_template.Replace(Placeholder, service, StringComparison.Ordinal));

    /// <summary>Where to connect.</summary>
    public Uri Dial(string service) =>
        Override(service) is { } address && !UnderLocalhost(address) ? address : _gateway;

    /// <summary>Which Host to send there.</summary>
    public string HostHeader(string service) => Public(service).Authority;

    private Uri? Override(string service)
    {
        var name = service.Replace('-', '_').ToUpperInvariant() + "_URL";
        return _settings.Text(name) is { } text ? Address(name, text) : null;
    }

    private Uri? Address(string name, string text)
    {
        if (Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" && address.PathAndQuery == "/")
        {
            return address;
        }

        _settings.Mistaken($"{name} must be an address such as http://127.0.0.1:8080, without a path, not \"{text}\".");
        return null;
    }

    private static bool UnderLocalhost(Uri address) => address.Host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase);
}
