using Microsoft.Extensions.Logging;
using Slipway.Telemetry.Exports.Loki;
using Slipway.Telemetry.Exports.Otlp;
using Slipway.Telemetry.Logs;
using Slipway.Telemetry.Metrics;
using Slipway.Telemetry.Parts;
using Slipway.Telemetry.Traces;

namespace Slipway.Telemetry;

/// <summary>Other systems that get what is kept here as well. Each has queues of its own; nobody waits for any of them.</summary>
internal sealed class TelemetryExports : IDisposable
{
    private readonly OtlpForwarder? _otlp;
    private readonly LokiPusher? _loki;
    private readonly HttpMessageInvoker? _lokiCalls;

    public TelemetryExports(TelemetrySettings settings, TimeProvider time, ILoggerFactory loggers)
    {
        if (settings.OtlpExport is { } collector)
        {
            var options = new OtlpForwarderOptions
            {
                Endpoint = collector,
                Headers = settings.OtlpExportHeaders,
                Samples = settings.OtlpExportSignals.Contains("metrics"),
                Lines = settings.OtlpExportSignals.Contains("logs"),
            };
            _otlp = new OtlpForwarder(options, Calls(), time, Random.Shared.NextDouble, loggers);
            Spans = settings.OtlpExportSignals.Contains("traces") ? _otlp : null;
        }

        if (settings.LokiExport is { } loki)
        {
            var user = Uri.UnescapeDataString(loki.UserInfo).Split(':', 2);
            var options = new LokiPusherOptions
            {
                Address = new UriBuilder(loki) { UserName = "", Password = "" }.Uri,
                User = user[0].Length > 0 ? user[0] : null,
                Password = user.Length > 1 ? user[1] : null,
                Tenant = settings.LokiTenant,
            };
            _lokiCalls = new HttpMessageInvoker(Calls());
            _loki = new LokiPusher(options, _lokiCalls, time, Random.Shared.NextDouble, loggers);
        }
    }

    public ISpanSink? Spans { get; }

    public IMetricSink? Samples => _otlp;

    public IEnumerable<ILogSink> Lines => new ILogSink?[] { _otlp, _loki }.OfType<ILogSink>();

    public IEnumerable<Task> Run(Supervised supervised, CancellationToken stopping)
    {
        if (_otlp is { } otlp)
        {
            yield return supervised.RunAsync("the export by OTLP", otlp.RunAsync, stopping);
        }

        if (_loki is { } loki)
        {
            yield return supervised.RunAsync("the export to Loki", loki.RunAsync, stopping);
        }
    }

    public void Tell(TelemetryFigures figures)
    {
        if (_otlp is { } otlp)
        {
            OfLane("traces", () => (otlp.Spans.Sent, otlp.Spans.Dropped, otlp.Spans.Refused, otlp.Spans.Waiting));
            OfLane("metrics", () => (otlp.Samples.Sent, otlp.Samples.Dropped, otlp.Samples.Refused, otlp.Samples.Waiting));
            OfLane("logs", () => (otlp.Lines.Sent, otlp.Lines.Dropped, otlp.Lines.Refused, otlp.Lines.Waiting));
        }

        if (_loki is { } loki)
        {
            OfLane("loki", () => (loki.PushedLines, loki.DroppedLines, loki.RefusedLines, loki.WaitingLines));
        }

        void OfLane(string lane, Func<(long Sent, long Dropped, long Refused, int Waiting)> read)
        {
            var labels = Labels.LabelSet.Of(("lane", lane));
            figures.Counted("slipway_telemetry_exported_total", "Items another system has taken.", () => read().Sent, labels);
            figures.Counted("slipway_telemetry_export_dropped_total", "Items given up because the other system was away for too long.", () => read().Dropped, labels);
            figures.Counted("slipway_telemetry_export_refused_total", "Items the other system did not want.", () => read().Refused, labels);
            figures.Gauge("slipway_telemetry_export_waiting", "Items that wait for the other system.", () => read().Waiting, labels);
        }
    }

    public void Dispose()
    {
        _otlp?.Dispose();
        _lokiCalls?.Dispose();
    }

    private static SocketsHttpHandler Calls() => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        ConnectTimeout = TimeSpan.FromSeconds(5),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        // What tells about calls must not make calls that are told about.
        ActivityHeadersPropagator = null,
    };
}
