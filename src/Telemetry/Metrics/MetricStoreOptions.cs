namespace Slipway.Telemetry.Metrics;

public sealed record MetricStoreOptions
{
    /// <summary>Belongs to one store at a time.</summary>
    public required string Folder { get; init; }

    /// <summary>Blocks whose newest sample is older than this go.</summary>
    public TimeSpan Retention { get; init; } = TimeSpan.FromDays(15);

    /// <summary>For blocks and the write-ahead files together; the oldest block goes first.</summary>
    public long DiskBytes { get; init; } = 2L << 30;

    /// <summary>For what no block has yet. A block is made early when three quarters are in use; when all is in use samples are dropped.</summary>
    public long MemoryBytes { get; init; } = 192L << 20;

    public int SeriesMax { get; init; } = 100_000;

    public int SeriesPerSourceMax { get; init; } = 20_000;

    /// <summary>The newest ones are kept.</summary>
    public int ExemplarsMax { get; init; } = 10_000;

    /// <summary>Metrics whose kind and meaning are remembered.</summary>
    public int MetadataMax { get; init; } = 20_000;

    /// <summary>How long a block is when nothing forces it to be made early.</summary>
    public TimeSpan BlockLength { get; init; } = TimeSpan.FromHours(2);

    /// <summary>Blocks of this time are brought together when it has passed.</summary>
    public TimeSpan MergedLength { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Indexes of blocks kept in memory after they were read.</summary>
    public long IndexCacheBytes { get; init; } = 32L << 20;

    /// <summary>Records that wait for the disk; what comes when there is no room is in memory alone until the next block.</summary>
    public int JournalWaitingBytes { get; init; } = 16 << 20;

    /// <exception cref="ArgumentException">A value makes no sense.</exception>
    public void Check()
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(Folder);
        Require(Retention > TimeSpan.Zero, "Retention must be longer than nothing");
        Require(DiskBytes >= 16 << 20, "DiskBytes must be at least 16 MiB");
        Require(MemoryBytes >= 1 << 20, "MemoryBytes must be at least 1 MiB");
        Require(SeriesMax > 0 && SeriesPerSourceMax > 0, "SeriesMax and SeriesPerSourceMax must be at least 1");
        Require(JournalWaitingBytes >= 64 << 10, "JournalWaitingBytes must be at least 64 KiB");
        Require(ExemplarsMax >= 0 && MetadataMax >= 0 && IndexCacheBytes >= 0, "ExemplarsMax, MetadataMax and IndexCacheBytes must not be negative");
        Require(BlockLength >= TimeSpan.FromMinutes(5) && MergedLength >= BlockLength, "BlockLength must be at least 5 minutes and MergedLength at least as long");

        static void Require(bool holds, string message)
        {
            if (!holds)
            {
                throw new ArgumentException(message);
            }
        }
    }
}
