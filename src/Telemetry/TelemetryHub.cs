using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using Slipway.Telemetry.Collecting;
using Slipway.Telemetry.Doors;
using Slipway.Telemetry.Metrics;
using Slipway.Telemetry.Otlp;
using Slipway.Telemetry.Parts;
using Slipway.Telemetry.Traces;

namespace Slipway.Telemetry;

/// <summary>
/// Telemetry as a whole: its stores, who fills them, and who asks them. Every store comes and goes by itself; whoever has
/// something to keep gives it to a sink that is always there.
/// </summary>
public sealed class TelemetryHub : IAsyncDisposable
{
    private readonly TelemetryExports _exports;
    private readonly TelemetryStores _stores;
    private readonly TelemetryDoors _doors;
    private readonly OtlpServices _otlp;
    private readonly Scraper _scraper;
    private readonly LogShipper _shipper;
    private readonly PlatformFigures _figures;
    private readonly Supervised _supervised;
    private readonly string _folder;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    /// <param name="folder">Everything telemetry keeps is in it.</param>
    /// <param name="token">Whoever has it may ask.</param>
    public TelemetryHub(TelemetrySettings settings, TelemetrySources sources, string folder, string token, TimeProvider time, ILoggerFactory loggers)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(sources);
        (_folder, _time) = (folder, time);
        _logger = loggers.CreateLogger("Slipway.Telemetry");
        _supervised = new Supervised(time, _logger);
        _exports = new TelemetryExports(settings, time, loggers);
        _stores = new TelemetryStores(settings, sources, _exports, folder, time, loggers);
        _otlp = new OtlpServices(_stores.Spans, _stores.Lines, _stores.Samples, time);
        var scraping = new ScrapeOptions { Interval = settings.ScrapeInterval };
        _scraper = new Scraper(sources.Targets, _stores.Samples, scraping, time, loggers.CreateLogger<Scraper>());
        _shipper = new LogShipper(sources.Logs, _stores.Lines, Path.Combine(folder, "log-positions"), time, loggers.CreateLogger<LogShipper>());
        var own = new TelemetryFigures();
        _figures = new PlatformFigures(
            [.. sources.Figures, .. sources.FigureTexts.Select(text => (text.Name, (IFigureSource)new TextFigures(text.Text))), ("telemetry", own)],
            _stores.Samples, settings.ScrapeInterval, time, loggers.CreateLogger<PlatformFigures>());
        _exports.Tell(own);
        OwnFigures.Tell(own, _stores, _otlp, _shipper, _scraper);
        _doors = new TelemetryDoors(settings, _stores, _figures, new TargetBook(_scraper, scraping), new TokenGate(token, settings.Open), time);
        _stores.Changed += () => Changed?.Invoke();
        _supervised.Changed += () => Changed?.Invoke();
    }

    /// <summary>Takes the gateway's spans from the first moment on.</summary>
    public ISpanSink Spans => _stores.Spans;

    /// <summary>What does not work now, in words for the status. Empty is well.</summary>
    public IReadOnlyList<string> Troubles => [.. _stores.Troubles, .. _supervised.Troubles];

    public event Action? Changed;

    /// <summary>Until it is told to stop; nothing of it ends it before.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        var began = _time.GetTimestamp();
        try
        {
            Directory.CreateDirectory(_folder);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Each store says it for itself when it opens, and tries again.
            PartLog.Failed(_logger, "folder", 0, error);
        }

        // Collecting ends first and the stores last, so that what was collected is kept.
        using var stores = new CancellationTokenSource();
        var keeping = _stores.RunAsync(stores.Token);
        await _stores.Settled.ConfigureAwait(false);
        var opening = _time.GetElapsedTime(began).TotalMilliseconds;
        PartLog.Open(_logger, opening);
        await Task.WhenAll(
            _supervised.RunAsync("the scraper", _scraper.RunAsync, stopping),
            _supervised.RunAsync("the log shipper", _shipper.RunAsync, stopping),
            _supervised.RunAsync("the platform's figures", _figures.RunAsync, stopping),
            Task.WhenAll(_exports.Run(_supervised, stopping))).ConfigureAwait(false);
        await stores.CancelAsync().ConfigureAwait(false);
        await keeping.ConfigureAwait(false);
    }

    /// <summary>The doors for questions.</summary>
    public void MapDoors(WebApplication app) => _doors.Map(app);

    /// <summary>Where programs send what they tell, over HTTP.</summary>
    public void MapOtlp(WebApplication app) => app.MapOtlp(_otlp);

    /// <summary>The same over gRPC.</summary>
    public void MapOtlpGrpc(WebApplication app) => app.MapOtlpGrpc(_otlp);

    public ValueTask DisposeAsync()
    {
        _scraper.Dispose();
        _exports.Dispose();
        return ValueTask.CompletedTask;
    }
}
