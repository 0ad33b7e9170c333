using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using Slipway.Api;
using Slipway.Api.Access;
using Slipway.Api.Certificates;
using Slipway.Api.Ingress;
using Slipway.Api.Platform;
using Slipway.Api.Platform.Traffic;
using Slipway.Api.Tokens;
using Slipway.Control;
using Slipway.Control.Autoscaling.Decisions;
using Slipway.Control.Databases;
using Slipway.Control.Fleet;
using Slipway.Control.Instances;
using Slipway.Control.Metering;
using Slipway.Eventing;
using Slipway.Eventing.Doors;
using Slipway.Gateway;
using Slipway.Gateway.Policies;
using Slipway.Model.Failures;
using Slipway.Model.Serving;
using Slipway.Registry.Distribution;
using Slipway.Registry.Images;
using Slipway.Runtime.Endpoints;
using Slipway.Runtime.Health;
using Slipway.Runtime.Logs;
using Slipway.Runtime.Process;
using Slipway.Server.Joints;
using Slipway.Server.Joints.Figures;
using Slipway.Server.Keys;
using Slipway.Server.Settings;
using Slipway.Store;
using Slipway.Store.Garbage;
using Slipway.Store.Postgres;
using Slipway.Telemetry;

namespace Slipway.Server;

/// <summary>
/// The composition root, in the order in which things start: the gateway first, because requests may be waiting, and
/// from its last snapshot; then the database, the store, the instances of an earlier life, the control plane, and last
/// the doors for people. Stopping goes the other way round.
/// </summary>
internal sealed class Platform(ServerSettings settings, StatusReport report, TimeProvider time, ILoggerFactory loggers) : IAsyncDisposable
{
    /// <summary>The region the Cloud Run dialect shows; gcloud puts it before the API's host name.</summary>
    private const string Region = "local";

    private static readonly TimeSpan s_drain = TimeSpan.FromSeconds(10);
    private static readonly MeterSettings s_metering = new();

    private readonly ILogger _logger = loggers.CreateLogger("Slipway.Server");
    private readonly CancellationTokenSource _stopping = new();
    private readonly EndpointDirectory _endpoints = new();
    private readonly WakeUpJoint _wakeUp = new();
    private readonly Listeners _listeners = new();
    private readonly List<(string Name, Task Running, bool Stops)> _parts = [];
    private ServingCertificates? _certificates;
    private TokenIssuer? _tokens;
    private GatewayServer? _gateway;
    private DatabaseServer? _database;
    private ResourceStore? _store;
    private FileInstanceLogs? _logs;
    private ProcessDriver? _driver;
    private ProbeSupervisor? _probes;
    private ImageStore? _images;
    private ControlPlane? _control;
    private EventBus? _events;
    private UsageMeter? _meter;
    private MeterFigures? _figures;
    private ServerTelemetry? _telemetry;
    private bool _stopped;

    public async Task StartAsync(CancellationToken cancellation)
    {
        var folder = settings.Folder;
        _figures = settings.Telemetry.Enabled ? new MeterFigures() : null;
        var ingress = new IngressSettings(settings.Domain, "http", settings.GatewayPort);
        _certificates = ServingCertificates.Open(CertificateOptionsOf(), time);
        var certificates = _certificates;

        Step("opening the gateway");
        _gateway = new GatewayServer(GatewaySettingsOf(ingress), _endpoints, _wakeUp, time, loggers, _ => certificates.Current);
        await OpenGatewayAsync(_gateway, cancellation);

        Step("starting the database");
        var database = DatabaseOptions.FromEnvironment(folder.Root, Environment.GetEnvironmentVariable) with { Archive = settings.Archive };
        _database = Checked(DatabaseServer.Create(database, time, loggers));
        Check(await _database.StartAsync(cancellation));

        Step("loading resources");
        _store = Checked(await ResourceStore.OpenAsync(_database, KeyFiles.EncryptionKey(folder), time, loggers, cancellation));
        Check(await KubernetesApi.EnsureDefaultNamespaceAsync(_store, cancellation));
        _gateway.Follow(_store);

        Step("finding instances");
        _images = Checked(ImageStore.Open(ImageOptions(), time, loggers));
        _logs = new FileInstanceLogs(folder.Instances, time, logger: loggers.CreateLogger<FileInstanceLogs>());
        _driver = new ProcessDriver(new ProcessDriverOptions { StateFolder = folder.Instances }, _logs, time, loggers.CreateLogger<ProcessDriver>());
        _probes = new ProbeSupervisor(_driver, time);

        Step("starting the control plane");
        _control = new ControlPlane(ControlPlanePartsOf(ingress));
        _wakeUp.Connect(_control.WakeUp);
        Run("the control plane", _control.RunAsync);
        _events = new EventBus(EventBusSettingsOf(), _store, _database.Platform, time, loggers);
        await _events.OpenAsync(cancellation);
        Check(await _events.EnsurePlatformTopicAsync(cancellation));
        Run("the event bus", _events.RunAsync);
        Run("the garbage collector", new GarbageCollector(_store, time, loggers.CreateLogger<GarbageCollector>()).RunAsync);
        var traffic = new TrafficJoint(_gateway, _gateway);
        _meter = new UsageMeter(_driver, traffic, _database.Platform, s_metering, time, loggers);
        Run("the meter", _meter.RunAsync);
        Run("the news of usage", new UsageNews(new UsageLedger(_database.Platform, s_metering, time), _events, time).RunAsync);
        Run("the image cleaning", new ImageCleaning(_images, _store, time, _logger).RunAsync);
        if (_database.Archive is { } archive)
        {
            Run("the archive of the databases", archive.RunAsync);
        }

        Watch("the store", WhenLostAsync(_store));

        Step("opening the API and the registry");
        var token = KeyFiles.AdminToken(folder);
        await _listeners.StartAsync(
            Listeners.On(settings.Bind, settings.RegistryPort), "SLIPWAY_REGISTRY_PORT", null, bodyBytesMax: null,
            app => app.MapRegistry(_images, RegistryCredentials.Of(token), LoopbackAccess.Pull), loggers, cancellation);
        await _listeners.StartAsync(
            Listeners.On(IPAddress.Loopback, settings.EventsPort), "SLIPWAY_EVENTS_PORT", null, EventDoors.BodyBytesMax, app => app.MapEventBus(_events), loggers, cancellation);
        var api = ApiServicesOf(token);
        var platform = PlatformServicesOf(api, traffic);
        Check(await IngressView.PublishAsync(_store, IPAddress.Loopback.ToString(), settings.GatewayPort, cancellation));
        await _listeners.StartAsync(
            Listeners.On(settings.Bind, settings.ApiPort), "SLIPWAY_API_PORT", () => certificates.Current, api.Options.BodyBytesMax, MapApi, loggers, cancellation);
        await _listeners.StartAsync(
            Listeners.On(IPAddress.Loopback, settings.ApiClearPort), "SLIPWAY_API_HTTP_PORT", null, api.Options.BodyBytesMax, MapApi, loggers, cancellation);

        await StartTelemetryAsync(token, cancellation);
        var urls = Urls(ingress);
        Kubeconfig.Write(folder.Kubeconfig, new Uri(urls["api"]), certificates.AuthorityPem, token);
        report.Ready(urls, _driver.Capabilities.Limits);
        ServerLog.Step(_logger, "ready");

        void MapApi(WebApplication app)
        {
            app.MapPlatformApi(platform);
            app.MapKubernetesApi(api);
        }
    }

    /// <summary>Until somebody asks it to stop. A part that ends by itself ends the server: its supervisor starts a whole one.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = stop.Register(asked.SetResult);
        var ended = await Task.WhenAny([asked.Task, .. _parts.Select(part => part.Running)]);
        if (ended != asked.Task)
        {
            var name = _parts.First(part => part.Running == ended).Name;
            ServerLog.PartEnded(_logger, name, ended.Exception);
            throw new InvalidOperationException($"{name} ended", ended.Exception);
        }
    }

    public async Task StopAsync()
    {
        if (_stopped)
        {
            return;
        }

        _stopped = true;
        Stopping("closing the doors");
        await _listeners.DisposeAsync();
        Stopping("finishing requests");
        if (_gateway is not null)
        {
            await _gateway.StopAsync(s_drain);
        }

        Stopping("stopping the control plane");
        await _stopping.CancelAsync();
        await Task.WhenAll(_parts.Where(part => part.Stops).Select(part => part.Running.ContinueWith(_ => { }, TaskScheduler.Default)));
        Stopping("stopping instances");
        if (_driver is not null)
        {
            await Task.WhenAll(_driver.List().Select(instance => _driver.StopAsync(instance.Id, s_drain, CancellationToken.None)));
        }

        if (_telemetry is not null)
        {
            await _telemetry.StopAsync();
        }

        Stopping("stopping the database");
        if (_store is not null)
        {
            await _store.DisposeAsync();
        }

        if (_database is not null)
        {
            await _database.StopAsync(CancellationToken.None);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_telemetry is not null)
        {
            await _telemetry.DisposeAsync();
        }

        _figures?.Dispose();
        if (_events is not null)
        {
            await _events.DisposeAsync();
        }

        _meter?.Dispose();
        _control?.Dispose();
        _probes?.Dispose();
        _driver?.Dispose();
        if (_logs is not null)
        {
            await _logs.DisposeAsync();
        }

        _images?.Dispose();
        if (_gateway is not null)
        {
            await _gateway.DisposeAsync();
        }

        if (_database is not null)
        {
            await _database.DisposeAsync();
        }

        _certificates?.Dispose();
        _stopping.Dispose();
    }

    private string GatewayAddress => $"http://{Listeners.Dial(settings.Bind)}:{settings.GatewayPort}";

    private TokenIssuer Tokens => _tokens ??= new TokenIssuer(KeyFiles.SigningKey(settings.Folder), $"https://localhost:{settings.ApiPort}", time);

    private ControlPlaneParts ControlPlanePartsOf(IngressSettings ingress) => new()
    {
        Store = _store!,
        Driver = _driver!,
        Health = _probes!,
        Images = new ImagesJoint(_images!),
        Endpoints = _endpoints,
        Gate = _gateway!,
        Load = _gateway!,
        Ingress = ingress,
        IngressStatus = new IngressJoint(_gateway!),
        ServiceAccountTokens = new TokensJoint(Tokens, _store!, time),
        Surroundings = new Surroundings(
            ingress, GatewayAddress, new EventSurroundings($"http://{IPAddress.Loopback}:{settings.EventsPort}", KeyFiles.EventsKey(settings.Folder)),
            settings.Telemetry is { Enabled: true, OtlpPort: > 0 and var otlp } ? new TelemetrySurroundings($"http://{IPAddress.Loopback}:{otlp}") : null),
        Databases = new DatabaseAccess(_database!.AdminDataSource, _database.Host, _database.Port),
        Fleet = new FleetSettings { FreezeAfter = settings.FreezeAfter },
        Decisions = new DecisionLogSettings { Folder = settings.Folder.Decisions },
        Time = time,
        Loggers = loggers,
    };

    /// <summary>A wildcard covers one label, so names of other namespaces than <c>default</c> need a certificate of their own.</summary>
    private CertificateOptions CertificateOptionsOf() => new()
    {
        Folder = settings.Folder.Certificates,
        Names = [settings.Domain, $"*.{settings.Domain}", $"*.default.{settings.Domain}", $"{Region}-{settings.Domain}"],
    };

    private GatewaySettings GatewaySettingsOf(IngressSettings ingress) => new()
    {
        Ingress = ingress,
        Plain = Listeners.On(settings.Bind, settings.GatewayPort),
        Secure = Listeners.On(settings.Bind, settings.GatewayTlsPort),
        ServicePorts =
        [
            .. settings.ServicePorts.SelectMany(service => Listeners.On(settings.Bind, service.Port)
                .Select(endpoint => new ServicePort(endpoint, $"{service.Host}.{settings.Domain}"))),
        ],
        PlatformTokens = new PlatformTokens(Tokens.Issuer, Tokens.PublicKeys()),
        SnapshotPath = settings.Folder.Snapshot,
        AccessLogPath = settings.Folder.AccessLog,
    };

    private async Task OpenGatewayAsync(GatewayServer gateway, CancellationToken cancellation)
    {
        try
        {
            await gateway.StartAsync(cancellation);
        }
        catch (SocketException taken) when (taken.SocketErrorCode is SocketError.AddressAlreadyInUse)
        {
            throw new StartFailureException(
                "port-in-use",
                $"port {string.Join(" or ", [settings.GatewayPort, settings.GatewayTlsPort, .. settings.ServicePorts.Select(service => service.Port)])} is used by another program: stop that one, or choose others with SLIPWAY_GATEWAY_PORT, SLIPWAY_TLS_PORT and SLIPWAY_SERVICE_PORTS");
        }
    }

    private ImageStoreOptions ImageOptions() => new()
    {
        Folder = settings.Folder.Registry,
        LocalHosts =
        [
            $"localhost:{settings.RegistryPort}", $"127.0.0.1:{settings.RegistryPort}", $"registry.localhost:{settings.RegistryPort}",
            "dev.local", "ko.local", "kind.local",
        ],
        DigestsInUse = _ => ValueTask.FromResult(UsedImages.Digests(_store!)),
    };

    private ApiServices ApiServicesOf(string token) => new()
    {
        Store = _store!,
        Logs = _logs!,
        Recycler = new RecyclerJoint(_driver!, _gateway!, _stopping.Token),
        Tokens = Tokens,
        Access = new AccessOptions
        {
            Tokens = [new StaticToken(token, new Caller("admin", ["system:masters"]))],
            Grants = [new Grant("system:masters", IsGroup: true, Role.Administrator, null)],
        },
        Time = time,
        Loggers = loggers,
        Stopping = _stopping.Token,
    };

    private EventBusSettings EventBusSettingsOf() => new()
    {
        Address = new Uri($"http://{IPAddress.Loopback}:{settings.EventsPort}"),
        Gateway = new Uri(GatewayAddress),
        PlatformKey = KeyFiles.EventsKey(settings.Folder),
        AdminToken = KeyFiles.AdminToken(settings.Folder),
    };

    private PlatformServices PlatformServicesOf(ApiServices api, ITrafficReport traffic) => new()
    {
        Api = api,
        Driver = _driver!,
        Health = _probes!,
        Endpoints = _endpoints,
        Decisions = _control!.Decisions,
        Fleet = () => _control.Fleet,
        Images = _images!,
        Traffic = traffic,
        Usage = new UsageLedger(_database!.Platform, s_metering, time),
        Archive = _database.Archive,
        RegistryAddress = $"localhost:{settings.RegistryPort}",
    };

    /// <summary>Its stores are opened while the platform already serves.</summary>
    private async Task StartTelemetryAsync(string token, CancellationToken cancellation)
    {
        if (_figures is not { } instruments)
        {
            return;
        }

        var sources = new TelemetrySources
        {
            Targets = new ScrapeTargetsJoint(_driver!, _endpoints, _store!),
            Logs = new LogSourcesJoint(_driver!, _logs!, settings.Folder, time),
            Figures =
            [
                ("instances", new InstanceFigures(_driver!)),
                ("services", new ServiceFigures(_store!, _endpoints, () => _control!.Fleet)),
                ("host", new HostFigures(settings.Folder.Root, _database!)),
                ("instruments", instruments),
            ],
            FigureTexts = [("gateway", _gateway!.PrometheusText)],
            Resources = _store!,
        };
        var hub = new TelemetryHub(settings.Telemetry, sources, settings.Folder.Telemetry, token, time, loggers);
        _gateway!.RecordSpans(new GatewaySpans(hub.Spans));
        var rules = new RuleDelivery(new Uri($"http://{IPAddress.Loopback}:{settings.ApiClearPort}"), token, settings.Folder.Telemetry, _logger);
        _telemetry = new ServerTelemetry(settings.Telemetry, hub, rules, report, time, loggers);
        await _telemetry.StartAsync(cancellation);
    }

    private Dictionary<string, string> Urls(IngressSettings ingress) => new()
    {
        ["gateway"] = ingress.UrlOf(settings.Domain),
        ["gateway (tls)"] = $"https://{settings.Domain}:{settings.GatewayTlsPort}",
        ["api"] = $"https://localhost:{settings.ApiPort}",
        ["events"] = $"http://localhost:{settings.EventsPort}",
        ["registry"] = $"http://localhost:{settings.RegistryPort}",
    };

    private void Run(string name, Func<CancellationToken, Task> part) =>
        _parts.Add((name, Task.Run(() => part(_stopping.Token), CancellationToken.None), Stops: true));

    /// <summary>A task that ends only when something is wrong; stopping does not wait for it.</summary>
    private void Watch(string name, Task part) => _parts.Add((name, part, Stops: false));

    private static async Task WhenLostAsync(ResourceStore store)
    {
        var failure = await store.Lost;
        throw new InvalidOperationException(failure.Detail);
    }

    private void Step(string words)
    {
        ServerLog.Step(_logger, words);
        report.Step(words);
    }

    private void Stopping(string words)
    {
        ServerLog.Step(_logger, words);
        report.Stopping(words);
    }

    private static T Checked<T>(Outcome<T> outcome) => outcome.Succeeded ? outcome.Value : throw new StartFailureException(outcome.Failure!);

    private static void Check(Failure? failure)
    {
        if (failure is not null)
        {
            throw new StartFailureException(failure);
        }
    }
}
