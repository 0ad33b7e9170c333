namespace Slipway.Telemetry.Metrics.Head;

/// <summary>What metrics are, by their names; no more of them than allowed. Every access is under the lock of the head.</summary>
internal sealed class MetricDescriptions(int most)
{
    private const int CharactersMax = 1_024;

    private readonly Dictionary<string, MetricMetadata> _byMetric = new(StringComparer.Ordinal);

    public IReadOnlyCollection<MetricMetadata> All => _byMetric.Values;

    /// <returns>What is known now and was not before; nothing if it was, or if there is no room.</returns>
    public MetricMetadata? Add(MetricMetadata metadata)
    {
        if (metadata.Metric.Length > CharactersMax || metadata.Unit.Length + metadata.Kind.Length > CharactersMax)
        {
            return null;
        }

        if (metadata.Help.Length > CharactersMax)
        {
            metadata = metadata with { Help = metadata.Help[..CharactersMax] };
        }

        var known = _byMetric.TryGetValue(metadata.Metric, out var old);
        if ((known && old == metadata) || (!known && _byMetric.Count >= most))
        {
            return null;
        }

        return _byMetric[metadata.Metric] = metadata;
    }
}
