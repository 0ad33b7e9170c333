namespace Slipway.Runtime.Logs;

/// <summary>How much of what instances write is kept, and how fast. Everything here is a bound; what exceeds it is dropped and said so.</summary>
public sealed record LogLimits
{
    /// <summary>One file of the log of one instance.</summary>
    public long SegmentBytes { get; init; } = 8L << 20;

    /// <summary>Files per instance; the oldest is dropped.</summary>
    public int SegmentsMax { get; init; } = 4;

    /// <summary>Longer lines are kept in pieces.</summary>
    public int LineBytesMax { get; init; } = 16 << 10;

    /// <summary>How often new output is looked for.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Read per stream and look: 5 MiB a second at most.</summary>
    public int StreamBytesPerLook { get; init; } = 512 << 10;

    /// <summary>Read per look over all instances, so that a hundred floods cost no more than a few.</summary>
    public int TotalBytesPerLook { get; init; } = 2 << 20;

    /// <summary>A stream that is further behind than this is dropped up to its last <see cref="BacklogKeptBytes"/>.</summary>
    public long BacklogBytesMax { get; init; } = 8L << 20;

    public long BacklogKeptBytes { get; init; } = 64 << 10;

    /// <summary>At most one line about dropped output per stream and this time.</summary>
    public TimeSpan DropNoticeEvery { get; init; } = TimeSpan.FromSeconds(10);
}
