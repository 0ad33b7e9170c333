using Slipway.Telemetry.Labels;

namespace Slipway.Telemetry.Metrics.Blocks;

/// <summary>By metric, then label by label.</summary>
internal sealed class LabelOrder : IComparer<LabelSet?>
{
    public static LabelOrder Instance { get; } = new();

    public int Compare(LabelSet? one, LabelSet? other)
    {
        var order = string.CompareOrdinal(one!.Metric, other!.Metric);
        for (var i = 0; order == 0 && i < Math.Min(one.Count, other.Count); i++)
        {
            order = string.CompareOrdinal(one[i].Name, other[i].Name);
            order = order == 0 ? string.CompareOrdinal(one[i].Value, other[i].Value) : order;
        }

        return order == 0 ? one.Count.CompareTo(other.Count) : order;
    }
}
