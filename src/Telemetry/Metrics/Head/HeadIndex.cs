using System.Runtime.InteropServices;
using Slipway.Telemetry.Labels;

namespace Slipway.Telemetry.Metrics.Head;

/// <summary>
/// Finds series in memory: by all their labels, and by one label, name and value, as a list in the order of their numbers. It holds no
/// more series than the head lets in, and a label goes with its last series. Every access is under the lock of the head.
/// </summary>
internal sealed class HeadIndex
{
    private readonly Dictionary<LabelSet, HeadSeries> _byLabels = [];
    private readonly Dictionary<string, Dictionary<string, List<HeadSeries>>> _byLabel = new(StringComparer.Ordinal);

    public int Count => _byLabels.Count;

    public IEnumerable<HeadSeries> All => _byLabels.Values;

    public bool TryGet(LabelSet labels, out HeadSeries? series) => _byLabels.TryGetValue(labels, out series);

    public void Add(HeadSeries series)
    {
        _byLabels.Add(series.Labels, series);
        foreach (var (name, value) in series.Labels)
        {
            ref var values = ref CollectionsMarshal.GetValueRefOrAddDefault(_byLabel, name, out _);
            values ??= new Dictionary<string, List<HeadSeries>>(StringComparer.Ordinal);
            ref var postings = ref CollectionsMarshal.GetValueRefOrAddDefault(values, value, out _);
            postings ??= new List<HeadSeries>(1);
            postings.Add(series);
        }
    }

    public void Remove(IReadOnlyCollection<HeadSeries> gone)
    {
        var labels = new HashSet<Label>();
        foreach (var series in gone)
        {
            _byLabels.Remove(series.Labels);
            labels.UnionWith(series.Labels);
        }

        var set = gone.ToHashSet();
        foreach (var (name, value) in labels)
        {
            var values = _byLabel[name];
            var postings = values[value];
            postings.RemoveAll(set.Contains);
            if (postings.Count == 0)
            {
                values.Remove(value);
                if (values.Count == 0)
                {
                    _byLabel.Remove(name);
                }
            }
            else if (postings.Capacity > 4 * postings.Count)
            {
                postings.TrimExcess();
            }
        }
    }

    /// <summary>All series that may fit, the fewer the better; the caller looks at them one by one, without the lock.</summary>
    public HeadSeries[] Candidates(IReadOnlyList<LabelMatcher> matchers)
    {
        List<HeadSeries>? fewest = null;
        foreach (var matcher in matchers)
        {
            if (matcher is not { Kind: MatchKind.Equal, Value.Length: > 0 })
            {
                continue;
            }

            if (!_byLabel.TryGetValue(matcher.Name, out var values) || !values.TryGetValue(matcher.Value, out var postings))
            {
                return [];
            }

            if (fewest is null || postings.Count < fewest.Count)
            {
                fewest = postings;
            }
        }

        if (fewest is not null)
        {
            return [.. fewest];
        }

        // Without a label told by its value, the values of one that must be there are tried.
        foreach (var matcher in matchers)
        {
            if (!matcher.Accepts(""))
            {
                return _byLabel.TryGetValue(matcher.Name, out var values)
                    ? [.. values.Where(pair => matcher.Accepts(pair.Key)).SelectMany(pair => pair.Value)]
                    : [];
            }
        }

        return [.. _byLabels.Values];
    }

    public string[] Names() => [.. _byLabel.Keys];

    public string[] Values(string name) => _byLabel.TryGetValue(name, out var values) ? [.. values.Keys] : [];

    /// <summary>What takes most room, for whoever has to find out why there are so many series.</summary>
    public (List<LabelCount> Metrics, List<LabelCount> Pairs, List<LabelCount> Names, List<LabelCount> Bytes) Heaviest(int limit)
    {
        var metrics = new PriorityQueue<LabelCount, long>();
        var pairs = new PriorityQueue<LabelCount, long>();
        var names = new PriorityQueue<LabelCount, long>();
        var bytes = new PriorityQueue<LabelCount, long>();
        foreach (var (name, values) in _byLabel)
        {
            var size = 0L;
            foreach (var (value, postings) in values)
            {
                size += (long)(name.Length + value.Length) * postings.Count;
                Keep(pairs, limit, name, value, postings.Count);
                if (name == LabelSet.MetricName)
                {
                    Keep(metrics, limit, value, "", postings.Count);
                }
            }

            Keep(names, limit, name, "", values.Count);
            Keep(bytes, limit, name, "", size);
        }

        return (Sorted(metrics), Sorted(pairs), Sorted(names), Sorted(bytes));
    }

    private static void Keep(PriorityQueue<LabelCount, long> queue, int limit, string name, string value, long count)
    {
        if (queue.Count < limit)
        {
            queue.Enqueue(new LabelCount(name, value, count), count);
        }
        else if (queue.TryPeek(out _, out var least) && least < count)
        {
            queue.DequeueEnqueue(new LabelCount(name, value, count), count);
        }
    }

    private static List<LabelCount> Sorted(PriorityQueue<LabelCount, long> queue) =>
        [.. queue.UnorderedItems.Select(item => item.Element).OrderByDescending(item => item.Count).ThenBy(item => item.Name, StringComparer.Ordinal)];
}
