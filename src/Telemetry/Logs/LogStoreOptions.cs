namespace Slipway.Telemetry.Logs;

/// <summary>The bounds of a <see cref="LogStore"/>. What is beyond one of them is counted, and nobody waits for it.</summary>
public sealed record LogStoreOptions
{
    public required string Folder { get; init; }

    public TimeSpan Retention { get; init; } = TimeSpan.FromDays(15);

    public long DiskBytesMax { get; init; } = 4L << 30;

    /// <summary>Lines in memory, whether they wait for the disk or for their block to be full.</summary>
    public long MemoryBytesMax { get; init; } = 64L << 20;

    /// <summary>Streams that got a line within the last hour; lines of further ones go to the stream <c>overflow</c>.</summary>
    public int ActiveStreamsMax { get; init; } = 10_000;

    /// <summary>Streams the files know, over all the time that is kept.</summary>
    public int KnownStreamsMax { get; init; } = 200_000;

    public int LineBytesMax { get; init; } = 1 << 20;

    /// <summary>How often lines get to the disk. Half of the second that may be lost, so that a busy machine has time to spare.</summary>
    public TimeSpan FlushEvery { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Lines gather in memory and in a journal until there are enough of them to be worth compressing.</summary>
    public int BatchBytes { get; init; } = 4 << 20;

    public TimeSpan BatchAge { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>What is read and decompressed at once.</summary>
    public int BlockBytes { get; init; } = 512 << 10;

    public long SegmentBytes { get; init; } = 64L << 20;

    public TimeSpan SegmentAge { get; init; } = TimeSpan.FromHours(12);

    public int TailersMax { get; init; } = 32;

    /// <summary>Lines that wait for one tailer; the oldest are dropped and counted.</summary>
    public int TailLinesMax { get; init; } = 4_096;

    public int TailBytesMax { get; init; } = 1 << 20;

    /// <summary>Told before bytes go to the disk, and how many. Tests let the disk be full here.</summary>
    internal Action<int>? Writing { get; init; }
}
