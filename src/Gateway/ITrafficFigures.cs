namespace Slipway.Gateway;

/// <summary>What the meter and the console read from the data plane. Everything is cumulative since the gateway started.</summary>
public interface ITrafficFigures
{
    IReadOnlyList<InstanceTraffic> Instances();

    IReadOnlyList<ServiceTraffic> Services();

    /// <summary>Every figure in the Prometheus text format.</summary>
    string PrometheusText();

    /// <summary>The same as OpenMetrics, with traces as examples of durations.</summary>
    string OpenMetricsText();
}

/// <param name="Busy">Union of all intervals with at least one request in flight: overlapping requests count once.</param>
public sealed record InstanceTraffic(string InstanceId, long Requests, long EgressBytes, TimeSpan Busy, int InFlight);

/// <param name="ByStatusClass">Requests answered 1xx … 5xx at index 1 … 5; index 0 counts clients that left before an answer.</param>
/// <param name="LatencySecondsSum">Sum over all requests from their first byte to the last byte of their answer.</param>
public sealed record ServiceTraffic(
    string Namespace,
    string Service,
    IReadOnlyList<long> ByStatusClass,
    double LatencySecondsSum,
    IReadOnlyList<long> LatencyBuckets,
    int InFlight,
    long IngressBytes,
    long EgressBytes)
{
    /// <summary>For each bucket the trace of a late request in it, or null.</summary>
    public IReadOnlyList<LatencyExample?> LatencyExamples { get; init; } = [];

    /// <summary>Requests that had to wait for a place in an instance, and how long in all.</summary>
    public long Queued { get; init; }

    public double QueueSeconds { get; init; }

    /// <summary>Requests that waited for an instance to start or to thaw.</summary>
    public long ColdStarts { get; init; }

    /// <summary>Tries beyond the first of each request.</summary>
    public long Retries { get; init; }

    /// <summary>Answers of the gateway's own by their code; also of requests that count nowhere else because no instance was chosen.</summary>
    public IReadOnlyDictionary<string, long> Refusals { get; init; } = new Dictionary<string, long>();
}

/// <param name="AtSeconds">Since 1970, UTC.</param>
public sealed record LatencyExample(string TraceId, double Seconds, double AtSeconds)
{
    internal long Timestamp { get; init; }
}
