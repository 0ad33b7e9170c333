using System.Globalization;
using System.Text;
using Slipway.Gateway.Admission;

namespace Slipway.Gateway.Recording;

/// <summary>The figures in the Prometheus text format. Labels are names of services and revisions, never paths or callers.</summary>
internal static class PrometheusText
{
    private static readonly string[] s_classes = ["aborted", "1xx", "2xx", "3xx", "4xx", "5xx"];

    public static string Of(ITrafficFigures figures, TrafficBook book, int connections, long droppedLines)
    {
        var text = new StringBuilder(16 * 1024);
        var services = figures.Services();
        Describe(text, "slipway_gateway_requests_total", "counter", "Finished requests by class of their status.");
        foreach (var service in services)
        {
            for (var index = 0; index < s_classes.Length; index++)
            {
                if (service.ByStatusClass[index] > 0)
                {
                    text.Append("slipway_gateway_requests_total{").Append(Labels(service)).Append(",code=\"").Append(s_classes[index]).Append("\"} ")
                        .Append(service.ByStatusClass[index]).Append('\n');
                }
            }
        }

        Describe(text, "slipway_gateway_request_duration_seconds", "histogram", "From the first byte of a request to the last byte of its answer.");
        foreach (var service in services)
        {
            Histogram(text, service);
        }

        Series(text, "slipway_gateway_requests_in_flight", "gauge", "Requests being served or waiting.", services, service => service.InFlight);
        Series(text, "slipway_gateway_request_bytes_total", "counter", "Bytes of request bodies.", services, service => service.IngressBytes);
        Series(text, "slipway_gateway_response_bytes_total", "counter", "Bytes of answers.", services, service => service.EgressBytes);
        Describe(text, "slipway_gateway_requests_waiting", "gauge", "Requests that wait for an instance.");
        foreach (var revision in book.Revisions)
        {
            if (revision.Waiting > 0)
            {
                text.Append(CultureInfo.InvariantCulture, $"slipway_gateway_requests_waiting{{namespace=\"{revision.Key.Namespace}\",revision=\"{revision.Key.Name}\"}} {revision.Waiting}\n");
            }
        }

        Describe(text, "slipway_gateway_connections", "gauge", "Open client connections.");
        text.Append(CultureInfo.InvariantCulture, $"slipway_gateway_connections {connections}\n");
        Describe(text, "slipway_gateway_access_log_dropped_total", "counter", "Access log lines that were dropped because the writer was behind.");
        text.Append(CultureInfo.InvariantCulture, $"slipway_gateway_access_log_dropped_total {droppedLines}\n");
        return text.ToString();
    }

    private static void Describe(StringBuilder text, string name, string type, string help) =>
        text.Append("# HELP ").Append(name).Append(' ').Append(help).Append("\n# TYPE ").Append(name).Append(' ').Append(type).Append('\n');

    private static void Series(
        StringBuilder text, string name, string type, string help, IReadOnlyList<ServiceTraffic> services, Func<ServiceTraffic, long> value)
    {
        Describe(text, name, type, help);
        foreach (var service in services)
        {
            text.Append(name).Append('{').Append(Labels(service)).Append("} ").Append(value(service)).Append('\n');
        }
    }

    private static void Histogram(StringBuilder text, ServiceTraffic service)
    {
        const string Name = "slipway_gateway_request_duration_seconds";
        long sum = 0;
        for (var index = 0; index < service.LatencyBuckets.Count; index++)
        {
            sum += service.LatencyBuckets[index];
            var bound = index < ServiceMeter.Bounds.Length ? ServiceMeter.Bounds[index].ToString(CultureInfo.InvariantCulture) : "+Inf";
            text.Append(Name).Append("_bucket{").Append(Labels(service)).Append(",le=\"").Append(bound).Append("\"} ").Append(sum).Append('\n');
        }

        text.Append(Name).Append("_sum{").Append(Labels(service)).Append("} ").Append(service.LatencySecondsSum.ToString(CultureInfo.InvariantCulture)).Append('\n');
        text.Append(Name).Append("_count{").Append(Labels(service)).Append("} ").Append(sum).Append('\n');
    }

    private static string Labels(ServiceTraffic service) => $"namespace=\"{service.Namespace}\",service=\"{service.Service}\"";
}
