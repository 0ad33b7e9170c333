using Slipway.Model.Failures;
using Slipway.Telemetry.Labels;
using Slipway.Telemetry.Logs.Language;
using Slipway.Telemetry.Logs.Reading;

namespace Slipway.Telemetry.Logs.Evaluating;

/// <summary>Evaluates the counting part of LogQL for a row of moments, from the inside out.</summary>
internal sealed class MetricEvaluator(LogStore store, LogQlOptions options, Steps steps, ReadBudget budget)
{
    public LineWarnings Warnings { get; } = new();

    public Evaluated Evaluate(MetricNode node)
    {
        budget.Check();
        return node switch
        {
            NumberNode number => Evaluated.Of(Row(number.Value)),
            VectorNode vector => Evaluated.Of([new StepSeries(LabelSet.Empty, Row(vector.Value))]),
            RangeCall call => Evaluated.Of(OverLines(call, call.Grouping)),
            AggregateCall aggregate => Evaluated.Of(Aggregate(aggregate)),
            LabelReplaceNode replace => Evaluated.Of(LabelReplacing.Apply(replace, Evaluate(replace.Of).Series)),
            BinaryNode binary => BinaryOperations.Apply(binary, Evaluate(binary.Left), Evaluate(binary.Right), steps.Count),
            _ => throw new InvalidOperationException($"no such node: {node}"),
        };
    }

    private double[] Row(double value)
    {
        var row = new double[steps.Count];
        Array.Fill(row, value);
        return row;
    }

    private List<StepSeries> OverLines(RangeCall call, Grouping? grouping)
    {
        if (call.Function == "absent_over_time")
        {
            return Absent(call);
        }

        var from = (steps.From * 1_000_000) - call.Offset - call.Range + 1;
        var to = (steps[steps.Count - 1] * 1_000_000) - call.Offset;
        var scan = new LineScan
        {
            Wanted = call.Lines.Wanted,
            From = from,
            To = to,
            Needed = LinePipeline.NeededBy(call.Lines.Stages),
            WithText = call.Unwrap is not null || LineCounting.NeedsText(call),
        };
        var reader = new LineReader(store, budget);
        if (call.Unwrap is null)
        {
            var counting = new LineCounting(call, grouping, steps, options, Warnings);
            reader.Read(scan, counting);
            return counting.Result();
        }

        var collecting = new ValueCollecting(call, grouping, steps, options, Warnings);
        reader.Read(scan, collecting);
        return collecting.Result(budget);
    }

    /// <summary>One where there is no line; its labels are those the selector is sure of.</summary>
    private List<StepSeries> Absent(RangeCall call)
    {
        var values = Row(1);
        var counted = OverLines(call with { Function = call.Unwrap is null ? "count_over_time" : "sum_over_time" }, new Grouping([], false));
        foreach (var series in counted)
        {
            for (var index = 0; index < values.Length; index++)
            {
                values[index] = StepSeries.IsAbsent(series.Values[index]) ? values[index] : StepSeries.Absent;
            }
        }

        var labels = LabelSet.From(call.Lines.Matchers.Where(matcher => matcher.Kind == MatchKind.Equal).Select(matcher => KeyValuePair.Create(matcher.Name, matcher.Value)));
        return [new StepSeries(labels, values)];
    }

    private List<StepSeries> Aggregate(AggregateCall call)
    {
        var inner = call.Of is RangeCall range && SumsInside(call, range)
            ? OverLines(range, call.Grouping ?? new Grouping([], false))
            : SeriesOf(call);
        return Aggregations.Apply(call, inner, steps.Count);
    }

    /// <summary>
    /// A sum of sums is the sum of all, so lines are put together by the labels of the outer sum at once. Otherwise every trace in
    /// lines of JSON would make a series of its own, only to be added up again.
    /// </summary>
    private static bool SumsInside(AggregateCall outer, RangeCall inner) => inner.Grouping is null && (outer.Function, inner.Function) switch
    {
        ("sum", "count_over_time" or "rate" or "bytes_over_time" or "bytes_rate" or "sum_over_time") => true,
        ("max", "max_over_time") or ("min", "min_over_time") => true,
        _ => false,
    };

    private List<StepSeries> SeriesOf(AggregateCall call)
    {
        var evaluated = Evaluate(call.Of);
        return evaluated.IsNumber
            ? throw new QueryStoppedException(new Failure(FailureKind.Malformed, "bad-expression", $"parse error: {call.Function} takes a vector, not a number"))
            : evaluated.Series;
    }
}
