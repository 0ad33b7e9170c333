namespace Slipway.Api.Platform.Traffic;

/// <summary>
/// What the data plane says about traffic. The composition root joins it to the gateway, which this room does not know.
/// Counters are cumulative since the gateway started; calls are cheap and return at once.
/// </summary>
public interface ITrafficReport
{
    /// <summary>Zeros for a service that has had no request.</summary>
    ServiceTrafficReport Service(string @namespace, string service);

    /// <summary>Zeros for an instance that has had no request.</summary>
    InstanceTrafficReport Instance(string instanceId);
}

/// <param name="Errors">Requests answered with 5xx.</param>
/// <param name="LatencySecondsAverage">Over all requests so far; null when there was none.</param>
public sealed record ServiceTrafficReport(long Requests, long Errors, double? LatencySecondsAverage, int InFlight)
{
    public static ServiceTrafficReport None { get; } = new(0, 0, null, 0);
}

public sealed record InstanceTrafficReport(long Requests, long EgressBytes, int InFlight, DateTimeOffset? LastUsedAt)
{
    public static InstanceTrafficReport None { get; } = new(0, 0, 0, null);
}

/// <summary>A server without a data plane: nothing was counted.</summary>
public sealed class NoTraffic : ITrafficReport
{
    public ServiceTrafficReport Service(string @namespace, string service) => ServiceTrafficReport.None;

    public InstanceTrafficReport Instance(string instanceId) => InstanceTrafficReport.None;
}
