using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Slipway.Telemetry.Labels;
using Slipway.Telemetry.Logs.Reading;
using Slipway.Telemetry.Logs.Segments;
using Slipway.Telemetry.Logs.Tailing;

namespace Slipway.Telemetry.Logs;

/// <summary>
/// Keeps lines. A line goes into a batch in memory, within a second into the journal of that batch, and with the whole batch, sorted
/// and compressed, into a segment; then the journal goes. What is in memory is found as well as what is on the disk.
/// </summary>
public sealed class LogStore : ILogSink, IAsyncDisposable
{
    private readonly LogStoreOptions _options;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly LogDisk _disk;
    private readonly StreamTable _streams;
    private readonly Tails _tails;
    private readonly List<LogBatch> _sealed = [];
    private readonly SemaphoreSlim _pass = new(1, 1);
    private LogBatch _batch;
    private long _memory;
    private bool _disposed;

    private LogStore(LogStoreOptions options, TimeProvider time, LogDisk disk)
    {
        (_options, _time, _disk) = (options, time, disk);
        _streams = new StreamTable(options, () => disk.KnownStreams);
        _tails = new Tails(options);
        _batch = new LogBatch(disk.NextSequence(), time.GetTimestamp());
    }

    /// <summary>Lines for which there was no room in memory, because the disk was full or too slow.</summary>
    public long DroppedLines { get; private set; }

    public long TakenLines { get; private set; }

    public long TakenBytes { get; private set; }

    /// <summary>Lines that were longer than a line may be; their beginning was kept.</summary>
    public long CutLines { get; private set; }

    /// <summary>Lines that went to the stream <c>overflow</c> because there were too many streams.</summary>
    public long OverflowLines => _streams.Overflowed;

    /// <summary>Lines that tailers missed because they were slow.</summary>
    public long TailDroppedLines => _tails.Dropped;

    public int Tailers => _tails.Count;

    public long WriteFailures => _disk.Failures;

    /// <summary>Bytes in files that were not what had been written, as far as they were met.</summary>
    public long DamagedBytes => _disk.Damaged;

    public long DeletedSegments => _disk.Deleted;

    public long DiskBytes => _disk.Bytes;

    public long MemoryBytes => Interlocked.Read(ref _memory);

    public int Streams => _streams.Count;

    internal LogStoreOptions Options => _options;

    /// <summary>Opens the folder and finds what was in it, however the last process ended.</summary>
    /// <exception cref="IOException">Another process has the folder open, or it cannot be written.</exception>
    public static Task<LogStore> OpenAsync(LogStoreOptions options, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(loggers);
        return Task.Run(
            () =>
            {
                var disk = LogDisk.Open(options, time, loggers.CreateLogger<LogStore>());
                try
                {
                    var store = new LogStore(options, time, disk);
                    store.Recover(cancellation);
                    return store;
                }
                catch
                {
                    disk.Dispose();
                    throw;
                }
            },
            cancellation);
    }

    private void Recover(CancellationToken cancellation)
    {
        foreach (var sequence in _disk.Journals)
        {
            cancellation.ThrowIfCancellationRequested();
            var batch = new LogBatch(sequence, _time.GetTimestamp());
            _disk.ReadJournal(batch, labels => _streams.Find(labels, Now()));
            if (batch.Count == 0)
            {
                _disk.Forget(sequence);
                continue;
            }

            batch.Journaled = batch.Count;
            _memory += batch.Cost;
            _sealed.Add(batch);
        }
    }

    /// <summary>Brings lines to the disk and keeps the bounds, until told to stop; then once more.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        using var timer = _time.CreateTimer(_ => _wake.Writer.TryWrite(true), null, _options.FlushEvery, _options.FlushEvery);
        try
        {
            await foreach (var _ in _wake.Reader.ReadAllAsync(cancellation).ConfigureAwait(false))
            {
                await SettleAsync(CancellationToken.None).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            await SettleAsync(CancellationToken.None).ConfigureAwait(false);
        }
    }

    public int Append(ReadOnlySpan<LogRecord> records)
    {
        var taken = 0;
        bool urgent;
        lock (_gate)
        {
            var now = Now();
            foreach (var record in records)
            {
                taken += Take(record, now) ? 1 : 0;
            }

            urgent = _sealed.Count > 0;
            TakenLines += taken;
            DroppedLines += records.Length - taken;
        }

        if (urgent)
        {
            _wake.Writer.TryWrite(true);
        }

        return taken;
    }

    private bool Take(LogRecord record, long now)
    {
        var line = record.Line.AsSpan();
        if (_disposed || _memory + Math.Min(line.Length, _options.LineBytesMax) + LogBatch.EntryCost > _options.MemoryBytesMax)
        {
            return false;
        }

        // A batch is closed before a line that could make it too large, not after. Where memory is scarce batches are small, so that
        // it is given back in time.
        if (_batch.Count > 0 && _batch.Cost + line.Length > Math.Min(_options.BatchBytes, _options.MemoryBytesMax / 4))
        {
            Seal();
        }

        var stream = _streams.Find(record.Stream, now);
        var length = LineText.Write(line, _batch, _options.LineBytesMax, out var cut);
        _batch.Add(stream, record.Nanoseconds, length, TraceDigits.Read(record.TraceId));
        _memory += length + LogBatch.EntryCost;
        TakenBytes += length;
        CutLines += cut ? 1 : 0;
        _tails.Offer(record, stream.Labels);
        return true;
    }

    private void Seal()
    {
        _sealed.Add(_batch);
        _batch = new LogBatch(_disk.NextSequence(), _time.GetTimestamp());
    }

    /// <summary>One round of what <see cref="RunAsync"/> does: when it returns, all lines taken before are on the disk, if it took them.</summary>
    internal async Task SettleAsync(CancellationToken cancellation)
    {
        await _pass.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            await Task.Run(Settle, cancellation).ConfigureAwait(false);
        }
        finally
        {
            _pass.Release();
        }
    }

    private void Settle()
    {
        List<LogBatch> waiting;
        LogBatch current;
        lock (_gate)
        {
            if (_batch.Count > 0 && _time.GetElapsedTime(_batch.OpenedAt) >= _options.BatchAge)
            {
                Seal();
            }

            waiting = [.. _sealed];
            current = _batch;
        }

        var written = waiting.TrueForAll(Journal) && Journal(current);
        foreach (var batch in waiting)
        {
            // Memory is given back batch by batch, since new lines wait for it.
            if (!written || !_disk.Write(batch.Picture(), heads => Publish(batch, heads)))
            {
                break;
            }
        }

        _disk.KeepBounds(Now());
    }

    /// <summary>What is on the disk already is not written twice, whatever happened in between.</summary>
    private bool Journal(LogBatch batch)
    {
        BatchPicture picture;
        lock (_gate)
        {
            picture = batch.Picture();
        }

        if (batch.Journaled == picture.Count)
        {
            return true;
        }

        if (!_disk.Journal(picture, batch.Journaled))
        {
            return false;
        }

        batch.Journaled = picture.Count;
        return true;
    }

    private void Publish(LogBatch batch, Action show)
    {
        lock (_gate)
        {
            show();
            _sealed.Remove(batch);
            _memory -= batch.Cost;
        }
    }

    /// <summary>All there is at this moment: what is in memory, and what is in segments.</summary>
    internal StorePicture Picture()
    {
        lock (_gate)
        {
            var batches = new List<BatchPicture>(_sealed.Count + 1);
            foreach (var batch in _sealed)
            {
                batches.Add(batch.Picture());
            }

            if (_batch.Count > 0)
            {
                batches.Add(_batch.Picture());
            }

            return new StorePicture(batches, _disk.Segments());
        }
    }

    internal void Met(DamagedException damage, long bytes) => _disk.Met(damage, bytes);

    /// <summary>Lines as they come; null if there are as many tailers as there may be.</summary>
    internal LogTail? Tail(Func<LabelSet, bool> wanted) => _tails.Open(wanted);

    /// <summary>Milliseconds since 1970.</summary>
    private long Now() => _time.GetUtcNow().ToUnixTimeMilliseconds();

    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        await SettleAsync(CancellationToken.None).ConfigureAwait(false);
        lock (_gate)
        {
            _disposed = true;
        }

        _wake.Writer.TryComplete();
        _tails.Dispose();
        _disk.Dispose();
        _pass.Dispose();
    }
}
