namespace Slipway.Control.Autoscaling.Kpa;

/// <summary>
/// The recent load of one revision in buckets of one second. A reading is spread over the seconds it covers, so a late
/// reading neither makes a hole nor a spike. Memory is fixed by the window. Not thread-safe: the fleet's loop owns it.
/// </summary>
internal sealed class LoadWindow
{
    private readonly double[] _load;
    private readonly double[] _covered;
    private long _first = -1;
    private long _last = -1;

    public LoadWindow(TimeSpan length)
    {
        Length = length;
        var seconds = Math.Max(1, (int)Math.Ceiling(length.TotalSeconds));
        _load = new double[seconds];
        _covered = new double[seconds];
    }

    public TimeSpan Length { get; }

    public void Record(DateTimeOffset from, DateTimeOffset to, double value)
    {
        // A clock that was set back must not rewrite what is already averaged.
        if (to <= from || (_last >= 0 && SecondOf(from) < _first))
        {
            return;
        }

        var earliest = to - TimeSpan.FromSeconds(_load.Length - 1);
        from = from < earliest ? earliest : from;

        // The end of an interval belongs to the second before it when it falls exactly on the boundary.
        var last = SecondOf(to.AddTicks(-1));
        for (var second = SecondOf(from); second <= last; second++)
        {
            Advance(second);
            var start = DateTimeOffset.FromUnixTimeSeconds(second);
            var end = start.AddSeconds(1);
            var covered = ((to < end ? to : end) - (from > start ? from : start)).TotalSeconds;
            var index = (int)(second % _load.Length);
            _load[index] += value * covered;
            _covered[index] += covered;
        }
    }

    /// <summary>The average over the part of the newest <paramref name="span"/> that has been recorded; null when there is none.</summary>
    public double? AverageAt(DateTimeOffset now, TimeSpan span)
    {
        if (!TryRange(now, span, out var oldest, out var newest))
        {
            return null;
        }

        double load = 0, covered = 0;
        for (var second = oldest; second <= newest; second++)
        {
            load += _load[(int)(second % _load.Length)];
            covered += _covered[(int)(second % _load.Length)];
        }

        return covered <= 0 ? null : Rounded(load / covered);
    }

    /// <summary>Like <see cref="AverageAt"/>, but every second counts less than the one after it.</summary>
    public double? WeightedAverageAt(DateTimeOffset now, TimeSpan span)
    {
        if (!TryRange(now, span, out var oldest, out var newest))
        {
            return null;
        }

        var smoothing = SmoothingOf(newest - oldest + 1);
        var weight = smoothing;
        double average = 0;
        for (var second = newest; second >= oldest; second--)
        {
            var index = (int)(second % _load.Length);
            average += _covered[index] > 0 ? weight * _load[index] / _covered[index] : 0;
            weight *= 1 - smoothing;
        }

        return Rounded(average);
    }

    /// <summary>So chosen that all weights of a window together make 99.99 %, but never so flat that news does not count.</summary>
    internal static double SmoothingOf(long buckets) => Math.Max(1 - Math.Pow(1 - 0.9999, 1.0 / buckets), 0.2);

    private bool TryRange(DateTimeOffset now, TimeSpan span, out long oldest, out long newest)
    {
        var current = SecondOf(now);
        var seconds = Math.Min(_load.Length, Math.Max(1, (long)Math.Round(span.TotalSeconds)));
        newest = Math.Min(_last, current);

        // The second that has just begun takes part only when something is in it, else the window would always be short of one.
        oldest = Math.Max(_first, (newest < current ? current - 1 : current) - seconds + 1);
        return _last >= 0 && oldest <= newest;
    }

    private void Advance(long second)
    {
        if (_last < 0 || second - _last >= _load.Length)
        {
            Array.Clear(_load);
            Array.Clear(_covered);
            _first = second;
            _last = second;
            return;
        }

        while (_last < second)
        {
            _last++;
            _load[(int)(_last % _load.Length)] = 0;
            _covered[(int)(_last % _load.Length)] = 0;
        }

        _first = Math.Max(_first, _last - _load.Length + 1);
    }

    private static long SecondOf(DateTimeOffset at) => at.ToUnixTimeSeconds();

    // Float noise must not turn a load of exactly two targets into three instances.
    private static double Rounded(double value) => Math.Round(value, 6);
}
