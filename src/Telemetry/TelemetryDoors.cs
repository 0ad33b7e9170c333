using System.Buffers;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Slipway.Telemetry.Collecting;
using Slipway.Telemetry.Doors;
using Slipway.Telemetry.Doors.Alertmanager;
using Slipway.Telemetry.Doors.Loki;
using Slipway.Telemetry.Doors.Prometheus;
using Slipway.Telemetry.Doors.Tempo;
using Slipway.Telemetry.Exposition;
using Slipway.Telemetry.Labels;
using Slipway.Telemetry.Metrics;
using Slipway.Telemetry.Parts;

namespace Slipway.Telemetry;

/// <summary>
/// One port for all questions, in four dialects. Which of them can be answered depends on the stores that are open; the
/// routes are made anew whenever one comes or goes, and what is not there says so.
/// </summary>
internal sealed class TelemetryDoors(
    TelemetrySettings settings, TelemetryStores stores, PlatformFigures figures, TargetBook targets, TokenGate gate, TimeProvider time)
{
    private const long FreshMilliseconds = 5 * 60 * 1000;

    private const string Front = """
        Slipway telemetry. Send the installation's admin token (Authorization: Bearer …, or Basic with it as the password).

          /api/v1/…        Prometheus: query, query_range, series, labels, metadata, rules, alerts, targets
          /federate        every series, for a Prometheus that federates
          /loki/api/v1/…   Loki: query, query_range, labels, series, push, tail
          /api/search, /api/traces/ID   Tempo: search and traces
          /api/v2/…        Alertmanager: alerts, silences, receivers
          /metrics         the platform's own figures as a page to scrape
          /metrics/NAMESPACE/SERVICE   the newest figures of one service

        In Grafana this address is the data source of Prometheus, Loki, Tempo and Alertmanager alike.

        """;

    private readonly Lock _rebuilding = new();
    private volatile RequestDelegate? _routes;
    private IApplicationBuilder? _app;

    public void Map(WebApplication app)
    {
        _app = app;
        stores.Changed += Rebuild;
        Rebuild();
        app.Use(next => http => gate.InvokeAsync(http, _ => _routes!(http)));
    }

    private void Rebuild()
    {
        // Stores come at the same moment: whoever is last must see all of them.
        lock (_rebuilding)
        {
            var app = _app!.New();
            app.UseRouting();
            app.UseEndpoints(MapAll);
            app.Run(MissingAsync);
            _routes = app.Build();
        }
    }

    private void MapAll(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/", static http => TextAsync(http, Front));
        routes.MapGet("/-/healthy", static http => TextAsync(http, "Telemetry answers.\n"));
        routes.MapGet("/-/ready", http => stores.Troubles.Count == 0 ? TextAsync(http, "Telemetry is ready.\n") : UnavailableAsync(http, string.Join("; ", stores.Troubles)));
        routes.MapGet("/metrics", PlatformAsync);
        if (stores is { Metrics.Current: { } metrics, PromQl: { } engine })
        {
            routes.MapGet("/metrics/{namespace}/{service}", http => ServiceAsync(http, metrics));
            routes.MapPrometheusApi(new PrometheusApiServices(engine, metrics, new RuleBook(() => stores.Alerts.Current?.Book), targets, time)
            {
                Retention = settings.Retention,
                Version = typeof(TelemetryDoors).Assembly.GetName().Version?.ToString(3) ?? "",
            });
        }

        if (stores is { Logs.Current: { } logs, LogQl: { } lines })
        {
            routes.MapLokiApi(new LokiApiServices(logs, lines, time) { PushAgeMax = settings.Retention });
        }

        if (stores.Alerts.Current is { } alerts)
        {
            routes.MapAlertmanagerApi(alerts);
        }

        if (stores.Traces.Current is { } traces)
        {
            routes.MapTempoApi(traces, time);
        }
    }

    /// <summary>The platform's own figures of this moment.</summary>
    private async Task PlatformAsync(HttpContext http)
    {
        var form = ExpositionForms.Wanted(http.Request.Headers.Accept);
        var page = new ArrayBufferWriter<byte>(64 * 1024);
        var writer = new ExpositionWriter(page, form);
        foreach (var figure in await figures.ReadAsync(http.RequestAborted).ConfigureAwait(false))
        {
            if (figure.Values.Count > 0)
            {
                writer.Family(figure.Name, figure.Kind, figure.Help);
            }

            foreach (var value in figure.Values)
            {
                writer.Sample(value.Labels.With(LabelSet.MetricName, figure.Name + value.Suffix), value.Value);
            }
        }

        writer.End();
        await PageAsync(http, form, page).ConfigureAwait(false);
    }

    /// <summary>What one service told last, all its instances together, each with its labels.</summary>
    private async Task ServiceAsync(HttpContext http, MetricStore metrics)
    {
        var (@namespace, service) = ((string)http.Request.RouteValues["namespace"]!, (string)http.Request.RouteValues["service"]!);
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        LabelMatcher[] matchers = [new("namespace", MatchKind.Equal, @namespace), new("service", MatchKind.Equal, service)];
        var meanings = metrics.Metadata().DistinctBy(metadata => metadata.Metric).ToDictionary(metadata => metadata.Metric, StringComparer.Ordinal);
        var form = ExpositionForms.Wanted(http.Request.Headers.Accept);
        var page = new ArrayBufferWriter<byte>(64 * 1024);
        var writer = new ExpositionWriter(page, form);
        var fresh = metrics.Select(matchers, now - FreshMilliseconds, now, 2_000_000, http.RequestAborted)
            .Where(series => series.Samples is { Length: > 0 } samples && !samples.Span[^1].IsStale)
            .GroupBy(series => FamilyOf(series.Labels.Metric, meanings), StringComparer.Ordinal)
            .OrderBy(family => family.Key, StringComparer.Ordinal);
        foreach (var family in fresh)
        {
            var meaning = meanings.GetValueOrDefault(family.Key);
            writer.Family(family.Key, meaning?.Kind ?? "unknown", meaning?.Help ?? "", meaning?.Unit ?? "");
            foreach (var series in family)
            {
                writer.Sample(series.Labels, series.Samples.Span[^1].Value);
            }
        }

        writer.End();
        await PageAsync(http, form, page).ConfigureAwait(false);
    }

    private static string FamilyOf(string metric, Dictionary<string, MetricMetadata> meanings)
    {
        if (meanings.ContainsKey(metric))
        {
            return metric;
        }

        foreach (var suffix in new[] { "_bucket", "_sum", "_count" })
        {
            if (metric.EndsWith(suffix, StringComparison.Ordinal) && meanings.ContainsKey(metric[..^suffix.Length]))
            {
                return metric[..^suffix.Length];
            }
        }

        return metric;
    }

    private static async Task PageAsync(HttpContext http, ExpositionForm form, ArrayBufferWriter<byte> page)
    {
        http.Response.ContentType = form == ExpositionForm.OpenMetrics ? ExpositionForms.OpenMetricsType : ExpositionForms.TextType;
        http.Response.ContentLength = page.WrittenCount;
        await http.Response.Body.WriteAsync(page.WrittenMemory, http.RequestAborted).ConfigureAwait(false);
    }

    /// <summary>Nothing is at the address, or the store behind it is away.</summary>
    private Task MissingAsync(HttpContext http)
    {
        var path = http.Request.Path;
        IPartState? part = path switch
        {
            _ when path.StartsWithSegments("/loki") => stores.Logs,
            _ when path.StartsWithSegments("/api/v2/alerts") || path.StartsWithSegments("/api/v2/silences") || path.StartsWithSegments("/api/v2/silence") => stores.Alerts,
            _ when path.StartsWithSegments("/api/search") || path.StartsWithSegments("/api/traces") || path.StartsWithSegments("/slipway") => stores.Traces,
            _ when path.StartsWithSegments("/api/v1") || path.StartsWithSegments("/federate") || path.StartsWithSegments("/metrics") => stores.Metrics,
            _ => null,
        };
        if (part is { Trouble: { } trouble })
        {
            return UnavailableAsync(http, $"{part.Name} cannot be asked now: {trouble}");
        }

        http.Response.StatusCode = StatusCodes.Status404NotFound;
        return TelemetryProblems.WriteAsync(http, "not_found", $"There is nothing at {path}; GET / tells what is where.");
    }

    private static Task UnavailableAsync(HttpContext http, string detail)
    {
        http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        http.Response.Headers.RetryAfter = 5.ToString(CultureInfo.InvariantCulture);
        return TelemetryProblems.WriteAsync(http, "unavailable", detail);
    }

    private static Task TextAsync(HttpContext http, string text)
    {
        http.Response.ContentType = "text/plain; charset=utf-8";
        return http.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(text), http.RequestAborted).AsTask();
    }
}
