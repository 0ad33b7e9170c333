using Slipway.Telemetry.Labels;

namespace Slipway.Telemetry.Logs;

/// <summary>One line as it was written, and where it came from.</summary>
/// <param name="Stream">Few and bounded: <c>namespace</c>, <c>service</c>, <c>revision</c>, <c>instance</c>, <c>stream</c>, <c>level</c>. Ids never are labels.</param>
/// <param name="Nanoseconds">Since 1970, UTC.</param>
/// <param name="TraceId">32 hexadecimal digits, if the line carries a trace.</param>
public sealed record LogRecord(LabelSet Stream, long Nanoseconds, string Line, string? TraceId = null);

/// <summary>Takes lines. It never waits; lines for which there is no room are dropped and counted.</summary>
public interface ILogSink
{
    /// <returns>How many were taken.</returns>
    int Append(ReadOnlySpan<LogRecord> records);
}
