using Slipway.Telemetry.Metrics;

namespace Slipway.Telemetry.PromQl.Evaluation;

/// <summary>
/// <c>rate</c>, <c>increase</c> and <c>delta</c>: the change between the first and the last sample of a window, stretched to the
/// ends of the window where samples are near enough to them. Resets of a counter are found once per series, so that a window
/// costs the same however many samples lie in it.
/// </summary>
internal sealed class ExtrapolatedSweep(bool counter, bool perSecond) : WindowSweep
{
    private readonly List<int> _resets = [];

    public override void Sweep(ReadOnlySpan<Sample> samples, Windows windows, int firstStep, int endStep, double[] values)
    {
        _resets.Clear();
        if (counter)
        {
            for (var index = 1; index < samples.Length; index++)
            {
                if (samples[index].Value < samples[index - 1].Value)
                {
                    _resets.Add(index);
                }
            }
        }

        int start = 0, end = 0, reset = 0;
        for (var step = firstStep; step < endStep; step++)
        {
            var to = windows.To(step);
            var from = windows.From(step);
            Move(samples, from, to, ref start, ref end);
            if (end - start < 2)
            {
                continue;
            }

            ref readonly var first = ref samples[start];
            ref readonly var last = ref samples[end - 1];
            var change = last.Value - first.Value;
            while (reset < _resets.Count && _resets[reset] <= start)
            {
                reset++;
            }

            for (var next = reset; next < _resets.Count && _resets[next] < end; next++)
            {
                change += samples[_resets[next] - 1].Value;
            }

            values[step] = Stretch(change, first, last, end - start, from, to);
        }
    }

    private double Stretch(double change, in Sample first, in Sample last, int count, long from, long to)
    {
        var toStart = (first.At - from) / 1000d;
        var toEnd = (to - last.At) / 1000d;
        var sampled = (last.At - first.At) / 1000d;
        var between = sampled / (count - 1);
        if (counter && change > 0 && first.Value >= 0)
        {
            // A counter cannot have been below zero, so it is not stretched to before it began.
            var toZero = sampled * (first.Value / change);
            toStart = Math.Min(toStart, toZero);
        }

        var near = between * 1.1;
        var stretched = sampled + (toStart < near ? toStart : between / 2) + (toEnd < near ? toEnd : between / 2);
        var factor = stretched / sampled;
        return change * (perSecond ? factor / ((to - from) / 1000d) : factor);
    }
}
