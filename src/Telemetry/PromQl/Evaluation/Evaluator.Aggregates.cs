using Slipway.Telemetry.Labels;
using Slipway.Telemetry.PromQl.Syntax;

namespace Slipway.Telemetry.PromQl.Evaluation;

/// <summary>Many series into one per group.</summary>
internal sealed partial class Evaluator
{
    private VectorGrid EvaluateAggregate(AggregateNode node, StepGrid grid)
    {
        var series = Vectors(node.Inner, grid);
        switch (node.Operation)
        {
            case Aggregation.TopK or Aggregation.BottomK:
                return new VectorGrid(Best(node, Groups(node, series), Scalars(node.Parameter!, grid), grid.Count));
            case Aggregation.CountValues:
                return new VectorGrid(CountValues(node, series, TextOf(node.Parameter!, grid), grid.Count));
            case Aggregation.Quantile:
                var ranks = Scalars(node.Parameter!, grid);
                return new VectorGrid([.. Groups(node, series).Select(group => QuantileOf(group, ranks))]);
            default:
                return new VectorGrid([.. Groups(node, series).Select(group => new GridSeries(group.Labels, Folded(node.Operation, group.Series, grid.Count)))]);
        }
    }

    private static List<(LabelSet Labels, List<GridSeries> Series)> Groups(AggregateNode node, IReadOnlyList<GridSeries> all)
    {
        var signatures = new MatchSignatures(node.Labels, keep: !node.Without);
        var places = new Dictionary<MatchSignature, int>();
        var groups = new List<(LabelSet Labels, List<GridSeries> Series)>();
        foreach (var series in all)
        {
            var signature = signatures.Of(series.Labels);
            if (!places.TryGetValue(signature, out var place))
            {
                places.Add(signature, place = groups.Count);
                groups.Add((signature.Labels, []));
            }

            groups[place].Series.Add(series);
        }

        return groups;
    }

    private double[] Folded(Aggregation operation, List<GridSeries> group, int steps)
    {
        budget.Check();
        var result = budget.NewRow(steps);
        var counts = new double[steps];
        var means = operation is Aggregation.Stddev or Aggregation.Stdvar ? new double[steps] : [];
        foreach (var series in group)
        {
            var values = series.Values;
            for (var step = 0; step < steps; step++)
            {
                var value = values[step];
                if (GridValue.IsAbsent(value))
                {
                    continue;
                }

                var count = ++counts[step];
                ref var sum = ref result[step];
                switch (operation)
                {
                    case Aggregation.Sum:
                        sum = count == 1 ? value : sum + value;
                        break;
                    case Aggregation.Min:
                        sum = count == 1 || sum > value || double.IsNaN(sum) ? value : sum;
                        break;
                    case Aggregation.Max:
                        sum = count == 1 || sum < value || double.IsNaN(sum) ? value : sum;
                        break;
                    case Aggregation.Avg:
                        sum = count == 1 ? value : NextMean(sum, value, count);
                        break;
                    case Aggregation.Count:
                        sum = count;
                        break;
                    case Aggregation.Group:
                        sum = 1;
                        break;
                    case var _ when count == 1:
                        // One value alone has no spread, whatever it is.
                        (sum, means[step]) = (0, value);
                        break;
                    default:
                        var distance = value - means[step];
                        means[step] += distance / count;
                        sum += distance * (value - means[step]);
                        break;
                }
            }
        }

        if (operation is Aggregation.Stddev or Aggregation.Stdvar)
        {
            for (var step = 0; step < steps; step++)
            {
                if (counts[step] > 0)
                {
                    var variance = result[step] / counts[step];
                    result[step] = operation == Aggregation.Stddev ? Math.Sqrt(variance) : variance;
                }
            }
        }

        return result;
    }

    private static double NextMean(double mean, double value, double count) =>
        double.IsInfinity(mean) && (double.IsInfinity(value) ? mean > 0 == value > 0 : !double.IsNaN(value))
            ? mean
            : mean + ((value / count) - (mean / count));

    private GridSeries QuantileOf((LabelSet Labels, List<GridSeries> Series) group, double[] ranks)
    {
        var row = budget.NewRow(ranks.Length);
        var present = new double[group.Series.Count];
        for (var step = 0; step < row.Length; step++)
        {
            var count = 0;
            foreach (var series in group.Series)
            {
                if (!GridValue.IsAbsent(series.Values[step]))
                {
                    present[count++] = series.Values[step];
                }
            }

            if (count > 0)
            {
                row[step] = Quantiles.Of(ranks[step], present.AsSpan(0, count));
            }
        }

        return new GridSeries(group.Labels, row);
    }

    /// <summary>Elements stay what they are; in an instant query the best comes first.</summary>
    private List<GridSeries> Best(AggregateNode node, List<(LabelSet Labels, List<GridSeries> Series)> groups, double[] limits, int steps)
    {
        var results = new List<GridSeries>();
        var largest = node.Operation == Aggregation.TopK;
        foreach (var (_, group) in groups)
        {
            budget.Check();
            var rows = new GridSeries?[group.Count];
            var order = new List<(double Value, int Place)>(group.Count);
            for (var step = 0; step < steps; step++)
            {
                order.Clear();
                for (var place = 0; place < group.Count; place++)
                {
                    if (!GridValue.IsAbsent(group[place].Values[step]))
                    {
                        order.Add((group[place].Values[step], place));
                    }
                }

                var limit = Limit(limits[step]);
                if (limit < 1 || order.Count == 0)
                {
                    continue;
                }

                order.Sort((x, y) => Order(x, y, largest));
                foreach (var (value, place) in order.Take(limit))
                {
                    if (rows[place] is not { } row)
                    {
                        rows[place] = row = new GridSeries(group[place].Labels, budget.NewRow(steps));
                        results.Add(row);
                    }

                    row.Values[step] = value;
                }
            }
        }

        return results;
    }

    private static int Limit(double limit) =>
        double.IsNaN(limit) || Math.Abs(limit) > long.MaxValue ? throw new EvaluationException($"Scalar value {PromQlNumber.Plain(limit)} overflows int64") : (int)Math.Clamp(limit, -1, int.MaxValue);

    /// <summary>NaN is never better than a number; among equals the one that came first.</summary>
    private static int Order((double Value, int Place) x, (double Value, int Place) y, bool largest)
    {
        if (double.IsNaN(x.Value) || double.IsNaN(y.Value))
        {
            var numbers = double.IsNaN(x.Value).CompareTo(double.IsNaN(y.Value));
            return numbers != 0 ? numbers : x.Place.CompareTo(y.Place);
        }

        var order = largest ? y.Value.CompareTo(x.Value) : x.Value.CompareTo(y.Value);
        return order != 0 ? order : x.Place.CompareTo(y.Place);
    }

    private List<GridSeries> CountValues(AggregateNode node, IReadOnlyList<GridSeries> all, string label, int steps)
    {
        if (!LabelFunctions.IsName(label))
        {
            throw new EvaluationException($"invalid label name \"{label}\"");
        }

        var signatures = new MatchSignatures(node.Labels, keep: !node.Without);
        var rows = new Dictionary<LabelSet, GridSeries>();
        var order = new List<GridSeries>();
        foreach (var series in all)
        {
            var group = signatures.Of(series.Labels).Labels;
            var (lastValue, last) = (double.NaN, (GridSeries?)null);
            for (var step = 0; step < steps; step++)
            {
                var value = series.Values[step];
                if (GridValue.IsAbsent(value))
                {
                    continue;
                }

                if (last is null || !lastValue.Equals(value))
                {
                    var labels = group.With(label, PromQlNumber.Plain(value));
                    if (!rows.TryGetValue(labels, out last))
                    {
                        rows.Add(labels, last = new GridSeries(labels, budget.NewRow(steps)));
                        order.Add(last);
                    }

                    lastValue = value;
                }

                last.Values[step] = GridValue.IsAbsent(last.Values[step]) ? 1 : last.Values[step] + 1;
            }
        }

        return order;
    }
}
