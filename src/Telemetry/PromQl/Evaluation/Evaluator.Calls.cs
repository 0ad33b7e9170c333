using Slipway.Telemetry.Labels;
using Slipway.Telemetry.PromQl.Syntax;

namespace Slipway.Telemetry.PromQl.Evaluation;

/// <summary>Functions by name.</summary>
internal sealed partial class Evaluator
{
    private GridValue EvaluateCall(CallNode call, StepGrid grid)
    {
        var arguments = call.Arguments;
        switch (call.Function.Name)
        {
            case "time":
                return new ScalarGrid(Times(grid));
            case "pi":
                return new ScalarGrid(Filled(grid.Count, Math.PI));
            case "scalar":
                return new ScalarGrid(OnlyValues(Vectors(arguments[0], grid), grid.Count));
            case "vector":
                return new VectorGrid([new GridSeries(LabelSet.Empty, Scalars(arguments[0], grid))]);
            case "timestamp":
                return new VectorGrid(WithoutNames(Timestamps(arguments[0], grid)));
            case "absent":
                return Absent(arguments[0], Vectors(arguments[0], grid), grid.Count);
            case "absent_over_time":
                return Absent(arguments[0], EvaluateOverRange(arguments[0], grid, new FunctionSweep<PresentOverTime>(default)), grid.Count);
            case "label_replace":
                var source = arguments.Skip(1).Select(argument => TextOf(argument, grid)).ToArray();
                return new VectorGrid(Merged(LabelFunctions.Replace(Vectors(arguments[0], grid), source[0], source[1], source[2], source[3])));
            case "label_join":
                var texts = arguments.Skip(1).Select(argument => TextOf(argument, grid)).ToArray();
                return new VectorGrid(Merged(LabelFunctions.Join(Vectors(arguments[0], grid), texts[0], texts[1], texts[2..])));
            case "histogram_quantile":
                return new VectorGrid(HistogramQuantiles(Scalars(arguments[0], grid), Vectors(arguments[1], grid), grid.Count));
            case "histogram_count" or "histogram_sum" or "histogram_fraction":
                // These look at native histograms alone, and there are none.
                return VectorGrid.Empty;
            case "sort" or "sort_desc":
                return new VectorGrid(Sorted(Vectors(arguments[0], grid), descending: call.Function.Name == "sort_desc", grid.Count));
        }

        if (RangeSweep(call, grid) is { } sweep)
        {
            var range = arguments[call.Function.Parameters.ToList().IndexOf(PromQlType.RangeVector)];
            var rows = EvaluateOverRange(range, grid, sweep);
            return new VectorGrid(call.Function.Name == "last_over_time" ? rows : WithoutNames(rows));
        }

        if (CalendarFunctions.Find(call.Function.Name) is { } calendar)
        {
            return new VectorGrid(arguments.Count == 0
                ? [new GridSeries(LabelSet.Empty, Array.ConvertAll(Times(grid), seconds => calendar(seconds)))]
                : Change(Vectors(arguments[0], grid), calendar));
        }

        return new VectorGrid(EvaluateArithmetic(call, grid));
    }

    private List<GridSeries> EvaluateArithmetic(CallNode call, StepGrid grid)
    {
        var vector = Vectors(call.Arguments[0], grid);
        double[] Parameter(int index) => Scalars(call.Arguments[index], grid);
        switch (call.Function.Name)
        {
            case "clamp":
                var (least, most) = (Parameter(1), Parameter(2));
                return WithoutNames(Rows(vector, (values, step) =>
                    most[step] < least[step] ? GridValue.Absent : ArithmeticFunctions.Larger(least[step], ArithmeticFunctions.Smaller(most[step], values[step]))));
            case "clamp_min":
                var floor = Parameter(1);
                return WithoutNames(Rows(vector, (values, step) => ArithmeticFunctions.Larger(floor[step], values[step])));
            case "clamp_max":
                var ceiling = Parameter(1);
                return WithoutNames(Rows(vector, (values, step) => ArithmeticFunctions.Smaller(ceiling[step], values[step])));
            case "round":
                var nearest = call.Arguments.Count > 1 ? Parameter(1) : Filled(grid.Count, 1);
                return WithoutNames(Rows(vector, (values, step) => Round(values[step], nearest[step])));
            default:
                return Change(vector, ArithmeticFunctions.Find(call.Function.Name));
        }
    }

    /// <summary>Multiplies by the inverse, since for a tenth that is what is exact.</summary>
    private static double Round(double value, double nearest)
    {
        var inverse = 1 / nearest;
        return Math.Floor((value * inverse) + 0.5) / inverse;
    }

    private WindowSweep? RangeSweep(CallNode call, StepGrid grid)
    {
        double[] Parameter(int index) => Scalars(call.Arguments[index], grid);
        return call.Function.Name switch
        {
            "rate" => new ExtrapolatedSweep(counter: true, perSecond: true),
            "increase" => new ExtrapolatedSweep(counter: true, perSecond: false),
            "delta" => new ExtrapolatedSweep(counter: false, perSecond: false),
            "irate" => new FunctionSweep<LastChange>(new LastChange(rate: true), samplesMin: 2),
            "idelta" => new FunctionSweep<LastChange>(new LastChange(rate: false), samplesMin: 2),
            "deriv" => new FunctionSweep<Derivative>(default, samplesMin: 2),
            "predict_linear" => new FunctionSweep<PredictLinear>(new PredictLinear(Parameter(1)), samplesMin: 2),
            "holt_winters" => new FunctionSweep<HoltWinters>(new HoltWinters(Parameter(1), Parameter(2)), samplesMin: 2),
            "changes" => new FunctionSweep<Changes>(default),
            "resets" => new FunctionSweep<Resets>(default),
            "sum_over_time" => new FunctionSweep<SumOverTime>(default),
            "avg_over_time" => new FunctionSweep<AvgOverTime>(default),
            "count_over_time" => new FunctionSweep<CountOverTime>(default),
            "min_over_time" => new FunctionSweep<ExtremeOverTime>(new ExtremeOverTime(largest: false)),
            "max_over_time" => new FunctionSweep<ExtremeOverTime>(new ExtremeOverTime(largest: true)),
            "last_over_time" => new FunctionSweep<LastOverTime>(default),
            "present_over_time" => new FunctionSweep<PresentOverTime>(default),
            "stddev_over_time" => new FunctionSweep<SpreadOverTime>(new SpreadOverTime(deviation: true)),
            "stdvar_over_time" => new FunctionSweep<SpreadOverTime>(new SpreadOverTime(deviation: false)),
            "quantile_over_time" => new FunctionSweep<QuantileOverTime>(new QuantileOverTime(Parameter(0))),
            _ => null,
        };
    }

    private static double[] Times(StepGrid grid)
    {
        var times = new double[grid.Count];
        for (var step = 0; step < times.Length; step++)
        {
            times[step] = grid.At(step) / 1000d;
        }

        return times;
    }

    private List<GridSeries> Timestamps(PromQlNode argument, StepGrid grid)
    {
        // A selector alone tells when its samples were taken; anything calculated is of the moment it is calculated for.
        if (Unwrap(argument) is SelectorNode selector)
        {
            return EvaluateSelector(selector, grid, times: true);
        }

        return Rows(Vectors(argument, grid), (_, step) => grid.At(step) / 1000d);
    }

    private static double[] OnlyValues(IReadOnlyList<GridSeries> all, int steps)
    {
        var values = GridSeries.Nothing(steps);
        var several = new bool[steps];
        foreach (var series in all)
        {
            for (var step = 0; step < steps; step++)
            {
                if (!GridValue.IsAbsent(series.Values[step]))
                {
                    several[step] |= !GridValue.IsAbsent(values[step]);
                    values[step] = series.Values[step];
                }
            }
        }

        for (var step = 0; step < steps; step++)
        {
            values[step] = several[step] || GridValue.IsAbsent(values[step]) ? double.NaN : values[step];
        }

        return values;
    }

    private static VectorGrid Absent(PromQlNode argument, IReadOnlyList<GridSeries> all, int steps)
    {
        var values = Filled(steps, 1);
        foreach (var series in all)
        {
            for (var step = 0; step < steps; step++)
            {
                values[step] = GridValue.IsAbsent(series.Values[step]) ? values[step] : GridValue.Absent;
            }
        }

        var row = new GridSeries(LabelFunctions.OfAbsent(argument), values);
        return row.HasValues ? new VectorGrid([row]) : VectorGrid.Empty;
    }

    /// <summary>Over many steps there is no order by value, so it is left as it is.</summary>
    private static IReadOnlyList<GridSeries> Sorted(IReadOnlyList<GridSeries> all, bool descending, int steps)
    {
        if (steps > 1)
        {
            return all;
        }

        var present = all.Where(series => !GridValue.IsAbsent(series.Values[0])).ToList();
        var numbers = present.Where(series => !double.IsNaN(series.Values[0]));
        var ordered = descending ? numbers.OrderByDescending(series => series.Values[0]) : numbers.OrderBy(series => series.Values[0]);
        return [.. ordered, .. present.Where(series => double.IsNaN(series.Values[0]))];
    }
}
