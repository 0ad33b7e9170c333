namespace Slipway.Control.Metering;

/// <summary>
/// What the data plane has counted, cumulative since it started. The meter takes differences.
/// </summary>
public interface ITrafficCounters
{
    private static readonly string s_thisProcess = Guid.NewGuid().ToString("N");

    /// <summary>
    /// Another text for every start of the data plane, because its counters begin at zero then. One that lives in this
    /// process starts with it, so only a data plane elsewhere has to say more.
    /// </summary>
    string Epoch => s_thisProcess;

    IReadOnlyList<InstanceCounters> Instances();

    IReadOnlyList<ServiceCounters> Services();
}

public sealed record InstanceCounters(string InstanceId, long Requests, long EgressBytes);

/// <param name="Errors">Requests answered with 5xx.</param>
/// <param name="LatencySecondsSum">Over all requests that have ended.</param>
public sealed record ServiceCounters(string Namespace, string Service, long Requests, long Errors, double LatencySecondsSum, int InFlight);
