using Slipway.Telemetry.Labels;
using Slipway.Telemetry.Metrics;

namespace Slipway.Telemetry.Collecting;

/// <summary>The series of one source at its last round, so that those that are gone get their stale mark.</summary>
internal sealed class SeriesBook
{
    private HashSet<LabelSet> _last = [];
    private HashSet<LabelSet> _now = [];

    public int Count => _last.Count;

    public void Seen(LabelSet series) => _now.Add(series);

    /// <summary>Closes a round.</summary>
    /// <returns>A stale mark for every series that came in the round before and did not come in this one.</returns>
    public List<IncomingSample> Turn(long at)
    {
        var gone = new List<IncomingSample>();
        foreach (var series in _last)
        {
            if (!_now.Contains(series))
            {
                gone.Add(new IncomingSample(series, at, Sample.Stale));
            }
        }

        (_last, _now) = (_now, _last);
        _now.Clear();
        return gone;
    }
}
