using Microsoft.Extensions.Logging;
using Slipway.Store;
using Slipway.Telemetry.Alerts;
using Slipway.Telemetry.Logs;
using Slipway.Telemetry.Metrics;
using Slipway.Telemetry.Parts;
using Slipway.Telemetry.PromQl;
using Slipway.Telemetry.Traces;
using Slipway.Telemetry.Traces.Sampling;

namespace Slipway.Telemetry;

/// <summary>Everything that is kept, each in a folder of its own, and sinks that are there before and after their store is.</summary>
internal sealed class TelemetryStores
{
    private readonly List<IPartState> _parts = [];
    private readonly List<Func<CancellationToken, Task>> _running = [];
    private readonly List<Task> _settled = [];
    private readonly TelemetrySettings _settings;
    private readonly TelemetryExports _exports;
    private readonly string _folder;
    private readonly TimeProvider _time;
    private readonly ILoggerFactory _loggers;
    private readonly ILogger _logger;

    public TelemetryStores(TelemetrySettings settings, TelemetrySources sources, TelemetryExports exports, string folder, TimeProvider time, ILoggerFactory loggers)
    {
        (_settings, _exports, _folder, _time, _loggers) = (settings, exports, folder, time, loggers);
        _logger = loggers.CreateLogger("Slipway.Telemetry");
        Metrics = Part("metrics", OpenMetricsAsync, static (store, stopping) => store.RunAsync(stopping));
        Logs = Part("logs", OpenLogsAsync, static (store, stopping) => store.RunAsync(stopping));
        Traces = Part("traces", OpenTracesAsync, static (store, stopping) => store.RunAsync(stopping));
        Alerts = Part("alerts", _ => OpenAlertsAsync(sources.Resources), static (engine, stopping) => engine.RunAsync(stopping));
        Samples = new LateMetricSink(() => Metrics.Current, exports.Samples);
        Lines = new LateLogSink(() => Logs.Current, [.. exports.Lines]);
        Spans = new LateSpanSink(() => Traces.Current);
        Traces.Changed += Spans.PassOn;
        Metrics.Changed += () => PromQl = Metrics.Current is { } store ? new PromQlEngine(store, time) : null;
        Logs.Changed += () => LogQl = Logs.Current is { } store ? new LogQlEngine(store, new LogQlOptions(), time) : null;
        // Last, so that whoever is told finds everything in its place.
        foreach (var part in _parts)
        {
            part.Changed += () => Changed?.Invoke();
        }
    }

    public TelemetryPart<MetricStore> Metrics { get; }

    public TelemetryPart<LogStore> Logs { get; }

    public TelemetryPart<TraceStore> Traces { get; }

    public TelemetryPart<AlertEngine> Alerts { get; }

    public PromQlEngine? PromQl { get; private set; }

    public LogQlEngine? LogQl { get; private set; }

    public LateMetricSink Samples { get; }

    public LateLogSink Lines { get; }

    public LateSpanSink Spans { get; }

    public IReadOnlyList<string> Troubles =>
        [.. _parts.Where(part => part.Trouble is not null).Select(part => $"telemetry: {part.Name} cannot be used now: {part.Trouble}")];

    /// <summary>Completes when every store was opened or could not be.</summary>
    public Task Settled => Task.WhenAll(_settled);

    public event Action? Changed;

    public Task RunAsync(CancellationToken stopping) => Task.WhenAll(_running.Select(run => run(stopping)));

    private Task<MetricStore> OpenMetricsAsync(CancellationToken cancellation) => MetricStore.OpenAsync(
        new MetricStoreOptions
        {
            Folder = Path.Combine(_folder, "metrics"),
            Retention = _settings.Retention,
            DiskBytes = _settings.MetricsBytesMax,
            MemoryBytes = _settings.MemoryBytesMax / 2,
            SeriesMax = _settings.SeriesMax,
            SeriesPerSourceMax = _settings.SeriesPerSourceMax,
        },
        _time,
        _loggers,
        cancellation);

    private Task<LogStore> OpenLogsAsync(CancellationToken cancellation) => LogStore.OpenAsync(
        new LogStoreOptions
        {
            Folder = Path.Combine(_folder, "logs"),
            Retention = _settings.Retention,
            DiskBytesMax = _settings.LogsBytesMax,
            MemoryBytesMax = _settings.MemoryBytesMax / 4,
        },
        _time,
        _loggers,
        cancellation);

    private Task<TraceStore> OpenTracesAsync(CancellationToken cancellation) => TraceStore.OpenAsync(
        new TraceStoreOptions
        {
            Folder = Path.Combine(_folder, "traces"),
            Retention = _settings.Retention,
            BytesMax = _settings.TracesBytesMax,
            MemoryMax = _settings.MemoryBytesMax / 4,
            Rules = new SamplingRules(_settings.TraceRatio, _settings.TraceRatios, _settings.TraceSlow.Ticks * 100),
            Forward = _exports.Spans,
        },
        _time,
        _loggers,
        cancellation);

    private Task<AlertEngine> OpenAlertsAsync(IResourceStore resources) => Task.FromResult(new AlertEngine(new AlertEngineParts(
        resources,
        new LateExpressions("metrics", () => PromQl),
        new LateExpressions("logs", () => LogQl),
        Samples,
        Path.Combine(_folder, "alerts"),
        _time,
        _loggers)));

    private TelemetryPart<T> Part<T>(string name, Func<CancellationToken, Task<T>> open, Func<T, CancellationToken, Task> run)
        where T : class
    {
        var part = new TelemetryPart<T>(name, open, run, _time, _logger);
        _parts.Add(part);
        _running.Add(part.RunAsync);
        _settled.Add(part.Settled);
        return part;
    }
}
