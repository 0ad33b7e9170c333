using Microsoft.Extensions.Logging;
using Slipway.Telemetry.Labels;
using Slipway.Telemetry.Metrics.Blocks;
using Slipway.Telemetry.Metrics.Head;
using Slipway.Telemetry.Metrics.Journal;
using Slipway.Telemetry.Metrics.Reading;

namespace Slipway.Telemetry.Metrics;

/// <summary>
/// Keeps series of samples. A sample goes into memory and into a write-ahead file, which is flushed every second; every two hours what
/// is in memory becomes a block on disk; the blocks of a day become one; blocks go when they are too old or take too much room.
/// </summary>
public sealed class MetricStore : IMetricSink, ISeriesReader, IAsyncDisposable
{
    private readonly MetricStoreOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly MemoryHead _head;
    private readonly WriteAheadJournal _journal;
    private readonly BlockShelf _shelf;
    private readonly SeriesSelection _selection;
    private readonly StoreUpkeep _upkeep;
    private long _damagedReads;

    private MetricStore(MetricStoreOptions options, Disk disk, TimeProvider time, ILogger logger, MemoryHead head, WriteAheadJournal journal, BlockShelf shelf)
    {
        (_options, _time, _logger, _head, _journal, _shelf) = (options, time, logger, head, journal, shelf);
        _selection = new SeriesSelection(head, shelf, Damaged);
        _upkeep = new StoreUpkeep(options, disk, time, logger, head, journal, shelf);
    }

    /// <summary>Reads back what was written down and not yet in a block.</summary>
    public static Task<MetricStore> OpenAsync(MetricStoreOptions options, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellation) =>
        OpenAsync(options, new Disk(), time, loggers, cancellation);

    internal static Task<MetricStore> OpenAsync(
        MetricStoreOptions options, Disk disk, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(loggers);
        options.Check();
        return Task.Run(() => Open(options, disk, time, loggers.CreateLogger<MetricStore>(), cancellation), cancellation);
    }

    private static MetricStore Open(MetricStoreOptions options, Disk disk, TimeProvider time, ILogger logger, CancellationToken cancellation)
    {
        var shelf = BlockShelf.Open(Path.Combine(options.Folder, "blocks"), options.IndexCacheBytes, logger);
        var limits = new HeadLimits(
            options.SeriesMax, options.SeriesPerSourceMax, options.MemoryBytes, options.ExemplarsMax, options.MetadataMax, (long)options.Retention.TotalMilliseconds);
        var head = new MemoryHead(limits, time);
        var folder = Path.Combine(options.Folder, "wal");
        var (generation, part, bytes) = StoreRecovery.Run(folder, shelf.Generation, head, logger, cancellation);
        var journal = new WriteAheadJournal(folder, disk, options.JournalWaitingBytes, generation, part) { FileBytes = bytes };
        head.Begin(journal, generation);
        return new MetricStore(options, disk, time, logger, head, journal, shelf);
    }

    /// <summary>Writes down, makes blocks, merges and removes them, until it is told to stop.</summary>
    public Task RunAsync(CancellationToken cancellation) => _upkeep.RunAsync(cancellation);

    public AppendCounts Append(string source, ReadOnlySpan<IncomingSample> samples) => _head.Append(source, samples);

    public void Describe(MetricMetadata metadata)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        _head.Describe(metadata);
    }

    public IReadOnlyList<SeriesSamples> Select(
        IReadOnlyList<LabelMatcher> matchers, long from, long to, long samplesMax, CancellationToken cancellation, ReadHint? hint = null)
    {
        Check(matchers, maybeNone: false);
        return _selection.Select(matchers, new Wanted(from, to, hint ?? new ReadHint()), new ReadBudget(samplesMax, cancellation));
    }

    public IReadOnlyList<LabelSet> Series(IReadOnlyList<LabelMatcher> matchers, long from, long to)
    {
        Check(matchers, maybeNone: false);
        return _selection.Series(matchers, from, to);
    }

    public IReadOnlyList<string> LabelNames(IReadOnlyList<LabelMatcher> matchers, long from, long to)
    {
        Check(matchers, maybeNone: true);
        return matchers.Count == 0
            ? _selection.Texts(null, from, to)
            : [.. _selection.Series(matchers, from, to).SelectMany(labels => labels).Select(label => label.Name).Distinct().Order(StringComparer.Ordinal)];
    }

    public IReadOnlyList<string> LabelValues(string name, IReadOnlyList<LabelMatcher> matchers, long from, long to)
    {
        ArgumentNullException.ThrowIfNull(name);
        Check(matchers, maybeNone: true);
        return matchers.Count == 0
            ? _selection.Texts(name, from, to)
            : [.. _selection.Series(matchers, from, to).Select(labels => labels[name]).Where(value => value.Length > 0).Distinct().Order(StringComparer.Ordinal)];
    }

    public IReadOnlyList<MetricMetadata> Metadata() => _head.Metadata();

    public IReadOnlyList<SeriesExemplars> Exemplars(IReadOnlyList<LabelMatcher> matchers, long from, long to)
    {
        Check(matchers, maybeNone: true);
        return [.. _head.Exemplars(from, to)
            .GroupBy(entry => entry.Series)
            .Where(series => matchers.All(matcher => matcher.Accepts(series.Key)))
            .Select(series => new SeriesExemplars(series.Key, [.. series.Select(entry => entry.Exemplar).OrderBy(exemplar => exemplar.At)]))
            .OrderBy(series => series.Labels, LabelOrder.Instance)];
    }

    /// <param name="limit">How many of the heaviest names and labels are told.</param>
    public MetricStoreStatus Status(int limit)
    {
        var (chunks, oldest, names) = (0L, long.MaxValue, _head.LabelNames().Length);
        var all = _head.All();
        _head.Visit(all, series =>
        {
            chunks += series.Chunks;
            oldest = Math.Min(oldest, series.Oldest);
        });
        var (metrics, pairs, values, bytes, sources) = _head.Heaviest(limit);
        var blocks = _shelf.Blocks;
        var inBlocks = blocks.Count == 0 ? long.MaxValue : blocks.Min(block => block.Header.First);
        return new MetricStoreStatus
        {
            Series = all.Length,
            Chunks = chunks,
            LabelNames = names,
            OldestInMemory = oldest == long.MaxValue ? 0 : oldest,
            Newest = Math.Max(0, Math.Max(_head.Newest, blocks.Count == 0 ? 0 : blocks.Max(block => block.Header.Last))),
            Oldest = Math.Min(oldest, inBlocks) is var least and < long.MaxValue ? least : 0,
            Blocks = blocks.Count,
            DiskBytes = DiskBytes,
            MemoryBytes = MemoryBytes,
            SeriesByMetric = metrics,
            SeriesByLabel = pairs,
            ValuesByLabelName = values,
            BytesByLabelName = bytes,
            SeriesBySource = sources,
        };
    }

    public int SeriesCount => _head.SeriesCount;

    public long MemoryBytes => _head.MemoryBytes;

    public long DiskBytes => _shelf.Bytes + _journal.FileBytes;

    public int BlockCount => _shelf.Blocks.Count;

    public long StoredSamples => Volatile.Read(ref _head.Counters.Stored);

    public long OutOfOrderSamples => Volatile.Read(ref _head.Counters.OutOfOrder);

    /// <summary>Older than what is kept, or more than ten minutes ahead of the clock.</summary>
    public long OutOfBoundsSamples => Volatile.Read(ref _head.Counters.OutOfBounds);

    /// <summary>Samples of series that were one too many.</summary>
    public long RefusedSamples => Volatile.Read(ref _head.Counters.Refused);

    /// <summary>Of those, the ones that were too many for their source.</summary>
    public long RefusedSamplesBySource => Volatile.Read(ref _head.Counters.RefusedBySource);

    /// <summary>Not stored for want of memory, which happens when the disk takes no blocks.</summary>
    public long DroppedSamples => Volatile.Read(ref _head.Counters.Dropped);

    /// <summary>Stored in memory alone while the disk refused; a crash before their block would have lost them.</summary>
    public long UnsecuredSamples => Volatile.Read(ref _head.Counters.Unsecured);

    public long CreatedSeries => Volatile.Read(ref _head.Counters.SeriesCreated);

    public long RemovedSeries => Volatile.Read(ref _head.Counters.SeriesRemoved);

    public long WriteFailures => _upkeep.WriteFailures;

    public long BlocksWritten => _upkeep.BlocksWritten;

    public long BlocksRemoved => _upkeep.BlocksRemoved;

    /// <summary>Series found damaged on disk by a question.</summary>
    public long DamagedReads => Volatile.Read(ref _damagedReads);

    /// <summary>For tests and benchmarks, which do not wait for the clock.</summary>
    internal StoreUpkeep Upkeep => _upkeep;

    /// <summary>Writes down what waits, if the disk lets it.</summary>
    public ValueTask DisposeAsync()
    {
        _upkeep.Secure();
        _journal.Close();
        _shelf.Close();
        return ValueTask.CompletedTask;
    }

    private void Damaged(Block block, int series)
    {
        Interlocked.Add(ref _damagedReads, series);
        MetricsLog.SeriesDamaged(_logger, series, block.Path);
    }

    private static void Check(IReadOnlyList<LabelMatcher> matchers, bool maybeNone)
    {
        ArgumentNullException.ThrowIfNull(matchers);
        if (!(maybeNone && matchers.Count == 0) && matchers.All(matcher => matcher.Accepts("")))
        {
            throw new ArgumentException("at least one matcher must refuse the empty value", nameof(matchers));
        }
    }
}
