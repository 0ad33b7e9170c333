using Microsoft.Extensions.Logging;
using Slipway.Telemetry.Metrics.Blocks;
using Slipway.Telemetry.Metrics.Chunks;
using Slipway.Telemetry.Metrics.Head;
using Slipway.Telemetry.Metrics.Journal;
using Slipway.Telemetry.Metrics.Reading;

namespace Slipway.Telemetry.Metrics;

/// <summary>What the store does beside taking samples: one loop writes down every second, another looks after the blocks.</summary>
internal sealed class StoreUpkeep(
    MetricStoreOptions options, Disk disk, TimeProvider time, ILogger logger, MemoryHead head, WriteAheadJournal journal, BlockShelf shelf)
{
    private static readonly TimeSpan s_beat = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(10);

    /// <summary>Write-ahead files longer than this are turned into a block early: reading them back would take too long.</summary>
    private readonly long _journalBytesMax = Math.Min(512L << 20, options.DiskBytes / 4);

    private const long CrowdedMilliseconds = 600_000;

    private const int ManySeries = 20_000;

    private readonly SampleBuffer _buffer = new();
    private List<HeadSeries>? _frozen;
    private long _frozenGeneration;
    private bool _refusing;
    private long _writeFailures;
    private long _blocksWritten;
    private long _blocksRemoved;

    public long WriteFailures => Volatile.Read(ref _writeFailures);

    public long BlocksWritten => Volatile.Read(ref _blocksWritten);

    public long BlocksRemoved => Volatile.Read(ref _blocksRemoved);

    public async Task RunAsync(CancellationToken cancellation)
    {
        // Each loop has a thread's worth of waiting for the disk to do; neither holds up the other. One that fails takes the other with
        // it: whoever runs the store shall see that it no longer does what it should.
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        await Task.WhenAll(
            Task.Run(() => RepeatAsync(() => Secure() ? s_beat : TimeSpan.FromSeconds(1), either), CancellationToken.None),
            Task.Run(() => RepeatAsync(() => Maintain(either.Token) ? s_beat : s_pause, either), CancellationToken.None));
    }

    /// <summary>Has the disk confirm everything that was appended before.</summary>
    public bool Secure()
    {
        try
        {
            journal.Write(head.Gate);
            if (_refusing)
            {
                _refusing = false;
                MetricsLog.WriteResumed(logger);
            }

            return true;
        }
        catch (Exception refused) when (Disk.Refused(refused))
        {
            Interlocked.Increment(ref _writeFailures);
            if (!_refusing)
            {
                _refusing = true;
                MetricsLog.WriteFailed(logger, refused);
            }

            return false;
        }
    }

    /// <summary>Makes a block if one is due, merges, removes.</summary>
    public bool Maintain(CancellationToken cancellation)
    {
        try
        {
            if (_frozen is not null || CutDue())
            {
                Cut(cancellation);
            }

            Merge(cancellation);
            Retain();
            return true;
        }
        catch (Exception refused) when (Disk.Refused(refused) || refused is InvalidDataException)
        {
            Interlocked.Increment(ref _writeFailures);
            MetricsLog.MaintenanceFailed(logger, refused);

            // Room may be what is missing, and removing what is too old needs none.
            try
            {
                Retain();
            }
            catch (Exception again) when (Disk.Refused(again))
            {
                MetricsLog.MaintenanceFailed(logger, again);
            }

            return false;
        }
    }

    /// <summary>Makes a block of all that is in memory.</summary>
    /// <exception cref="IOException">The disk refused. The samples stay in memory and in the journal; the next attempt takes them up.</exception>
    public void Cut(CancellationToken cancellation)
    {
        if (_frozen is null)
        {
            _frozenGeneration = head.Generation;
            head.NextGeneration();
            _frozen = head.Freeze();
        }

        if (_frozen.Count > 0)
        {
            _frozen.Sort((one, other) => LabelOrder.Instance.Compare(one.Labels, other.Labels));
            var number = shelf.NextNumber;
            using (var writer = new BlockWriter(disk, shelf.PathOf(number) + BlockFolder.Pending))
            {
                foreach (var some in _frozen.Chunk(256))
                {
                    cancellation.ThrowIfCancellationRequested();
                    Write(writer, some);
                }

                writer.Publish(shelf.PathOf(number), _frozenGeneration, []);
            }

            var block = shelf.Open(number);
            head.Hand(() => shelf.Add(block, []));
            Interlocked.Increment(ref _blocksWritten);
            MetricsLog.BlockWritten(logger, block.Header.Series, block.Header.Samples, block.Bytes);
            if (block.Header.Series > ManySeries)
            {
                // The index of so many series was built from arrays of many megabytes, which the collector would not miss for long.
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Optimized, blocking: false);
            }
        }

        _frozen = null;
        head.Thaw();
        journal.Forget(_frozenGeneration);
    }

    public void Merge(CancellationToken cancellation)
    {
        while (BlockMerging.Decide(shelf.Blocks, (long)options.MergedLength.TotalMilliseconds) is { Count: > 0 } blocks)
        {
            var number = shelf.NextNumber;
            using (var writer = new BlockWriter(disk, shelf.PathOf(number) + BlockFolder.Pending))
            {
                BlockMerging.Merge(blocks, writer, block => MetricsLog.SeriesDamaged(logger, 1, block.Path), cancellation);
                writer.Publish(shelf.PathOf(number), blocks.Max(block => block.Header.Generation), [.. blocks.Select(block => block.Number)]);
            }

            shelf.Add(shelf.Open(number), blocks);
            shelf.Discard(blocks);
        }
    }

    public void Retain()
    {
        var blocks = shelf.Blocks;
        var weights = blocks.Select(block => new BlockWeight(block.Number, block.Header.Last, block.Bytes)).ToList();
        foreach (var (number, reason) in BlockRetention.Decide(
            weights, Now(), (long)options.Retention.TotalMilliseconds, journal.FileBytes, options.DiskBytes))
        {
            var block = blocks.First(block => block.Number == number);
            shelf.Remove(block);
            Interlocked.Increment(ref _blocksRemoved);
            MetricsLog.BlockRemoved(logger, reason, block.Path);
        }
    }

    private bool CutDue()
    {
        if (head.GenerationSamples == 0)
        {
            return false;
        }

        var length = (long)options.BlockLength.TotalMilliseconds;
        var now = Now();
        return now / length != head.GenerationStart / length
            || (head.MemoryBytes > options.MemoryBytes / 4 * 3 && head.ChunkBytes > options.MemoryBytes / 8)
            || journal.FileBytes > _journalBytesMax
            || journal.HasGaps
            || (head.Crowded && Math.Abs(now - head.GenerationStart) > CrowdedMilliseconds);
    }

    private void Write(BlockWriter writer, HeadSeries[] some)
    {
        var copies = new List<InMemory>(some.Length);
        head.Visit(some, series => copies.Add(new InMemory(series, [.. series.Frozen], frozen: true)));
        foreach (var copy in copies)
        {
            var samples = copy.All(_buffer).Span;
            writer.Add(copy.Series.Labels, copy.Series.Fingerprint, samples, copy.Series.CarriedInto(samples[0].Value, frozen: true));
        }
    }

    private async Task RepeatAsync(Func<TimeSpan> act, CancellationTokenSource stopping)
    {
        try
        {
            while (!stopping.IsCancellationRequested)
            {
                await Task.Delay(act(), time, stopping.Token);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // This is how it ends.
        }
        finally
        {
            await stopping.CancelAsync();
        }
    }

    private long Now() => time.GetUtcNow().ToUnixTimeMilliseconds();
}
