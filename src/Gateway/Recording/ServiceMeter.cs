namespace Slipway.Gateway.Recording;

/// <summary>Counters of one service. Added to without a lock; a reader sees each counter exactly and all of them nearly at once.</summary>
internal sealed class ServiceMeter(string @namespace, string name)
{
    /// <summary>Upper bounds in seconds; everything slower falls into the last bucket.</summary>
    public static readonly double[] Bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];

    private readonly long[] _classes = new long[6];
    private readonly long[] _buckets = new long[Bounds.Length + 1];
    private long _microseconds;
    private long _ingress;
    private long _egress;
    private int _inFlight;

    public string Namespace => @namespace;

    public string Name => name;

    public void Started() => Interlocked.Increment(ref _inFlight);

    public void Finished(int status, double seconds, long ingressBytes, long egressBytes)
    {
        Interlocked.Decrement(ref _inFlight);
        Interlocked.Increment(ref _classes[status is >= 100 and < 600 and not 499 ? status / 100 : 0]);
        var bucket = 0;
        while (bucket < Bounds.Length && seconds > Bounds[bucket])
        {
            bucket++;
        }

        Interlocked.Increment(ref _buckets[bucket]);
        Interlocked.Add(ref _microseconds, (long)(seconds * 1e6));
        if (ingressBytes > 0)
        {
            Interlocked.Add(ref _ingress, ingressBytes);
        }

        Interlocked.Add(ref _egress, egressBytes);
    }

    public ServiceTraffic Read() => new(
        Namespace,
        Name,
        [.. _classes],
        Interlocked.Read(ref _microseconds) / 1e6,
        [.. _buckets],
        Volatile.Read(ref _inFlight),
        Interlocked.Read(ref _ingress),
        Interlocked.Read(ref _egress));
}
