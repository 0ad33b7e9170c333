using System.Globalization;
using System.Net;
using Slipway.Store.Archiving;
using Slipway.Store.Installation;
using Slipway.Telemetry;

namespace Slipway.Server.Settings;

/// <summary>Everything the environment may say, read once and checked as a whole before anything starts.</summary>
internal sealed record ServerSettings
{
    public required StateFolder Folder { get; init; }

    public int GatewayPort { get; init; }

    public int GatewayTlsPort { get; init; }

    public int ApiPort { get; init; }

    /// <summary>The API in clear text, on loopback only: for clients that cannot be told whom to trust, behind a name of their own making.</summary>
    public int ApiClearPort { get; init; }

    public int RegistryPort { get; init; }

    /// <summary>Where events are published, on loopback only.</summary>
    public int EventsPort { get; init; }

    public string Domain { get; init; } = "localhost";

    /// <summary>Where the gateway listens: this machine alone unless somebody decides otherwise.</summary>
    public IPAddress Bind { get; init; } = IPAddress.Loopback;

    /// <summary>Services with a port of their own, each as port and host name.</summary>
    public IReadOnlyList<(int Port, string Host)> ServicePorts { get; init; } = [];

    /// <summary>An outside PostgreSQL; the embedded one when null.</summary>
    public string? DatabaseUrl { get; init; }

    /// <summary>How far back the embedded PostgreSQL can be taken.</summary>
    public ArchiveSettings Archive { get; init; } = ArchiveSettings.Off;

    /// <summary>An instance without a request for so long is frozen.</summary>
    public TimeSpan FreezeAfter { get; init; }

    public TelemetrySettings Telemetry { get; init; } = new();

    /// <summary>Every problem is told at once, each with the variable to change.</summary>
    public static (ServerSettings Settings, IReadOnlyList<string> Problems) Read(Func<string, string?> variable)
    {
        var problems = new List<string>();
        var ports = new List<(string Name, int Port)>();
        var (telemetry, telemetryProblems) = TelemetrySettings.Read(variable);
        problems.AddRange(telemetryProblems);
        var settings = new ServerSettings
        {
            Telemetry = telemetry,
            Folder = StateFolder.Resolve(variable("SLIPWAY_HOME")),
            GatewayPort = Port("SLIPWAY_GATEWAY_PORT", "API_GATEWAY_PORT", 8080),
            GatewayTlsPort = Port("SLIPWAY_TLS_PORT", null, 8443),
            ApiPort = Port("SLIPWAY_API_PORT", null, 6443),
            ApiClearPort = Port("SLIPWAY_API_HTTP_PORT", null, 6080),
            RegistryPort = Port("SLIPWAY_REGISTRY_PORT", null, 5000),
            EventsPort = Port("SLIPWAY_EVENTS_PORT", "EVENT_BUS_PORT", 4000),
            Domain = variable("SLIPWAY_DOMAIN") is { Length: > 0 } domain ? domain : "localhost",
            Bind = Address("SLIPWAY_BIND"),
            ServicePorts = Services("SLIPWAY_SERVICE_PORTS"),
            DatabaseUrl = variable("SLIPWAY_DATABASE") is { Length: > 0 } url ? url : null,
            Archive = new ArchiveSettings(Number("SLIPWAY_ARCHIVE_DAYS", ArchiveSettings.DaysDefault, 0, ArchiveSettings.DaysMax)),
            FreezeAfter = Seconds("SLIPWAY_FREEZE_AFTER_SECONDS", 30),
        };

        ports.AddRange(telemetry.Ports);
        foreach (var shared in ports.GroupBy(port => port.Port).Where(group => group.Count() > 1))
        {
            problems.Add($"{string.Join(" and ", shared.Select(port => port.Name))} are both {shared.Key}: give each a port of its own");
        }

        if (Uri.CheckHostName(settings.Domain) != UriHostNameType.Dns)
        {
            problems.Add($"SLIPWAY_DOMAIN: must be a host name such as localhost or apps.example.org, was \"{settings.Domain}\"");
        }

        return (settings, problems);

        int Port(string name, string? alias, int standard)
        {
            var used = variable(name) is { Length: > 0 } ? name : alias is not null && variable(alias) is { Length: > 0 } ? alias : name;
            var port = Number(used, standard, 1, 65535);
            ports.Add((used, port));
            return port;
        }

        IPAddress Address(string name)
        {
            if (variable(name) is not { Length: > 0 } text)
            {
                return IPAddress.Loopback;
            }

            if (IPAddress.TryParse(text, out var address))
            {
                return address;
            }

            problems.Add($"{name}: must be an IP address such as 127.0.0.1 or 0.0.0.0, was \"{text}\"");
            return IPAddress.Loopback;
        }

        List<(int Port, string Host)> Services(string name)
        {
            var found = new List<(int, string)>();
            foreach (var entry in (variable(name) ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            {
                if (entry.Split('=') is not [var number, var service]
                    || !int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port is < 1 or > 65535
                    || service.Split('.') is not ([_] or [_, _]) || Uri.CheckHostName(service) != UriHostNameType.Dns)
                {
                    problems.Add($"{name}: write PORT=SERVICE or PORT=SERVICE.NAMESPACE, separated by commas, such as 30080=todo, was \"{entry}\"");
                    continue;
                }

                ports.Add(($"{name} ({service})", port));
                found.Add((port, service.Contains('.', StringComparison.Ordinal) ? service : $"{service}.default"));
            }

            return found;
        }

        TimeSpan Seconds(string name, int standard) => TimeSpan.FromSeconds(Number(name, standard, 1, 86_400));

        int Number(string name, int standard, int least, int most)
        {
            if (variable(name) is not { Length: > 0 } text)
            {
                return standard;
            }

            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
            {
                return number;
            }

            problems.Add($"{name}: must be a whole number from {least} to {most}, was \"{text}\"");
            return standard;
        }
    }
}
