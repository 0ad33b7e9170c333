using System.Globalization;
using System.Text;
using Slipway.Gateway.Admission;
using Slipway.Gateway.Policies;

namespace Slipway.Gateway.Recording;

/// <summary>
/// The figures in the Prometheus text format, or as OpenMetrics with examples. Labels are names of services, revisions and policies,
/// never paths or callers.
/// </summary>
internal sealed class FiguresText(bool openMetrics)
{
    private const string Prefix = "slipway_gateway_";

    private static readonly string[] s_classes = ["aborted", "1xx", "2xx", "3xx", "4xx", "5xx"];

    private readonly StringBuilder _text = new(16 * 1024);

    public FiguresText Write(IReadOnlyList<ServiceTraffic> services, ServiceTraffic unrouted, IEnumerable<RevisionTraffic> revisions, IEnumerable<CircuitBreaker> circuits)
    {
        Counter("requests", "Finished requests by class of their status.");
        foreach (var service in services)
        {
            for (var index = 0; index < s_classes.Length; index++)
            {
                if (service.ByStatusClass[index] > 0)
                {
                    Sample("requests_total", $"{Labels(service)},code=\"{s_classes[index]}\"", service.ByStatusClass[index]);
                }
            }
        }

        Describe("request_duration_seconds", "histogram", "From the first byte of a request to the last byte of its answer.");
        foreach (var service in services)
        {
            Histogram(service);
        }

        Series("requests_in_flight", "gauge", "Requests being served or waiting.", services, service => service.InFlight);
        Series("request_bytes", "counter", "Bytes of request bodies.", services, service => service.IngressBytes);
        Series("response_bytes", "counter", "Bytes of answers.", services, service => service.EgressBytes);
        Series("cold_starts", "counter", "Requests that waited for an instance to start or to thaw.", services, service => service.ColdStarts);
        Series("retries", "counter", "Tries beyond the first of each request.", services, service => service.Retries);
        Describe("queue_seconds", "summary", "How long requests waited for a place in an instance, of those that had to.");
        foreach (var service in services)
        {
            Sample("queue_seconds_sum", Labels(service), service.QueueSeconds);
            Sample("queue_seconds_count", Labels(service), service.Queued);
        }

        Counter("refusals", "Answers of the gateway's own by their code; without a service where none was found.");
        foreach (var service in services.Append(unrouted))
        {
            foreach (var (code, count) in service.Refusals)
            {
                Sample("refusals_total", $"{Labels(service)},code=\"{Escape(code)}\"", count);
            }
        }

        Revisions(revisions);
        Circuits([.. circuits.OrderBy(circuit => circuit.Namespace, StringComparer.Ordinal).ThenBy(circuit => circuit.Policy, StringComparer.Ordinal)]);
        return this;
    }

    public string Write(int connections, long droppedLines, long droppedSpans)
    {
        Describe("connections", "gauge", "Open client connections.");
        Sample("connections", "", connections);
        Counter("access_log_dropped", "Access log lines that were dropped because the writer was behind.");
        Sample("access_log_dropped_total", "", droppedLines);
        Counter("spans_dropped", "Spans of requests that were dropped because their reader was behind.");
        Sample("spans_dropped_total", "", droppedSpans);
        return openMetrics ? _text.Append("# EOF\n").ToString() : _text.ToString();
    }

    private void Revisions(IEnumerable<RevisionTraffic> revisions)
    {
        Describe("requests_waiting", "gauge", "Requests that wait for an instance.");
        foreach (var revision in revisions)
        {
            Sample("requests_waiting", $"namespace=\"{revision.Key.Namespace}\",revision=\"{revision.Key.Name}\"", revision.Waiting);
        }
    }

    private void Circuits(IReadOnlyList<CircuitBreaker> circuits)
    {
        Describe("circuit_open", "gauge", "1 while a TrafficPolicy refuses requests of a failing service or lets a single one try.");
        foreach (var circuit in circuits)
        {
            Sample("circuit_open", Labels(circuit), circuit.State == CircuitState.Closed ? 0 : 1);
        }

        Counter("circuit_opened", "How often the circuit of a TrafficPolicy opened.");
        foreach (var circuit in circuits)
        {
            Sample("circuit_opened_total", Labels(circuit), circuit.Opened);
        }
    }

    private void Series(string name, string type, string help, IReadOnlyList<ServiceTraffic> services, Func<ServiceTraffic, long> value)
    {
        var counts = type == "counter";
        if (counts)
        {
            Counter(name, help);
        }
        else
        {
            Describe(name, type, help);
        }

        foreach (var service in services)
        {
            Sample(counts ? name + "_total" : name, Labels(service), value(service));
        }
    }

    private void Histogram(ServiceTraffic service)
    {
        const string Name = "request_duration_seconds";
        long sum = 0;
        for (var index = 0; index < service.LatencyBuckets.Count; index++)
        {
            sum += service.LatencyBuckets[index];
            var bound = index < ServiceMeter.Bounds.Length ? ServiceMeter.Bounds[index].ToString(openMetrics ? "0.0###" : "0.####", CultureInfo.InvariantCulture) : "+Inf";
            _text.Append(CultureInfo.InvariantCulture, $"{Prefix}{Name}_bucket{{{Labels(service)},le=\"{bound}\"}} {sum}");
            if (openMetrics && index < service.LatencyExamples.Count && service.LatencyExamples[index] is { } example)
            {
                _text.Append(CultureInfo.InvariantCulture, $" # {{trace_id=\"{example.TraceId}\"}} {example.Seconds:0.0######} {example.AtSeconds:0.000}");
            }

            _text.Append('\n');
        }

        Sample(Name + "_sum", Labels(service), service.LatencySecondsSum);
        Sample(Name + "_count", Labels(service), sum);
    }

    /// <summary>OpenMetrics names a counter without its suffix, the older format with it.</summary>
    private void Counter(string name, string help) => Describe(openMetrics ? name : name + "_total", "counter", help);

    private void Describe(string name, string type, string help) =>
        _text.Append(CultureInfo.InvariantCulture, $"# HELP {Prefix}{name} {help}\n# TYPE {Prefix}{name} {type}\n");

    private void Sample(string name, string labels, double value)
    {
        _text.Append(Prefix).Append(name);
        if (labels.Length > 0)
        {
            _text.Append('{').Append(labels).Append('}');
        }

        _text.Append(' ').Append(value.ToString(CultureInfo.InvariantCulture)).Append('\n');
    }

    private static string Labels(ServiceTraffic service) => $"namespace=\"{service.Namespace}\",service=\"{service.Service}\"";

    private static string Labels(CircuitBreaker circuit) => $"namespace=\"{circuit.Namespace}\",policy=\"{circuit.Policy}\"";

    private static string Escape(string value) => value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
}
