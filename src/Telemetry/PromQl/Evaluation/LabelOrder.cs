using Slipway.Telemetry.Labels;

namespace Slipway.Telemetry.PromQl.Evaluation;

/// <summary>The order in which Prometheus lists series: label by label, name before value.</summary>
internal sealed class LabelOrder : IComparer<LabelSet>
{
    public static LabelOrder Instance { get; } = new();

    public int Compare(LabelSet? x, LabelSet? y)
    {
        if (ReferenceEquals(x, y) || x is null || y is null)
        {
            return ReferenceEquals(x, y) ? 0 : x is null ? -1 : 1;
        }

        for (var index = 0; index < Math.Min(x.Count, y.Count); index++)
        {
            var order = string.CompareOrdinal(x[index].Name, y[index].Name);
            order = order != 0 ? order : string.CompareOrdinal(x[index].Value, y[index].Value);
            if (order != 0)
            {
                return order;
            }
        }

        return x.Count.CompareTo(y.Count);
    }
}
