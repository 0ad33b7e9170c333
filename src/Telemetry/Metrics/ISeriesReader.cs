using Slipway.Telemetry.Labels;

namespace Slipway.Telemetry.Metrics;

/// <summary>Reads series. Both ends of a time range belong to it. At least one matcher must refuse the empty value.</summary>
public interface ISeriesReader
{
    /// <summary>The samples of all series that fit, stale marks among them, oldest first.</summary>
    /// <param name="hint">What of them the question needs, if it does not need all; see <see cref="ReadHint"/>.</param>
    /// <exception cref="ReadLimitException">More samples than the limit allows.</exception>
    IReadOnlyList<SeriesSamples> Select(
        IReadOnlyList<LabelMatcher> matchers, long from, long to, long samplesMax, CancellationToken cancellation, ReadHint? hint = null);

    IReadOnlyList<LabelSet> Series(IReadOnlyList<LabelMatcher> matchers, long from, long to);

    /// <param name="matchers">Empty stands for all series, here and below.</param>
    IReadOnlyList<string> LabelNames(IReadOnlyList<LabelMatcher> matchers, long from, long to);

    IReadOnlyList<string> LabelValues(string name, IReadOnlyList<LabelMatcher> matchers, long from, long to);

    IReadOnlyList<MetricMetadata> Metadata();

    IReadOnlyList<SeriesExemplars> Exemplars(IReadOnlyList<LabelMatcher> matchers, long from, long to);
}

/// <summary>A question would have needed more than it may read.</summary>
public sealed class ReadLimitException(string message) : Exception(message);
