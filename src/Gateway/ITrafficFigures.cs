namespace Slipway.Gateway;

/// <summary>What the meter and the console read from the data plane. Everything is cumulative since the gateway started.</summary>
public interface ITrafficFigures
{
    IReadOnlyList<InstanceTraffic> Instances();

    IReadOnlyList<ServiceTraffic> Services();

    /// <summary>Every figure in the Prometheus text format.</summary>
    string PrometheusText();
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
    long EgressBytes);
