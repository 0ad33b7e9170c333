namespace Slipway.Telemetry.PromQl.Evaluation;

internal static class HistogramQuantile
{
    /// <param name="buckets">By rising bounds; each counts what lies at or below its bound.</param>
    public static double Of(double quantile, List<(double Bound, double Count)> buckets)
    {
        if (double.IsNaN(quantile))
        {
            return double.NaN;
        }

        if (quantile is < 0 or > 1)
        {
            return quantile < 0 ? double.NegativeInfinity : double.PositiveInfinity;
        }

        if (!double.IsPositiveInfinity(buckets[^1].Bound))
        {
            return double.NaN;
        }

        NeverFall(buckets);
        var all = buckets[^1].Count;
        if (buckets.Count < 2 || all == 0)
        {
            return double.NaN;
        }

        var rank = quantile * all;
        var place = 0;
        while (place < buckets.Count - 1 && !(buckets[place].Count >= rank))
        {
            place++;
        }

        if (place == buckets.Count - 1)
        {
            return buckets[^2].Bound;
        }

        var (end, count) = buckets[place];
        if (place == 0)
        {
            return end <= 0 ? end : end * (rank / count);
        }

        var (start, before) = buckets[place - 1];
        return start + ((end - start) * ((rank - before) / (count - before)));
    }

    /// <summary>Counts that were read at slightly different moments may fall where they must not.</summary>
    private static void NeverFall(List<(double Bound, double Count)> buckets)
    {
        var most = buckets[0].Count;
        for (var index = 1; index < buckets.Count; index++)
        {
            if (buckets[index].Count > most)
            {
                most = buckets[index].Count;
            }
            else if (buckets[index].Count < most)
            {
                buckets[index] = (buckets[index].Bound, most);
            }
        }
    }
}
