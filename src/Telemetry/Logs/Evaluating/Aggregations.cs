using Slipway.Telemetry.Labels;
using Slipway.Telemetry.Logs.Language;

namespace Slipway.Telemetry.Logs.Evaluating;

/// <summary><c>sum</c>, <c>topk</c> and their like: many series become fewer, step by step.</summary>
internal static class Aggregations
{
    public static List<StepSeries> Apply(AggregateCall call, List<StepSeries> series, int steps)
    {
        if (call.Function is "sort" or "sort_desc")
        {
            var sign = call.Function == "sort" ? 1 : -1;
            return [.. series.OrderBy(one => sign * one.Values[^1])];
        }

        var keys = new GroupKeys(call.Grouping ?? new Grouping([], false));
        var groups = series.GroupBy(one => keys.Of(one.Labels));
        return call.Function is "topk" or "bottomk"
            ? [.. groups.SelectMany(group => Largest([.. group], (int)call.Parameter, call.Function == "topk" ? -1 : 1, steps))]
            : [.. groups.Select(group => new StepSeries(group.Key, Reduce(call.Function, [.. group], steps)))];
    }

    private static double[] Reduce(string function, List<StepSeries> group, int steps)
    {
        var result = StepSeries.Empty(steps);
        var values = new List<double>(group.Count);
        for (var step = 0; step < steps; step++)
        {
            values.Clear();
            foreach (var series in group)
            {
                if (!StepSeries.IsAbsent(series.Values[step]))
                {
                    values.Add(series.Values[step]);
                }
            }

            if (values.Count > 0)
            {
                result[step] = Windows.Of(function, 0, values, 1);
            }
        }

        return result;
    }

    /// <summary>Which series are the largest differs from step to step; a series has values where it is among them.</summary>
    private static List<StepSeries> Largest(List<StepSeries> group, int count, int sign, int steps)
    {
        var kept = new Dictionary<LabelSet, double[]>();
        for (var step = 0; step < steps; step++)
        {
            var at = step;
            var largest = group
                .Where(series => !StepSeries.IsAbsent(series.Values[at]))
                .OrderBy(series => double.IsNaN(series.Values[at]) ? double.PositiveInfinity : sign * series.Values[at])
                .Take(count);
            foreach (var series in largest)
            {
                if (!kept.TryGetValue(series.Labels, out var values))
                {
                    values = StepSeries.Empty(steps);
                    kept.Add(series.Labels, values);
                }

                values[step] = series.Values[step];
            }
        }

        return [.. kept.Select(one => new StepSeries(one.Key, one.Value)).OrderBy(one => sign * one.Values[^1])];
    }
}
