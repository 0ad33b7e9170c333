using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using Slipway.Gateway.Admission;
using Slipway.Gateway.Choosing;
using Slipway.Gateway.Listening;
using Slipway.Gateway.Multiplexing;
using Slipway.Gateway.Policies;
using Slipway.Gateway.Recording;
using Slipway.Gateway.Routing;
using Slipway.Gateway.Status;
using Slipway.Runtime.Endpoints;
using Slipway.Store;

namespace Slipway.Gateway;

/// <summary>
/// The data plane. Starts without a store, from the snapshot its last life has kept; <see cref="Follow"/> connects it to
/// the store once that is open.
/// </summary>
public sealed class GatewayServer : ITrafficGate, ILoadSource, ITrafficFigures, IAsyncDisposable
{
    private readonly TrafficBook _book;
    private readonly MeterBook _meters = new();
    private readonly RouteTable _routes;
    private readonly AccessLog _accessLog;
    private readonly PolicyBook _policies;
    private readonly SpanRing _spans;
    private readonly GatewayCore _core;
    private readonly MultiplexServer _multiplexer;
    private readonly Listener _listener;
    private readonly CancellationTokenSource _stop = new();
    private Task _following = Task.CompletedTask;
    private int _stopped;

    /// <param name="certificate">The certificate for a server name (null = none was named); asked at every handshake, so it answers from memory.</param>
    /// <param name="seed">Makes the splits repeatable; for tests.</param>
    public GatewayServer(
        GatewaySettings settings,
        IEndpointDirectory directory,
        IWakeUp wakeUp,
        TimeProvider time,
        ILoggerFactory loggers,
        Func<string?, X509Certificate2?>? certificate = null,
        int? seed = null)
    {
        var logger = loggers.CreateLogger("Slipway.Gateway");
        var dice = new Dice(seed);
        _book = new TrafficBook(directory, wakeUp, settings.Limits, time, dice);
        _policies = new PolicyBook(settings.Limits, time);
        _spans = new SpanRing(time);
        _routes = new RouteTable(new SnapshotBuilder(settings, _book, _meters, _policies), _book, settings.SnapshotPath, time, logger);
        _accessLog = new AccessLog(settings.AccessLogPath, time, logger);
        _core = new GatewayCore
        {
            Settings = settings,
            Routes = _routes,
            Book = _book,
            Meters = _meters,
            Dice = dice,
            Time = time,
            Logger = logger,
            AccessLog = _accessLog,
            Spans = _spans,
            Certificate = certificate,
            Decider = new Decider(settings, dice),
        };
        _multiplexer = new MultiplexServer(_core, loggers);
        _listener = new Listener(_core, _multiplexer);
    }

    /// <summary>Where it listens for plain HTTP (and h2c), after <see cref="StartAsync"/>.</summary>
    public IReadOnlyList<IPEndPoint> PlainEndpoints => _listener.Plain;

    /// <summary>Where it listens for TLS, after <see cref="StartAsync"/>.</summary>
    public IReadOnlyList<IPEndPoint> SecureEndpoints => _listener.Secure;

    /// <summary>Where the services with a port of their own are reached, in the order of the settings, after <see cref="StartAsync"/>.</summary>
    public IReadOnlyList<IPEndPoint> ServiceEndpoints => _listener.Services;

    /// <summary>The store version the present routes were made from; 0 while there are none.</summary>
    public long RoutingVersion => _routes.Current.Version;

    /// <summary>Raised after requests began to be routed by <see cref="RoutingVersion"/>. Handlers return quickly.</summary>
    public event Action? RoutingChanged
    {
        add => _routes.Swapped += value;
        remove => _routes.Swapped -= value;
    }

    /// <summary>
    /// From now on every request has a span of the gateway's own, and instances are told it as the parent of theirs. Once, any time; until
    /// then the client's traceparent goes on as it came.
    /// </summary>
    public void RecordSpans(IRequestSpans sink) => _spans.Attach(sink);

    /// <summary>Hands the lines of the access log to a reader as they are written. Once, any time.</summary>
    public void ShareAccessLines(IAccessLines reader) => _accessLog.Share(reader);

    public Task StartAsync(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        _routes.Load();
        _listener.Start();
        return Task.CompletedTask;
    }

    /// <summary>Follows the store from now on. Once, any time after <see cref="StartAsync"/>.</summary>
    public void Follow(IResourceStore store)
    {
        if (!_following.IsCompleted)
        {
            throw new InvalidOperationException("The gateway already follows a store.");
        }

        var status = new StatusReconciler(store, _core.Time, _core.Logger);
        _following = Task.WhenAll(Task.Run(() => _routes.FollowAsync(store, _stop.Token)), Task.Run(() => status.RunAsync(_stop.Token)));
    }

    /// <summary>Takes no new connections, lets requests in flight finish within the limit and cuts what is left.</summary>
    public async Task StopAsync(TimeSpan drain)
    {
        if (Interlocked.Exchange(ref _stopped, 1) != 0)
        {
            return;
        }

        await _listener.StopAsync(drain).ConfigureAwait(false);
        await _stop.CancelAsync().ConfigureAwait(false);
        await _following.ConfigureAwait(false);
        _routes.Save();
        await _accessLog.DisposeAsync().ConfigureAwait(false);
        await _spans.DisposeAsync().ConfigureAwait(false);
        _book.Dispose();
    }

    public bool TryClose(string instanceId) => _book.TryClose(instanceId);

    public Task<bool> DrainAsync(string instanceId, TimeSpan limit, CancellationToken cancellation) => _book.DrainAsync(instanceId, limit, cancellation);

    public void Open(string instanceId) => _book.Open(instanceId);

    public int InFlight(string instanceId) => _book.InFlight(instanceId);

    public DateTimeOffset? LastUsedAt(string instanceId) => _book.LastUsedAt(instanceId);

    public IReadOnlyList<LoadReading> Read() => _book.Read();

    public IReadOnlyList<InstanceTraffic> Instances() => _book.Instances();

    public IReadOnlyList<ServiceTraffic> Services() => _meters.Read();

    public string PrometheusText() => FiguresText(openMetrics: false);

    public string OpenMetricsText() => FiguresText(openMetrics: true);

    public async ValueTask DisposeAsync()
    {
        await StopAsync(TimeSpan.Zero).ConfigureAwait(false);
        await _listener.DisposeAsync().ConfigureAwait(false);
        await _multiplexer.DisposeAsync().ConfigureAwait(false);
        _stop.Dispose();
    }

    private string FiguresText(bool openMetrics) => new FiguresText(openMetrics)
        .Write(Services(), _meters.Unrouted.Read(), _book.Revisions, _policies.Circuits)
        .Write(_listener.Open, _accessLog.Dropped, _spans.Dropped);
}
