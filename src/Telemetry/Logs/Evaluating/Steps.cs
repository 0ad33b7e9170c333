namespace Slipway.Telemetry.Logs.Evaluating;

/// <summary>The moments an expression is evaluated at: milliseconds, both ends among them.</summary>
internal readonly record struct Steps(long From, long Step, int Count)
{
    public long this[int index] => From + (index * Step);

    /// <summary>The moments whose window, which ends with them, holds a line of this time.</summary>
    /// <param name="nanoseconds">Of the line.</param>
    /// <param name="range">How long the window is, in nanoseconds; its beginning does not belong to it.</param>
    /// <param name="offset">How far behind the moment it ends.</param>
    /// <param name="first">The first such moment.</param>
    /// <param name="last">The last; before the first if there is none.</param>
    public void Holding(long nanoseconds, long range, long offset, out int first, out int last)
    {
        var step = Step * 1_000_000;
        var since = nanoseconds + offset - (From * 1_000_000);

        // moment >= line, so round up; moment < line + range, so round down what lies just before.
        first = (int)Math.Clamp(since <= 0 ? 0 : ((since - 1) / step) + 1, 0, Count);
        var end = since + range - 1;
        last = (int)Math.Clamp(end < 0 ? -1 : end / step, -1, Count - 1);
    }
}
