namespace Slipway.Control.Metering;

/// <summary>
/// How far something was measured: its cumulative counters at one moment. Stored in the transaction of the rows that lead
/// up to it, so that whoever goes on from there neither loses nor repeats anything.
/// </summary>
/// <param name="Key"><c>c/{container}</c> or <c>s/{namespace}/{service}</c>.</param>
/// <param name="Epoch">The start of the data plane the traffic counters belong to.</param>
internal sealed record MeterPosition(
    string Key,
    DateTimeOffset At,
    double CpuSeconds,
    long MemoryBytes,
    string Epoch,
    long Requests,
    long EgressBytes,
    long Errors,
    double LatencySeconds)
{
    public static string OfContainer(string id) => $"c/{id}";

    public static string OfService(string @namespace, string name) => $"s/{@namespace}/{name}";

    /// <summary>Before the first measurement: nothing was used and nothing was counted.</summary>
    public static MeterPosition Beginning(string key, DateTimeOffset at) => new(key, at, 0, 0, "", 0, 0, 0, 0);

    /// <summary>Processor time since here. A counter that went backwards has begun again.</summary>
    public double CpuSince(double now) => now >= CpuSeconds ? now - CpuSeconds : now;

    /// <summary>Traffic since here; counters of another start of the data plane have begun at zero.</summary>
    public (long Requests, long Egress, long Errors, double Latency) TrafficSince(string epoch, long requests, long egress, long errors, double latency)
    {
        var continues = epoch == Epoch && requests >= Requests && egress >= EgressBytes && errors >= Errors;
        return continues
            ? (requests - Requests, egress - EgressBytes, errors - Errors, Math.Max(0, latency - LatencySeconds))
            : (requests, egress, errors, latency);
    }
}
