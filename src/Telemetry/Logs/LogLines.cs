using Slipway.Telemetry.Labels;

namespace Slipway.Telemetry.Logs;

/// <summary>A question for lines.</summary>
/// <param name="Expression">A selector with its stages; every line if empty, which only goes with a trace.</param>
/// <param name="From">Nanoseconds since 1970; belongs to the time.</param>
/// <param name="To">Nanoseconds since 1970; does not belong to it.</param>
public sealed record LogQuery(string Expression, long From, long To)
{
    public int Limit { get; init; } = 100;

    /// <summary>Newest first, and of more than the limit the newest.</summary>
    public bool Backward { get; init; } = true;

    /// <summary>Only lines of this trace: 32 hexadecimal digits.</summary>
    public string? TraceId { get; init; }
}

/// <param name="Labels">Of its stream, and those the stages found in it.</param>
public readonly record struct LogLine(LabelSet Labels, long Nanoseconds, string Line, string? TraceId);

/// <param name="Lines">In the order asked for.</param>
public sealed record LogLines(IReadOnlyList<LogLine> Lines, QueryFigures Figures);

/// <summary>What a query cost.</summary>
public sealed record QueryFigures(long Bytes, long Lines, long Blocks, long BlocksPassedOver, TimeSpan Elapsed);
