using Slipway.Telemetry.Labels;
using Slipway.Telemetry.Metrics;

namespace Slipway.Telemetry.Tests.PromQl;

/// <summary>Series in arrays, read as the contract of <see cref="ISeriesReader"/> says.</summary>
internal sealed class MemorySeries : ISeriesReader
{
    private readonly Dictionary<LabelSet, List<Sample>> _series = [];
    private readonly List<MetricMetadata> _metadata = [];
    private readonly List<SeriesExemplars> _exemplars = [];

    public int Selects { get; private set; }

    public IEnumerable<(LabelSet Labels, IReadOnlyList<Sample> Samples)> All => _series.Select(series => (series.Key, (IReadOnlyList<Sample>)series.Value));

    public MemorySeries Add(LabelSet labels, params IEnumerable<Sample> samples)
    {
        if (!_series.TryGetValue(labels, out var known))
        {
            _series.Add(labels, known = []);
        }

        known.AddRange(samples);
        return this;
    }

    /// <summary>One value every step, beginning at zero; null leaves a hole.</summary>
    public MemorySeries Add(string metric, string label, long step, params double?[] values) => Add(
        label.Length == 0 ? LabelSet.Of((LabelSet.MetricName, metric)) : LabelSet.Of((LabelSet.MetricName, metric), (label.Split('=')[0], label.Split('=')[1])),
        values.Select((value, index) => (value, index)).Where(entry => entry.value is not null).Select(entry => new Sample(entry.index * step, entry.value!.Value)));

    public void Describe(MetricMetadata metadata) => _metadata.Add(metadata);

    public void Add(SeriesExemplars exemplars) => _exemplars.Add(exemplars);

    public IReadOnlyList<SeriesSamples> Select(IReadOnlyList<LabelMatcher> matchers, long from, long to, long samplesMax, CancellationToken cancellation, ReadHint? hint = null)
    {
        cancellation.ThrowIfCancellationRequested();
        Selects++;
        var found = new List<SeriesSamples>();
        var left = samplesMax;
        foreach (var (labels, samples) in _series)
        {
            if (!matchers.All(matcher => matcher.Accepts(labels)))
            {
                continue;
            }

            // Folding is the store's own; all samples come to the same.
            var start = First(samples, from);
            var end = First(samples, to + 1);
            left -= end - start;
            if (left < 0)
            {
                throw new ReadLimitException("too many samples");
            }

            if (end > start)
            {
                found.Add(new SeriesSamples(labels, System.Runtime.InteropServices.ImmutableCollectionsMarshal.AsImmutableArray(samples.GetRange(start, end - start).ToArray()).AsMemory()));
            }
        }

        return found;
    }

    public IReadOnlyList<LabelSet> Series(IReadOnlyList<LabelMatcher> matchers, long from, long to) =>
        [.. _series.Where(series => matchers.All(matcher => matcher.Accepts(series.Key)) && First(series.Value, to + 1) > First(series.Value, from)).Select(series => series.Key)];

    public IReadOnlyList<string> LabelNames(IReadOnlyList<LabelMatcher> matchers, long from, long to) =>
        [.. Series(matchers, from, to).SelectMany(labels => labels.Select(label => label.Name)).Distinct().Order(StringComparer.Ordinal)];

    public IReadOnlyList<string> LabelValues(string name, IReadOnlyList<LabelMatcher> matchers, long from, long to) =>
        [.. Series(matchers, from, to).Select(labels => labels[name]).Where(value => value.Length > 0).Distinct().Order(StringComparer.Ordinal)];

    public IReadOnlyList<MetricMetadata> Metadata() => _metadata;

    public IReadOnlyList<SeriesExemplars> Exemplars(IReadOnlyList<LabelMatcher> matchers, long from, long to) =>
        [.. _exemplars.Where(series => matchers.All(matcher => matcher.Accepts(series.Labels)))];

    private static int First(List<Sample> samples, long at)
    {
        var place = samples.BinarySearch(new Sample(at, 0), Comparer<Sample>.Create((x, y) => x.At.CompareTo(y.At)));
        return place < 0 ? ~place : place;
    }
}
