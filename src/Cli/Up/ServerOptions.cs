using System.CommandLine;
using Slipway.Store.Installation;

namespace Slipway.Cli.Up;

/// <summary>The settings of the server that the command line knows; each is also an environment variable, which the server reads.</summary>
internal static class ServerOptions
{
    public static readonly Option<string?> Home = new("--home") { Description = "State folder (SLIPWAY_HOME, default .slipway). Deleting it is a factory reset.", Recursive = true };

    private static readonly Option<int?> s_gatewayPort = new("--gateway-port") { Description = "Port of the gateway (SLIPWAY_GATEWAY_PORT, default 8080)." };
    private static readonly Option<int?> s_tlsPort = new("--tls-port") { Description = "Port of the gateway's TLS listener (SLIPWAY_TLS_PORT, default 8443)." };
    private static readonly Option<int?> s_apiPort = new("--api-port") { Description = "Port of the Kubernetes-shaped API (SLIPWAY_API_PORT, default 6443)." };
    private static readonly Option<int?> s_registryPort = new("--registry-port") { Description = "Port of the image registry (SLIPWAY_REGISTRY_PORT, default 5000)." };
    private static readonly Option<int?> s_eventsPort = new("--events-port") { Description = "Port of the event bus (SLIPWAY_EVENTS_PORT, default 4000)." };
    private static readonly Option<int?> s_telemetryPort = new("--telemetry-port") { Description = "Port for questions to metrics, logs, traces and alerts (SLIPWAY_TELEMETRY_PORT, default 9090)." };

    public static IEnumerable<Option> Ports => [s_gatewayPort, s_tlsPort, s_apiPort, s_registryPort, s_eventsPort, s_telemetryPort];

    public static StateFolder Folder(ParseResult parsed) =>
        parsed.GetValue(Home) is { Length: > 0 } home ? new StateFolder(home) : StateFolder.FromEnvironment();

    /// <summary>What the server's environment must say beside what it inherits.</summary>
    public static Dictionary<string, string> Environment(ParseResult parsed, StateFolder folder)
    {
        var environment = new Dictionary<string, string> { ["SLIPWAY_HOME"] = folder.Root };
        Add(s_gatewayPort, "SLIPWAY_GATEWAY_PORT");
        Add(s_tlsPort, "SLIPWAY_TLS_PORT");
        Add(s_apiPort, "SLIPWAY_API_PORT");
        Add(s_registryPort, "SLIPWAY_REGISTRY_PORT");
        Add(s_eventsPort, "SLIPWAY_EVENTS_PORT");
        Add(s_telemetryPort, "SLIPWAY_TELEMETRY_PORT");
        return environment;

        void Add(Option<int?> option, string name)
        {
            if (parsed.GetValue(option) is { } port)
            {
                environment[name] = port.ToString(System.Globalization.CultureInfo.InvariantCulture);
            }
        }
    }
}
