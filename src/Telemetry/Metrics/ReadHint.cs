namespace Slipway.Telemetry.Metrics;

/// <summary>One number for all samples of an interval of <see cref="ReadHint.Resolution"/>.</summary>
public enum SampleFold
{
    /// <summary>The samples themselves.</summary>
    None,

    /// <summary>The last sample of the interval with its own time, which may be a stale mark.</summary>
    Last,

    Count,

    Sum,

    Min,

    Max,

    /// <summary>
    /// By how much a counter rose from the last sample before the interval to the last one in it; a value lower than the one
    /// before counts as a start from zero.
    /// </summary>
    Rise,
}

/// <summary>
/// Lets a reader leave out what a question does not look at. <para/>
/// A fold is obeyed: the reader answers with one sample per interval that has samples. Intervals are open at their start and end on
/// multiples of <see cref="Resolution"/>; all folds but <see cref="SampleFold.Last"/> carry the time of that end and leave stale marks
/// out. A question whose steps and windows are multiples of the resolution gets the same answer from folds as from all samples:
/// an instant selector from Last, <c>max_over_time</c> from Max, <c>avg_over_time</c> from Sum and Count. <c>increase</c> and
/// <c>rate</c> from Rise differ slightly, since Rise knows what happened at the edges where Prometheus estimates it. <para/>
/// Windows may be obeyed: only samples in (Start + k·Step − Window, Start + k·Step] for a whole k will be looked at.
/// </summary>
public sealed record ReadHint
{
    /// <summary>Milliseconds an interval of a fold is long.</summary>
    public const long Resolution = 300_000;

    public SampleFold Fold { get; init; }

    public long Start { get; init; }

    /// <summary>0 when every sample of the range is looked at.</summary>
    public long Step { get; init; }

    public long Window { get; init; }

    /// <summary>The end of the interval a time after 1970 falls into.</summary>
    public static long EndOf(long at) => (at + Resolution - 1) / Resolution * Resolution;
}
