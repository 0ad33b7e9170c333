namespace Slipway.Telemetry.Logs;

/// <summary>What one query may use.</summary>
public sealed record LogQlOptions
{
    /// <summary>Bytes of lines, unpacked.</summary>
    public long BytesMax { get; init; } = 2L << 30;

    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    public int LinesMax { get; init; } = 5_000;

    /// <summary>Bytes of the lines of one answer.</summary>
    public long AnswerBytesMax { get; init; } = 64L << 20;

    public int SeriesMax { get; init; } = 5_000;

    /// <summary>Series times steps of one answer.</summary>
    public int CellsMax { get; init; } = 4_000_000;

    public int StepsMax { get; init; } = 11_000;

    /// <summary>Values taken out of lines by <c>unwrap</c>, which are kept until all lines are read.</summary>
    public int ValuesMax { get; init; } = 2_000_000;

    /// <summary>Queries at a time; others wait a moment for their turn.</summary>
    public int QueriesMax { get; init; } = 4;

    public int ExpressionLengthMax { get; init; } = 16 << 10;
}
