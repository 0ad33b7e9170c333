using Slipway.Telemetry.Labels;

namespace Slipway.Telemetry.Logs.Segments;

/// <summary>A stream that is written to now. Its number orders lines in blocks; it means nothing beyond this process.</summary>
internal sealed class LogStream(LabelSet labels, int number)
{
    public LabelSet Labels => labels;

    public int Number => number;

    /// <summary>By the clock, not by what its lines say.</summary>
    public long LastUsed { get; set; }
}

internal readonly record struct LogEntry(LogStream Stream, long Nanoseconds, int Start, int Length, UInt128 Trace);
