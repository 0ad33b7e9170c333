using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Slipway.Sdk.Settings;
using Todo.Monitor.Probing;

namespace Todo.Monitor;

internal sealed record MonitorSettings
{
    public required IReadOnlyList<Target> Targets { get; init; }

    /// <summary>A service that has to start first may take that long too.</summary>
    public required TimeSpan ProbeTimeout { get; init; }

    /// <summary>Probe services that sleep, and so wake them.</summary>
    public required bool Wake { get; init; }

    /// <summary>The platform's API, which knows what sleeps; only needed when nothing is to be woken.</summary>
    public Uri? PlatformUrl { get; init; }

    public string? PlatformToken { get; init; }

    /// <summary>Who signed the API's certificate, if no authority of the machine did.</summary>
    public X509Certificate2? PlatformAuthority { get; init; }

    public required string Namespace { get; init; }

    public required int MinuteDays { get; init; }

    public required int DayDays { get; init; }

    public static MonitorSettings Read(ServiceSettings settings, ServiceAddresses addresses)
    {
        var wake = settings.Flag("MONITOR_WAKE", true);
        var platform = Platform(settings);
        if (!wake && (platform is null || settings.Text("PLATFORM_TOKEN") is null))
        {
            settings.Mistaken("MONITOR_WAKE=off needs PLATFORM_URL, such as https://localhost:6443, and PLATFORM_TOKEN: only the platform's API knows what sleeps.");
        }

        var timeout = settings.Milliseconds("PROBE_TIMEOUT_MS", 10_000);
        if (timeout < TimeSpan.FromMilliseconds(50) || timeout > TimeSpan.FromSeconds(30))
        {
            settings.Mistaken("PROBE_TIMEOUT_MS must be from 50 to 30000.");
            timeout = TimeSpan.FromSeconds(10);
        }

        return new()
        {
            Targets = TargetList.Read(settings, addresses),
            ProbeTimeout = timeout,
            Wake = wake,
            PlatformUrl = platform,
            PlatformToken = settings.Text("PLATFORM_TOKEN"),
            PlatformAuthority = Authority(settings),
            Namespace = settings.Text("PLATFORM_NAMESPACE", "default"),
            MinuteDays = settings.Number("KEEP_MINUTE_DAYS", 30, 1, 400),
            DayDays = settings.Number("KEEP_DAY_DAYS", 400, 31, 4_000),
        };
    }

    private static X509Certificate2? Authority(ServiceSettings settings)
    {
        if (settings.Text("PLATFORM_CA") is not { } pem)
        {
            return null;
        }

        try
        {
            return X509Certificate2.CreateFromPem(pem);
        }
        catch (CryptographicException)
        {
            settings.Mistaken("PLATFORM_CA must be a certificate in PEM form, beginning with -----BEGIN CERTIFICATE-----.");
            return null;
        }
    }

    private static Uri? Platform(ServiceSettings settings)
    {
        if (settings.Text("PLATFORM_URL") is not { } text)
        {
            return null;
        }

        if (Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" && address.PathAndQuery == "/")
        {
            return address;
        }

        settings.Mistaken($"PLATFORM_URL must be an address such as https://localhost:6443, without a path, not \"{text}\".");
        return null;
    }
}
