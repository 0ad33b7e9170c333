using Slipway.Telemetry.Labels;
using Slipway.Telemetry.Metrics;
using Slipway.Telemetry.PromQl.Syntax;

namespace Slipway.Telemetry.PromQl.Evaluation;

/// <summary>Evaluates a tree over a grid of steps, each node for all steps before the node above it.</summary>
internal sealed partial class Evaluator(ISeriesReader reader, PromQlEngineOptions options, QueryBudget budget, long queryStart, long queryEnd)
{
    private const string SameLabels = "vector cannot contain metrics with the same labelset";

    public GridValue Evaluate(PromQlNode node, StepGrid grid)
    {
        budget.Check();
        if (node.Pinned && grid.Count > 1)
        {
            return Repeat(Evaluate(node, grid.First), grid.Count);
        }

        return node switch
        {
            NumberNode number => new ScalarGrid(Filled(grid.Count, number.Value)),
            TextNode text => new TextGrid(text.Value),
            ParenthesisNode parenthesis => Evaluate(parenthesis.Inner, grid),
            SignNode sign => EvaluateSign(sign, grid),
            SelectorNode selector => new VectorGrid(EvaluateSelector(selector, grid, times: false)),
            CallNode call => EvaluateCall(call, grid),
            AggregateNode aggregate => EvaluateAggregate(aggregate, grid),
            BinaryNode binary => EvaluateBinary(binary, grid),
            _ => throw new EvaluationException($"a {PromQlPrinter.Name(node.Type)} has no value of its own here"),
        };
    }

    /// <summary>The samples themselves, for an expression that is a range at its top.</summary>
    public IReadOnlyList<SeriesSamples> EvaluateRange(PromQlNode node, StepGrid grid)
    {
        var found = new List<SeriesSamples>();
        switch (Unwrap(node))
        {
            case RangeNode range:
                var windows = WindowsOf(range, grid);
                var (from, to) = (windows.From(0), windows.To(0));
                foreach (var series in reader.Select(range.Selector.AllMatchers, from, to, budget.Left, budget.Cancellation))
                {
                    budget.Charge(series.Samples.Length);
                    var samples = SampleFeed.WithoutStaleMarks(series.Samples).ToArray().Where(sample => sample.At >= from && sample.At <= to).ToArray();
                    found.Add(series with { Samples = samples });
                }

                break;
            case SubqueryNode subquery:
                var inside = WindowsOf(subquery, grid);
                foreach (var (labels, samples) in EvaluateInside(subquery, inside))
                {
                    found.Add(new SeriesSamples(labels, samples));
                }

                break;
            default:
                throw new EvaluationException("not a range");
        }

        found.RemoveAll(series => series.Samples.IsEmpty);
        found.Sort((x, y) => LabelOrder.Instance.Compare(x.Labels, y.Labels));
        return found;
    }

    private static double[] Filled(int count, double value)
    {
        var values = new double[count];
        values.AsSpan().Fill(value);
        return values;
    }

    private static PromQlNode Unwrap(PromQlNode node)
    {
        while (node is ParenthesisNode parenthesis)
        {
            node = parenthesis.Inner;
        }

        return node;
    }

    private GridValue Repeat(GridValue once, int steps)
    {
        switch (once)
        {
            case ScalarGrid scalar:
                return new ScalarGrid(Filled(steps, scalar.Values[0]));
            case VectorGrid vector:
                budget.Charge((long)vector.Series.Count * steps);
                return new VectorGrid([.. vector.Series.Select(series => series with { Values = Filled(steps, series.Values[0]) })]);
            default:
                return once;
        }
    }

    private double[] Scalars(PromQlNode node, StepGrid grid) => ((ScalarGrid)Evaluate(node, grid)).Values;

    private string TextOf(PromQlNode node, StepGrid grid) => ((TextGrid)Evaluate(node, grid)).Text;

    private IReadOnlyList<GridSeries> Vectors(PromQlNode node, StepGrid grid) => ((VectorGrid)Evaluate(node, grid)).Series;

    private List<GridSeries> EvaluateSelector(SelectorNode selector, StepGrid grid, bool times)
    {
        var windows = new Windows(grid, selector.Placement, options.LookbackMilliseconds, queryStart, queryEnd);
        return new SampleFeed(reader, budget).Sweep(selector.AllMatchers, windows, new NewestSweep(times));
    }

    private Windows WindowsOf(PromQlNode range, StepGrid grid) => range switch
    {
        RangeNode simple => new Windows(grid, simple.Selector.Placement, simple.Range, queryStart, queryEnd),
        SubqueryNode subquery => new Windows(grid, subquery.Placement, subquery.Range, queryStart, queryEnd),
        _ => throw new EvaluationException("not a range"),
    };

    private List<GridSeries> EvaluateOverRange(PromQlNode argument, StepGrid grid, WindowSweep sweep)
    {
        var range = Unwrap(argument);
        var windows = WindowsOf(range, grid);
        if (range is RangeNode simple)
        {
            return new SampleFeed(reader, budget).Sweep(simple.Selector.AllMatchers, windows, sweep);
        }

        var rows = new List<GridSeries>();
        foreach (var (labels, samples) in EvaluateInside((SubqueryNode)range, windows))
        {
            budget.Check();
            var row = new GridSeries(labels, budget.NewRow(grid.Count));
            sweep.Sweep(samples, windows, 0, grid.Count, row.Values);
            if (row.HasValues)
            {
                rows.Add(row);
            }
        }

        return rows;
    }

    /// <summary>What a subquery's expression comes to at all its own steps: multiples of its step, wherever the windows begin.</summary>
    private IEnumerable<(LabelSet Labels, Sample[] Samples)> EvaluateInside(SubqueryNode subquery, Windows windows)
    {
        var step = subquery.Step ?? options.SubqueryStepMilliseconds;
        var from = windows.From(0);
        var first = step * (from / step);
        first += first < from ? step : 0;
        var to = windows.To(windows.Grid.Count - 1);
        var count = to < first ? 0 : ((to - first) / step) + 1;
        budget.Charge(count);
        if (count == 0)
        {
            yield break;
        }

        var grid = new StepGrid(first, step, (int)count);
        foreach (var series in Vectors(subquery.Inner, grid))
        {
            var samples = new List<Sample>();
            for (var index = 0; index < series.Values.Length; index++)
            {
                if (!GridValue.IsAbsent(series.Values[index]))
                {
                    samples.Add(new Sample(grid.At(index), series.Values[index]));
                }
            }

            yield return (series.Labels, [.. samples]);
        }
    }

    private GridValue EvaluateSign(SignNode sign, StepGrid grid)
    {
        var inner = Evaluate(sign.Inner, grid);
        return !sign.Negative ? inner
            : inner is ScalarGrid scalar ? new ScalarGrid(Array.ConvertAll(scalar.Values, value => -value))
            : new VectorGrid(Change(((VectorGrid)inner).Series, value => -value));
    }

    /// <summary>Calculates on every value; the result is no longer what the metric's name says.</summary>
    private List<GridSeries> Change(IReadOnlyList<GridSeries> all, Func<double, double> change) =>
        WithoutNames(Rows(all, (values, step) => change(values[step])));

    private List<GridSeries> Rows(IReadOnlyList<GridSeries> all, Func<double[], int, double> change)
    {
        var changed = new List<GridSeries>(all.Count);
        foreach (var series in all)
        {
            var row = budget.NewRow(series.Values.Length);
            for (var step = 0; step < row.Length; step++)
            {
                if (!GridValue.IsAbsent(series.Values[step]))
                {
                    row[step] = change(series.Values, step);
                }
            }

            changed.Add(new GridSeries(series.Labels, row));
        }

        return changed;
    }

    private static List<GridSeries> WithoutNames(List<GridSeries> all)
    {
        // Series of one metric stay apart without its name.
        var oneMetric = all.Count == 0 || all.All(series => series.Labels.Metric == all[0].Labels.Metric);
        var renamed = all.Select(series => series with { Labels = series.Labels.Without(LabelSet.MetricName) }).ToList();
        return oneMetric ? renamed : Merged(renamed);
    }

    /// <summary>Joins rows of equal labels; two values at one step are an error, as in Prometheus.</summary>
    private static List<GridSeries> Merged(List<GridSeries> all)
    {
        var places = new Dictionary<LabelSet, int>(all.Count);
        var merged = new List<GridSeries>(all.Count);
        foreach (var series in all)
        {
            if (places.TryAdd(series.Labels, merged.Count))
            {
                merged.Add(series);
                continue;
            }

            var place = places[series.Labels];
            var values = (double[])merged[place].Values.Clone();
            for (var step = 0; step < values.Length; step++)
            {
                if (GridValue.IsAbsent(series.Values[step]))
                {
                    continue;
                }

                values[step] = GridValue.IsAbsent(values[step]) ? series.Values[step] : throw new EvaluationException(SameLabels);
            }

            merged[place] = merged[place] with { Values = values };
        }

        return merged;
    }
}
