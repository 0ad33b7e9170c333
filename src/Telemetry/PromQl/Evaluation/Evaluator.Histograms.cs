using Slipway.Telemetry.Labels;
using Slipway.Telemetry.PromQl.Syntax;

namespace Slipway.Telemetry.PromQl.Evaluation;

/// <summary>Quantiles out of counts per bucket.</summary>
internal sealed partial class Evaluator
{
    private const string BucketLabel = "le";

    private List<GridSeries> HistogramQuantiles(double[] quantiles, IReadOnlyList<GridSeries> all, int steps)
    {
        var histograms = new Dictionary<LabelSet, List<(double Bound, double[] Counts)>>();
        var order = new List<LabelSet>();
        foreach (var series in all)
        {
            if (!TryBound(series.Labels[BucketLabel], out var bound))
            {
                continue;
            }

            var labels = series.Labels.Without(BucketLabel).Without(LabelSet.MetricName);
            if (!histograms.TryGetValue(labels, out var buckets))
            {
                histograms.Add(labels, buckets = []);
                order.Add(labels);
            }

            buckets.Add((bound, series.Values));
        }

        var rows = new List<GridSeries>(order.Count);
        foreach (var labels in order)
        {
            var buckets = histograms[labels];
            buckets.Sort((x, y) => x.Bound.CompareTo(y.Bound));
            var present = new List<(double Bound, double Count)>(buckets.Count);
            var row = new GridSeries(labels, budget.NewRow(steps));
            for (var step = 0; step < steps; step++)
            {
                present.Clear();
                foreach (var (bound, counts) in buckets)
                {
                    if (!GridValue.IsAbsent(counts[step]))
                    {
                        AddBucket(present, bound, counts[step]);
                    }
                }

                if (present.Count > 0)
                {
                    row.Values[step] = HistogramQuantile.Of(quantiles[step], present);
                }
            }

            rows.Add(row);
        }

        return rows;
    }

    /// <summary>Buckets of one bound are one bucket: the same histogram of several metrics.</summary>
    private static void AddBucket(List<(double Bound, double Count)> buckets, double bound, double count)
    {
        if (buckets.Count > 0 && buckets[^1].Bound.Equals(bound))
        {
            buckets[^1] = (bound, buckets[^1].Count + count);
        }
        else
        {
            buckets.Add((bound, count));
        }
    }

    private static bool TryBound(string text, out double bound)
    {
        var negative = text.StartsWith('-');
        var known = PromQlNumber.TryParse(text.TrimStart('+', '-'), out bound);
        bound = negative ? -bound : bound;
        return known && text.Length > 0;
    }
}
