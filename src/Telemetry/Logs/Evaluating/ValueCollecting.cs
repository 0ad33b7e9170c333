using System.Globalization;
using Slipway.Telemetry.Labels;
using Slipway.Telemetry.Logs.Language;
using Slipway.Telemetry.Logs.Pipeline;
using Slipway.Telemetry.Logs.Reading;

namespace Slipway.Telemetry.Logs.Evaluating;

/// <summary>Collects the values that <c>unwrap</c> finds in lines, and puts those of each window together.</summary>
internal sealed class ValueCollecting(RangeCall call, Grouping? grouping, Steps steps, LogQlOptions options, LineWarnings warnings) : ILineTaker
{
    private const string Failed = "SampleExtractionErr";

    private readonly Unwrap _unwrap = call.Unwrap!;
    private readonly LinePipeline _pipeline = new(call.Lines.Stages, LinePipeline.ReadBy([.. call.Lines.Stages, .. call.Unwrap!.After], grouping, call.Unwrap!.Label));
    private readonly GroupKeys _keys = new(grouping, call.Unwrap!.Label);
    private readonly Dictionary<LabelSet, List<(LineOrder Order, double Value)>> _values = [];
    private int _count;

    public bool Wants(long from, long to) => true;

    public void Take(LabelSet stream, in LineOrder order, ReadOnlySpan<byte> line, UInt128 trace)
    {
        var labels = _pipeline.Labels;
        var passing = new PassingLine(line, labels);
        if (!_pipeline.Pass(stream, ref passing))
        {
            return;
        }

        var text = labels.Get(_unwrap.Label);
        if (text.Length == 0 && labels.Error is null)
        {
            return;
        }

        if (!TryValue(text, out var value))
        {
            labels.Fail(Failed, $"{_unwrap.Label} is no number");
        }

        foreach (var stage in _unwrap.After)
        {
            if (!stage.Pass(ref passing))
            {
                return;
            }
        }

        if (!warnings.LeavesOut(labels))
        {
            Add(order, value);
        }
    }

    private bool TryValue(string text, out double value)
    {
        switch (_unwrap.Conversion)
        {
            case Conversion.Duration:
                var isDuration = Units.TryDuration(text, out value);
                value /= 1e9;
                return isDuration;
            case Conversion.Bytes:
                return Units.TryBytes(text, out value);
            default:
                return Units.TryNumber(text, out value);
        }
    }

    private void Add(in LineOrder order, double value)
    {
        var key = _keys.Of(_pipeline.Labels);
        if (!_values.TryGetValue(key, out var values))
        {
            SeriesBounds.Check(_values.Count + 1, steps.Count, options);
            values = [];
            _values.Add(key, values);
        }

        if (++_count > options.ValuesMax)
        {
            throw new QueryStoppedException(SeriesBounds.TooLarge(string.Create(
                CultureInfo.InvariantCulture, $"the query takes more than {options.ValuesMax} values out of lines; ask for a shorter time or filter more")));
        }

        values.Add((order, value));
    }

    public List<StepSeries> Result(ReadBudget budget)
    {
        var series = new List<StepSeries>(_values.Count);
        foreach (var (labels, values) in _values)
        {
            values.Sort((left, right) => left.Order.CompareTo(right.Order));
            series.Add(new StepSeries(labels, ValuesOf(values, budget)));
        }

        return series;
    }

    private double[] ValuesOf(List<(LineOrder Order, double Value)> values, ReadBudget budget)
    {
        var result = StepSeries.Empty(steps.Count);
        var (first, end) = (0, 0);
        var window = new List<double>();
        for (var step = 0; step < result.Length; step++)
        {
            var to = (steps[step] * 1_000_000) - call.Offset;
            var from = to - call.Range;
            while (end < values.Count && values[end].Order.Nanoseconds <= to)
            {
                end++;
            }

            while (first < end && values[first].Order.Nanoseconds <= from)
            {
                first++;
            }

            if (first == end)
            {
                continue;
            }

            budget.Check();
            window.Clear();
            for (var index = first; index < end; index++)
            {
                window.Add(values[index].Value);
            }

            result[step] = Windows.Of(call.Function, call.Parameter, window, call.Range / 1e9);
        }

        return result;
    }
}
