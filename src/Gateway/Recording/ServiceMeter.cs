using System.Collections.Concurrent;
using System.Text;

namespace Slipway.Gateway.Recording;

/// <summary>Counters of one service. Added to without a lock; a reader sees each counter exactly and all of them nearly at once.</summary>
internal sealed class ServiceMeter(string @namespace, string name)
{
    /// <summary>Upper bounds in seconds; everything slower falls into the last bucket.</summary>
    public static readonly double[] Bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];

    private const int RefusalCodesMax = 100;
    private static readonly TimeSpan s_exampleAge = TimeSpan.FromSeconds(1);

    private readonly long[] _classes = new long[6];
    private readonly long[] _buckets = new long[Bounds.Length + 1];
    private readonly LatencyExample?[] _examples = new LatencyExample?[Bounds.Length + 1];
    private readonly ConcurrentDictionary<string, long> _refusals = new(StringComparer.Ordinal);
    private long _microseconds;
    private long _ingress;
    private long _egress;
    private long _queued;
    private long _queuedMicroseconds;
    private long _coldStarts;
    private long _retries;
    private int _inFlight;

    public string Namespace => @namespace;

    public string Name => name;

    public void Started() => Interlocked.Increment(ref _inFlight);

    public void Finished(int status, double seconds, long ingressBytes, long egressBytes)
    {
        Interlocked.Decrement(ref _inFlight);
        Interlocked.Increment(ref _classes[status is >= 100 and < 600 and not 499 ? status / 100 : 0]);
        Interlocked.Increment(ref _buckets[BucketOf(seconds)]);
        Interlocked.Add(ref _microseconds, (long)(seconds * 1e6));
        if (ingressBytes > 0)
        {
            Interlocked.Add(ref _ingress, ingressBytes);
        }

        Interlocked.Add(ref _egress, egressBytes);
    }

    /// <summary>What is out of the ordinary about a finished request, counted or not.</summary>
    public void Tell(in RequestRecord record)
    {
        if (record.Attempts > 1)
        {
            Interlocked.Add(ref _retries, record.Attempts - 1);
        }

        if (record.QueueSeconds > 0)
        {
            Interlocked.Increment(ref _queued);
            Interlocked.Add(ref _queuedMicroseconds, (long)(record.QueueSeconds * 1e6));
        }

        if (record.ColdStart)
        {
            Interlocked.Increment(ref _coldStarts);
        }

        if (record.Refusal is { } code)
        {
            // The control plane has codes of its own, so their number is not ours to know.
            _refusals.AddOrUpdate(_refusals.Count < RefusalCodesMax || _refusals.ContainsKey(code) ? code : "other", 1, static (_, count) => count + 1);
        }
    }

    /// <summary>Keeps the trace of a request as the example of its bucket. One a second is plenty, and costs nothing in between.</summary>
    public void Exemplify(double seconds, ReadOnlySpan<byte> traceId, TimeProvider time)
    {
        var bucket = BucketOf(seconds);
        if (_examples[bucket] is not { } last || time.GetElapsedTime(last.Timestamp) >= s_exampleAge)
        {
            Volatile.Write(
                ref _examples[bucket],
                new LatencyExample(Encoding.ASCII.GetString(traceId), seconds, time.GetUtcNow().ToUnixTimeMilliseconds() / 1000.0) { Timestamp = time.GetTimestamp() });
        }
    }

    public ServiceTraffic Read() => new(
        Namespace,
        Name,
        [.. _classes],
        Interlocked.Read(ref _microseconds) / 1e6,
        [.. _buckets],
        Volatile.Read(ref _inFlight),
        Interlocked.Read(ref _ingress),
        Interlocked.Read(ref _egress))
    {
        LatencyExamples = [.. _examples],
        Queued = Interlocked.Read(ref _queued),
        QueueSeconds = Interlocked.Read(ref _queuedMicroseconds) / 1e6,
        ColdStarts = Interlocked.Read(ref _coldStarts),
        Retries = Interlocked.Read(ref _retries),
        Refusals = new SortedDictionary<string, long>(_refusals, StringComparer.Ordinal),
    };

    private static int BucketOf(double seconds)
    {
        var bucket = 0;
        while (bucket < Bounds.Length && seconds > Bounds[bucket])
        {
            bucket++;
        }

        return bucket;
    }
}
