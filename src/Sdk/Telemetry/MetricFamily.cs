using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Slipway.Sdk.Telemetry;

internal enum MetricKind
{
    Counter,
    Gauge,
    Histogram,
}

/// <summary>
/// Everything measured under one name. It keeps at most 2,000 sets of labels; measurements beyond go to one series that
/// says <c>overflow</c>, so a label that turns out to be unbounded costs detail and not memory.
/// </summary>
internal sealed class MetricFamily(string name, string help, MetricKind kind, double[] bounds)
{
    private const int SeriesMax = 2_000;

    private readonly ConcurrentDictionary<Labels, ScalarSeries> _scalars = new(Labels.Comparer);
    private readonly ConcurrentDictionary<Labels, HistogramSeries> _histograms = new(Labels.Comparer);

    public string Name => name;

    public string Help => help;

    /// <summary>What the instrument calls itself, which is the name in OpenTelemetry.</summary>
    public string Instrument { get => field ?? name; private init; }

    public string Unit { get; private init; } = "";

    public double[] Bounds => bounds;

    public MetricKind Kind => kind;

    public IEnumerable<KeyValuePair<Labels, ScalarSeries>> Scalars => _scalars;

    public IEnumerable<KeyValuePair<Labels, HistogramSeries>> Histograms => _histograms;

    public static MetricFamily Of(Instrument instrument)
    {
        var type = instrument.GetType();
        var generic = type.IsGenericType ? type.GetGenericTypeDefinition() : type;
        var kind = generic == typeof(Histogram<>) ? MetricKind.Histogram
            : generic == typeof(Counter<>) || generic == typeof(ObservableCounter<>) ? MetricKind.Counter
            : MetricKind.Gauge;
        return new MetricFamily(
            MetricNames.Metric(instrument.Name, instrument.Unit), instrument.Description ?? instrument.Name, kind, kind == MetricKind.Histogram ? BoundsOf(instrument) : [])
        {
            Instrument = instrument.Name,
            Unit = instrument.Unit ?? "",
        };
    }

    public ScalarSeries Scalar(ReadOnlySpan<KeyValuePair<string, object?>> labels)
    {
        var lookup = _scalars.GetAlternateLookup<ReadOnlySpan<KeyValuePair<string, object?>>>();
        return lookup.TryGetValue(labels, out var series)
            ? series
            : _scalars.GetOrAdd(_scalars.Count < SeriesMax ? new Labels(labels.ToArray()) : Labels.Overflow, _ => new ScalarSeries());
    }

    public HistogramSeries Histogram(ReadOnlySpan<KeyValuePair<string, object?>> labels)
    {
        var lookup = _histograms.GetAlternateLookup<ReadOnlySpan<KeyValuePair<string, object?>>>();
        return lookup.TryGetValue(labels, out var series)
            ? series
            : _histograms.GetOrAdd(_histograms.Count < SeriesMax ? new Labels(labels.ToArray()) : Labels.Overflow, _ => new HistogramSeries(bounds));
    }

    private static double[] BoundsOf(Instrument instrument)
    {
        IReadOnlyList<double>? advised = instrument switch
        {
            Histogram<double> histogram => histogram.Advice?.HistogramBucketBoundaries,
            Histogram<long> histogram => histogram.Advice?.HistogramBucketBoundaries?.Select(bound => (double)bound).ToList(),
            Histogram<int> histogram => histogram.Advice?.HistogramBucketBoundaries?.Select(bound => (double)bound).ToList(),
            _ => null,
        };
        return advised is not null ? [.. advised]
            : instrument.Unit == "s" ? [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10]
            : [0, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1_000, 2_500, 5_000, 7_500, 10_000];
    }
}
