namespace Slipway.Control.Metering;

/// <summary>
/// Rows that wait for the database, oldest first and bounded. When full, neighbouring rows of a container become one row
/// over both intervals; when there are too many containers even for one row each, those of one revision share a row
/// under an empty container id. Totals stay exact throughout, only the grain gets coarser.
/// Not thread-safe: the meter's loop owns it.
/// </summary>
internal sealed class SampleBuffer(int rowsMax, Func<Guid> newId)
{
    private List<UsageSample> _usage = [];
    private List<MetricSample> _metrics = [];
    private UsageSample[] _usageAway = [];
    private MetricSample[] _metricsAway = [];

    public int Count => _usage.Count + _metrics.Count + _usageAway.Length + _metricsAway.Length;

    public void Add(IEnumerable<UsageSample> usage, IEnumerable<MetricSample> metrics)
    {
        _usage.AddRange(usage);
        _metrics.AddRange(metrics);
        if (_usage.Count > rowsMax)
        {
            _usage = InPairs(_usage, sample => sample.Row.ContainerId, (left, right) => left.With(right, newId(), left.Row.ContainerId));
        }

        if (_usage.Count > rowsMax)
        {
            _usage = PerRevision(_usage);
        }

        if (_metrics.Count > rowsMax)
        {
            _metrics = InPairs(_metrics, sample => (sample.Namespace, sample.ServiceId, sample.Service), (left, right) => left.With(right, newId()));
        }
    }

    /// <summary>
    /// The next rows to store. Until they are stored the same rows come again, unchanged: the database may have got them
    /// although its answer was lost, and it recognises them by their ids.
    /// </summary>
    public (IReadOnlyList<UsageSample> Usage, IReadOnlyList<MetricSample> Metrics) Next(int rows)
    {
        if (_usageAway.Length + _metricsAway.Length == 0)
        {
            _usageAway = [.. _usage.Take(rows)];
            _metricsAway = [.. _metrics.Take(rows)];
            _usage.RemoveRange(0, _usageAway.Length);
            _metrics.RemoveRange(0, _metricsAway.Length);
        }

        return (_usageAway, _metricsAway);
    }

    public void Stored() => (_usageAway, _metricsAway) = ([], []);

    private List<UsageSample> PerRevision(List<UsageSample> samples) =>
    [
        .. samples
            .GroupBy(sample => (sample.Row.Namespace, sample.Row.UserId, sample.Row.ServiceId, sample.Row.Service, sample.Row.Revision))
            .Select(same => same.Skip(1).Any() ? same.Aggregate((left, right) => left.With(right, newId(), left.Row.ContainerId == right.Row.ContainerId ? left.Row.ContainerId : "")) : same.First())
            .OrderBy(sample => sample.Row.PeriodEnd),
    ];

    /// <summary>Halves the rows of everything that has more than one, and keeps the order in time.</summary>
    private static List<T> InPairs<T, TKey>(List<T> samples, Func<T, TKey> keyOf, Func<T, T, T> merge)
        where TKey : notnull
    {
        var halved = new List<T?>(samples.Count);
        var open = new Dictionary<TKey, int>();
        foreach (var sample in samples)
        {
            var key = keyOf(sample);
            if (open.Remove(key, out var place))
            {
                // The pair stands where its later half stood, because that is where its interval ends.
                halved.Add(merge(halved[place]!, sample));
                halved[place] = default;
            }
            else
            {
                open[key] = halved.Count;
                halved.Add(sample);
            }
        }

        return [.. halved.OfType<T>()];
    }
}
