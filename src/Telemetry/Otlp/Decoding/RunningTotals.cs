using Slipway.Telemetry.Labels;

namespace Slipway.Telemetry.Otlp.Decoding;

/// <summary>
/// Programs may send what was added since the last time; a store of samples wants totals. The totals are kept here for a bounded number of
/// series: when it is full, those that nothing was added to for ten minutes make room, and if there are none the newcomer is refused.
/// </summary>
internal sealed class RunningTotals<T>(int seriesMax)
    where T : class, new()
{
    private static readonly TimeSpan s_idle = TimeSpan.FromMinutes(10);

    private readonly Lock _gate = new();
    private readonly Dictionary<LabelSet, Entry> _entries = [];

    /// <returns>The total of a series, to be locked while it is changed; nothing if there is no room for the series.</returns>
    public T? Of(LabelSet series, DateTimeOffset now)
    {
        lock (_gate)
        {
            if (!_entries.TryGetValue(series, out var entry))
            {
                if (_entries.Count >= seriesMax)
                {
                    foreach (var idle in _entries.Where(known => now - known.Value.Touched > s_idle).Select(known => known.Key).ToList())
                    {
                        _entries.Remove(idle);
                    }
                }

                if (_entries.Count >= seriesMax)
                {
                    return null;
                }

                _entries[series] = entry = new Entry();
            }

            entry.Touched = now;
            return entry.Total;
        }
    }

    private sealed class Entry
    {
        public T Total { get; } = new();

        public DateTimeOffset Touched { get; set; }
    }
}

/// <summary>The running total of one series.</summary>
internal sealed class NumberTotal
{
    private readonly Lock _gate = new();
    private double _value;

    public double Add(double part)
    {
        lock (_gate)
        {
            return _value += part;
        }
    }
}
