using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace Slipway.EndToEnd.Tests.Harness;

/// <summary>A whole Slipway in a state folder of its own, driven from outside like any user drives it.</summary>
internal sealed class Cloud : IAsyncDisposable
{
    private readonly Dictionary<string, string> _environment;
    private readonly int _gatewayPort = Ports.Take();
    private readonly int _tlsPort = Ports.Take();
    private readonly int _apiPort = Ports.Take();
    private readonly int _apiClearPort = Ports.Take();
    private readonly int _registryPort = Ports.Take();
    private readonly int _eventsPort = Ports.Take();
    private readonly int _telemetryPort = Ports.Take();
    private readonly int _otlpPort = Ports.Take();
    private readonly int _otlpGrpcPort = Ports.Take();

    private Cloud(string home, IReadOnlyDictionary<string, string>? settings)
    {
        Home = home;
        _environment = new Dictionary<string, string>
        {
            ["SLIPWAY_HOME"] = home,
            ["SLIPWAY_TOOLS"] = Checkout.Tools,
            ["SLIPWAY_GATEWAY_PORT"] = Text(_gatewayPort),
            ["SLIPWAY_TLS_PORT"] = Text(_tlsPort),
            ["SLIPWAY_API_PORT"] = Text(_apiPort),
            ["SLIPWAY_API_HTTP_PORT"] = Text(_apiClearPort),
            ["SLIPWAY_REGISTRY_PORT"] = Text(_registryPort),
            ["SLIPWAY_EVENTS_PORT"] = Text(_eventsPort),
            ["SLIPWAY_TELEMETRY_PORT"] = Text(_telemetryPort),
            ["SLIPWAY_OTLP_PORT"] = Text(_otlpPort),
            ["SLIPWAY_OTLP_GRPC_PORT"] = Text(_otlpGrpcPort),
            ["KUBECONFIG"] = Path.Combine(home, "kubeconfig"),
            ["NO_COLOR"] = "1",
            ["SLIPWAY_APPS"] = "off",
            // One cache for all kubectl calls would remember the discovery of clouds that are gone.
            ["KUBECACHEDIR"] = Path.Combine(home, "kubectl-cache"),
        };
        foreach (var (name, value) in settings ?? new Dictionary<string, string>())
        {
            _environment[name] = value;
        }

        Http = new HttpClient(new SocketsHttpHandler
        {
            // Names under localhost are not resolvable everywhere; the gateway goes by the Host header anyway.
            ConnectCallback = async (context, cancellation) =>
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, context.DnsEndPoint.Port), cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            },
            AllowAutoRedirect = false,
            UseProxy = false,
        })
        {
            Timeout = TimeSpan.FromSeconds(60),
        };
    }

    public string Home { get; }

    public HttpClient Http { get; }

    public IReadOnlyDictionary<string, string> Settings => _environment;

    public int GatewayPort => _gatewayPort;

    public int TlsPort => _tlsPort;

    public int ApiPort => _apiPort;

    public int ApiClearPort => _apiClearPort;

    public int RegistryPort => _registryPort;

    public int TelemetryPort => _telemetryPort;

    public static async Task<Cloud> StartAsync(IReadOnlyDictionary<string, string>? settings = null)
    {
        var cloud = Prepare(settings);
        await cloud.UpAsync();
        return cloud;
    }

    /// <summary>A state folder and ports, nothing running yet.</summary>
    public static Cloud Prepare(IReadOnlyDictionary<string, string>? settings = null) =>
        new(MakeHome(), settings);

    /// <summary>Directly below /tmp: a private TMPDIR would be closed to the users that the database and the instances run as.</summary>
    private static string MakeHome()
    {
        var home = $"/tmp/slipway-e2e-{Guid.CreateVersion7():N}"[..35];
        Directory.CreateDirectory(home);
        return home;
    }

    public async Task UpAsync() => (await SlipwayAsync("up", "-d")).Succeeded();

    public Task<CommandResult> SlipwayAsync(params string[] arguments) => Command.RunAsync(Checkout.Slipway, arguments, _environment);

    public Task<CommandResult> KubectlAsync(params string[] arguments) => Command.RunAsync("kubectl", arguments, _environment);

    public async Task<CommandResult> ApplyAsync(string manifest) =>
        await Command.RunAsync(Checkout.Slipway, ["apply", "-f", "-"], _environment, input: manifest);

    /// <summary>An object as the API has it now, or null when there is none.</summary>
    public async Task<JsonNode?> FindAsync(string kind, string name, string @namespace = "default")
    {
        var result = await SlipwayAsync("get", kind, name, "-n", @namespace, "-o", "json");
        return result.ExitCode == 0 ? JsonNode.Parse(result.Output) : null;
    }

    public Uri UrlOf(string service, string path = "/", string @namespace = "default") =>
        new($"http://{service}.{@namespace}.localhost:{_gatewayPort}{path}");

    public Task<string> GetTextAsync(string service, string path = "/") => GetTextAsync(UrlOf(service, path));

    public Task<string> GetInNamespaceAsync(string service, string @namespace) => GetTextAsync(UrlOf(service, "/", @namespace));

    private async Task<string> GetTextAsync(Uri url)
    {
        using var response = await Http.GetAsync(url);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"GET {url}: {(int)response.StatusCode} {text}");
        return text;
    }

    /// <summary>The instances of a service as the platform's REST resources show them.</summary>
    public async Task<IReadOnlyList<JsonNode>> ContainersAsync(string service)
    {
        var answer = JsonNode.Parse((await ApiAsync($"/api/containers?service={service}")).Succeeded().Output)!;
        return [.. answer["items"]!.AsArray().Select(container => container!)];
    }

    /// <summary>A request to the API with the installation's own credentials.</summary>
    public Task<CommandResult> ApiAsync(string path, params string[] more) =>
        Command.RunAsync("curl", ["-sS", "--fail-with-body", "--cacert", Path.Combine(Home, "certificates", "ca.crt"),
            "-H", $"Authorization: Bearer {File.ReadAllText(Path.Combine(Home, "admin-token")).Trim()}", .. more, $"https://localhost:{_apiPort}{path}"]);

    /// <summary>The server's own word about itself.</summary>
    public JsonNode Status() => JsonNode.Parse(File.ReadAllText(Path.Combine(Home, "status.json")))!;

    public int ServerProcessId => (int)Status()["processId"]!;

    /// <summary>Processes that belong to this cloud: its servers, its database and its instances.</summary>
    public IReadOnlyList<int> Processes() => ProcessTable.WithMarker(Home);

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await SlipwayAsync("down");
        foreach (var left in Processes())
        {
            ProcessTable.Kill(left);
        }

        if (Environment.GetEnvironmentVariable("SLIPWAY_E2E_KEEP") is null)
        {
            Directory.Delete(Home, recursive: true);
        }
    }

    private static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);
}
