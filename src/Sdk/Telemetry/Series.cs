using System.Diagnostics;

namespace Slipway.Sdk.Telemetry;

/// <summary>A measurement that can be looked up in a trace.</summary>
internal sealed record Exemplar(string TraceId, double Value, double AtSeconds);

/// <summary>The value of a counter or gauge with one set of labels.</summary>
internal sealed class ScalarSeries
{
    private double _value;

    public double Value => Volatile.Read(ref _value);

    public void Set(double value) => Volatile.Write(ref _value, value);

    public void Add(double amount)
    {
        var seen = Volatile.Read(ref _value);
        while (true)
        {
            var before = Interlocked.CompareExchange(ref _value, seen + amount, seen);
            if (before.Equals(seen))
            {
                return;
            }

            seen = before;
        }
    }
}

/// <summary>A distribution with one set of labels.</summary>
internal sealed class HistogramSeries(double[] bounds)
{
    private readonly long[] _counts = new long[bounds.Length + 1];
    private readonly Exemplar?[] _exemplars = new Exemplar?[bounds.Length + 1];
    private readonly ScalarSeries _sum = new();

    public IReadOnlyList<double> Bounds => bounds;

    public double Sum => _sum.Value;

    public Exemplar? ExemplarAt(int bucket) => Volatile.Read(ref _exemplars[bucket]);

    public void Record(double value, TimeProvider time)
    {
        var bucket = 0;
        while (bucket < bounds.Length && value > bounds[bucket])
        {
            bucket++;
        }

        Interlocked.Increment(ref _counts[bucket]);
        _sum.Add(value);
        if (Activity.Current is { Recorded: true } activity)
        {
            Remember(bucket, activity, value, time.GetUtcNow().ToUnixTimeMilliseconds() / 1000.0);
        }
    }

    /// <summary>Counts per bucket, not yet summed up.</summary>
    public long[] Counts() => [.. _counts.Select((_, at) => Interlocked.Read(ref _counts[at]))];

    /// <summary>Takes over what another series with the same bounds has counted.</summary>
    public void Add(HistogramSeries other)
    {
        for (var bucket = 0; bucket < _counts.Length; bucket++)
        {
            _counts[bucket] += Interlocked.Read(ref other._counts[bucket]);
            if (other.ExemplarAt(bucket) is { } exemplar && (_exemplars[bucket] is not { } mine || mine.AtSeconds < exemplar.AtSeconds))
            {
                _exemplars[bucket] = exemplar;
            }
        }

        _sum.Add(other.Sum);
    }

    /// <summary>A fresh example a second is plenty, and costs nothing in between.</summary>
    private void Remember(int bucket, Activity activity, double value, double now)
    {
        if (_exemplars[bucket] is not { } last || now - last.AtSeconds >= 1)
        {
            Volatile.Write(ref _exemplars[bucket], new Exemplar(activity.TraceId.ToHexString(), value, now));
        }
    }
}
