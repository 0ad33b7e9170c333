using Slipway.Telemetry.Metrics;

namespace Slipway.Telemetry.PromQl.Evaluation;

/// <summary>Moves windows over the samples of one series and writes what each comes to.</summary>
internal abstract class WindowSweep
{
    public virtual bool SeesStaleMarks => false;

    /// <summary>All but the last sample of each window may be missing.</summary>
    public virtual bool LooksAtNewestOnly => false;

    /// <param name="samples">Oldest first; at least those within the windows of the steps.</param>
    public abstract void Sweep(ReadOnlySpan<Sample> samples, Windows windows, int firstStep, int endStep, double[] values);

    /// <summary>Moves both ends of a window on: <paramref name="start"/> to its first sample, <paramref name="end"/> behind its last.</summary>
    protected static void Move(ReadOnlySpan<Sample> samples, long from, long to, ref int start, ref int end)
    {
        while (end < samples.Length && samples[end].At <= to)
        {
            end++;
        }

        while (start < end && samples[start].At < from)
        {
            start++;
        }
    }
}

/// <summary>The newest sample of each window, unless the series ended before: what a plain selector shows.</summary>
internal sealed class NewestSweep(bool times) : WindowSweep
{
    public override bool SeesStaleMarks => true;

    public override bool LooksAtNewestOnly => true;

    public override void Sweep(ReadOnlySpan<Sample> samples, Windows windows, int firstStep, int endStep, double[] values)
    {
        var end = 0;
        for (var step = firstStep; step < endStep; step++)
        {
            var to = windows.To(step);
            while (end < samples.Length && samples[end].At <= to)
            {
                end++;
            }

            if (end > 0 && samples[end - 1] is { IsStale: false } newest && newest.At >= to - windows.Range)
            {
                values[step] = times ? newest.At / 1000d : newest.Value;
            }
        }
    }
}

/// <param name="From">Where the window begins.</param>
/// <param name="To">Where it ends, which an offset moves away from the moment of evaluation.</param>
internal readonly record struct WindowPlace(long From, long To, long At, int Step);

/// <summary>A calculation over the samples of one window. Implemented by structs, so that each sweep is compiled for its own.</summary>
internal interface IWindowFunction
{
    /// <param name="window">At least one sample.</param>
    double Evaluate(ReadOnlySpan<Sample> window, in WindowPlace place);
}

internal sealed class FunctionSweep<TFunction>(TFunction function, int samplesMin = 1) : WindowSweep
    where TFunction : struct, IWindowFunction
{
    public override void Sweep(ReadOnlySpan<Sample> samples, Windows windows, int firstStep, int endStep, double[] values)
    {
        int start = 0, end = 0;
        for (var step = firstStep; step < endStep; step++)
        {
            var to = windows.To(step);
            var from = windows.From(step);
            Move(samples, from, to, ref start, ref end);
            if (end - start >= samplesMin)
            {
                values[step] = function.Evaluate(samples[start..end], new WindowPlace(from, to, windows.Grid.At(step), step));
            }
        }
    }
}
