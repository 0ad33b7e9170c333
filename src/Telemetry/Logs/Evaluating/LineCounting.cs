using Slipway.Telemetry.Labels;
using Slipway.Telemetry.Logs.Language;
using Slipway.Telemetry.Logs.Pipeline;
using Slipway.Telemetry.Logs.Reading;

namespace Slipway.Telemetry.Logs.Evaluating;

/// <summary>
/// Counts lines or their bytes per step. A line belongs to a row of neighbouring steps, so it adds to the first of them and takes away
/// behind the last; the sums come to the counts in the end, however far the windows overlap.
/// </summary>
internal sealed class LineCounting(RangeCall call, Grouping? grouping, Steps steps, LogQlOptions options, LineWarnings warnings) : ILineTaker
{
    private readonly LinePipeline _pipeline = new(call.Lines.Stages, LinePipeline.ReadBy(call.Lines.Stages, grouping, null));
    private readonly GroupKeys _keys = new(grouping);
    private readonly Dictionary<LabelSet, Tally> _tallies = [];

    private sealed class Tally(int steps)
    {
        public long[] Lines { get; } = new long[steps + 1];

        public long[] Bytes { get; } = new long[steps + 1];
    }

    public bool Wants(long from, long to) => true;

    /// <summary>Texts need not be read if only lines are counted and nothing is asked of them.</summary>
    public static bool NeedsText(RangeCall call) => call.Lines.Stages.Count > 0 || call.Function is "bytes_over_time" or "bytes_rate";

    public void Take(LabelSet stream, in LineOrder order, ReadOnlySpan<byte> line, UInt128 trace)
    {
        var passing = new PassingLine(line, _pipeline.Labels);
        if (!_pipeline.Pass(stream, ref passing) || warnings.LeavesOut(_pipeline.Labels))
        {
            return;
        }

        steps.Holding(order.Nanoseconds, call.Range, call.Offset, out var first, out var last);
        if (first > last)
        {
            return;
        }

        var key = _keys.Of(_pipeline.Labels);
        if (!_tallies.TryGetValue(key, out var tally))
        {
            SeriesBounds.Check(_tallies.Count + 1, steps.Count, options);
            tally = new Tally(steps.Count);
            _tallies.Add(key, tally);
        }

        tally.Lines[first]++;
        tally.Lines[last + 1]--;
        tally.Bytes[first] += passing.Text.Length;
        tally.Bytes[last + 1] -= passing.Text.Length;
    }

    public List<StepSeries> Result()
    {
        var seconds = call.Range / 1e9;
        var series = new List<StepSeries>(_tallies.Count);
        foreach (var (labels, tally) in _tallies)
        {
            var values = new double[steps.Count];
            var (lines, bytes) = (0L, 0L);
            for (var index = 0; index < values.Length; index++)
            {
                lines += tally.Lines[index];
                bytes += tally.Bytes[index];
                values[index] = lines == 0 ? StepSeries.Absent : call.Function switch
                {
                    "rate" => lines / seconds,
                    "bytes_over_time" => bytes,
                    "bytes_rate" => bytes / seconds,
                    _ => lines,
                };
            }

            series.Add(new StepSeries(labels, values));
        }

        return series;
    }
}
