using System.Diagnostics;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Requests;
using Slipway.Sdk.Service;

namespace Slipway.Sdk.Telemetry;

/// <summary><c>/metrics</c>, for whoever reaches the process directly. What comes through the gateway is told that there is no such thing.</summary>
internal static class MetricsEndpoint
{
    public static async Task WriteAsync(HttpContext http)
    {
        if (ClientAddress.ThroughGateway(http))
        {
            await ProblemResults.WriteAsync(http, FrameworkProblems.NoSuchAddress());
            return;
        }

        var openMetrics = http.Request.Headers.Accept.ToString().Contains("application/openmetrics-text", StringComparison.OrdinalIgnoreCase);
        var text = new Exposition(openMetrics);
        var families = await http.RequestServices.GetRequiredService<MetricsRegistry>().SnapshotAsync();
        foreach (var family in families)
        {
            text.Write(family);
        }

        var service = http.RequestServices.GetRequiredService<ServiceIdentity>().Name;
        foreach (var family in DocumentedFigures.Of(service, families))
        {
            text.Write(family);
        }

        WriteProcess(text, http.RequestServices);
        var bytes = Encoding.UTF8.GetBytes(text.End());
        http.Response.ContentType = openMetrics ? Exposition.OpenMetricsType : Exposition.PrometheusType;
        http.Response.ContentLength = bytes.Length;
        await http.Response.Body.WriteAsync(bytes, http.RequestAborted);
    }

    private static void WriteProcess(Exposition text, IServiceProvider services)
    {
        var identity = services.GetRequiredService<ServiceIdentity>();
        using var process = Process.GetCurrentProcess();
        var labels = new Labels([new("service", identity.Name), new("version", identity.Version), new("revision", identity.Revision)]).Text;
        text.Gauge("slipway_service_info", "Which service this is.", 1, labels);
        text.Counter("slipway_log_dropped", "Log lines dropped because the output was not read fast enough.", services.GetRequiredService<LogWriter>().Dropped);
        text.Gauge("slipway_http_requests_running", "Requests being worked on.", services.GetRequiredService<Drain>().Running);
        if (services.GetService<SpanExport>() is { } spans)
        {
            text.Counter("slipway_spans_sent", "Spans the collector took.", spans.Sent);
            text.Counter("slipway_spans_dropped", "Spans dropped because there was no room for them or the collector did not take them.", spans.Dropped);
        }

        var (processor, memory) = (process.TotalProcessorTime.TotalSeconds, process.WorkingSet64);
        text.Counter("process_cpu_seconds", "Processor time used.", processor);
        text.Gauge("process_resident_memory_bytes", "Memory in use.", memory);

        // The same once more under the names documents and older dashboards know.
        text.Gauge("process_cpu_usage_seconds", "Processor time used.", processor);
        text.Gauge("process_memory_usage_bytes", "Memory in use.", memory);
        text.Gauge("nodejs_cpu_usage_seconds", "Processor time used.", processor);
        text.Gauge("nodejs_memory_usage_bytes", "Memory in use.", memory);
        text.Gauge("process_start_time_seconds", "When the process started.", new DateTimeOffset(process.StartTime).ToUnixTimeMilliseconds() / 1000.0);
        text.Gauge("process_threads", "Threads of the process.", process.Threads.Count);
        text.Gauge("dotnet_gc_heap_bytes", "Memory managed by the collector.", GC.GetTotalMemory(forceFullCollection: false));
        text.Counter("dotnet_gc_collections", "Collections of any generation.", GC.CollectionCount(0));
        text.Counter("dotnet_gc_pause_seconds", "Time the collector stopped everything.", GC.GetTotalPauseDuration().TotalSeconds);
        text.Gauge("dotnet_thread_pool_queue_length", "Work items waiting for a thread.", ThreadPool.PendingWorkItemCount);
    }
}
