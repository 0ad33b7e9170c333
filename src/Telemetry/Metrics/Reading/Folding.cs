namespace Slipway.Telemetry.Metrics.Reading;

/// <summary>Makes one sample of all samples of an interval; see <see cref="SampleFold"/>.</summary>
internal static class Folding
{
    /// <summary>The folds that are kept beside the samples.</summary>
    public static readonly SampleFold[] Kept = [SampleFold.Last, SampleFold.Count, SampleFold.Sum, SampleFold.Min, SampleFold.Max, SampleFold.Rise];

    /// <summary>Folds into the same span and tells how many samples are left; results never stand behind what they are made of.</summary>
    /// <param name="carried">By how much the first sample rose above the one before it, which is not among these.</param>
    public static int Fold(SampleFold fold, Span<Sample> samples, double carried = 0)
    {
        var kept = 0;
        var before = double.NaN;
        var known = false;
        for (var i = 0; i < samples.Length;)
        {
            var end = ReadHint.EndOf(samples[i].At);
            var live = 0;
            var result = 0.0;
            var last = samples[i];
            for (; i < samples.Length && samples[i].At <= end; i++)
            {
                last = samples[i];
                if (last.IsStale)
                {
                    continue;
                }

                var value = last.Value;
                switch (fold)
                {
                    case SampleFold.Count:
                        result++;
                        break;
                    case SampleFold.Sum:
                        result += value;
                        break;
                    case SampleFold.Min:
                        result = live == 0 || value < result || double.IsNaN(result) ? value : result;
                        break;
                    case SampleFold.Max:
                        result = live == 0 || value > result || double.IsNaN(result) ? value : result;
                        break;
                    case SampleFold.Rise:
                        result += known ? Rise(before, value) : carried;
                        break;
                }

                (before, known) = (value, true);
                live++;
            }

            if (fold == SampleFold.Last)
            {
                samples[kept++] = last;
            }
            else if (live > 0)
            {
                samples[kept++] = new Sample(end, result);
            }
        }

        return kept;
    }

    public static double Rise(double before, double now) => now < before ? now : now - before;

    /// <summary>
    /// Brings together what two blocks tell about the same interval, in place: a block may end in the midst of one.
    /// </summary>
    public static int Join(SampleFold fold, Span<Sample> folds)
    {
        var kept = 0;
        foreach (var sample in folds)
        {
            if (kept == 0 || ReadHint.EndOf(folds[kept - 1].At) != ReadHint.EndOf(sample.At))
            {
                folds[kept++] = sample;
                continue;
            }

            var old = folds[kept - 1];
            folds[kept - 1] = fold switch
            {
                SampleFold.Count or SampleFold.Sum or SampleFold.Rise => old with { Value = old.Value + sample.Value },
                SampleFold.Min => sample.Value < old.Value || double.IsNaN(old.Value) ? sample : old,
                SampleFold.Max => sample.Value > old.Value || double.IsNaN(old.Value) ? sample : old,
                _ => sample,
            };
        }

        return kept;
    }
}
