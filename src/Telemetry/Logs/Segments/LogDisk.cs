using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Slipway.Telemetry.Labels;

namespace Slipway.Telemetry.Logs.Segments;

/// <summary>
/// The folder: segments and journals, named by the first batch in them. Written by one at a time. What cannot be written is left for
/// the next round; whoever calls hears only that it was not possible.
/// </summary>
internal sealed class LogDisk : IDisposable
{
    private const string JournalExtension = ".journal";

    private readonly LogStoreOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly FileStream _lock;
    private readonly SortedDictionary<long, LogFile> _journals = [];
    private readonly ConcurrentDictionary<LabelSet, LabelSet> _known = [];
    private readonly BlockWriter _blocks = new();
    private readonly ByteWriter _output = new(1 << 20);
    private LogSegment[] _segments = [];
    private long _sequence;
    private bool _failing;
    private int _knownCount;

    private LogDisk(LogStoreOptions options, TimeProvider time, ILogger logger, FileStream folderLock) =>
        (_options, _time, _logger, _lock) = (options, time, logger, folderLock);

    public int KnownStreams => Volatile.Read(ref _knownCount);

    public long Failures { get; private set; }

    public long Damaged { get; private set; }

    public long Deleted { get; private set; }

    public long Bytes => Volatile.Read(ref _segments).Sum(segment => segment.Bytes) + JournalBytes;

    private long JournalBytes { get; set; }

    /// <summary>Batches that were not yet in a segment when the last process ended.</summary>
    public IReadOnlyList<long> Journals => [.. _journals.Keys];

    public static LogDisk Open(LogStoreOptions options, TimeProvider time, ILogger logger)
    {
        Directory.CreateDirectory(options.Folder);
        var folderLock = new FileStream(Path.Combine(options.Folder, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        var disk = new LogDisk(options, time, logger, folderLock);
        try
        {
            disk.OpenFiles();
            return disk;
        }
        catch
        {
            disk.Dispose();
            throw;
        }
    }

    private void OpenFiles()
    {
        var paths = Directory.GetFiles(_options.Folder, "*" + LogSegment.Extension);
        Array.Sort(paths, StringComparer.Ordinal);
        var segments = new List<LogSegment>();
        var batches = new HashSet<long>();
        foreach (var path in paths)
        {
            var segment = LogSegment.Open(path, path == paths[^1], _time.GetTimestamp(), Intern, _options.Writing);
            segments.Add(segment);
            foreach (var head in segment.Heads)
            {
                batches.Add(head.Batch);
                _sequence = Math.Max(_sequence, head.Batch);
            }

            if (segment.Damaged > 0)
            {
                Damaged += segment.Damaged;
                LogStoreLog.Damaged(_logger, path, segment.Damaged);
            }

            _sequence = Math.Max(_sequence, NumberOf(path));
        }

        _segments = [.. segments];
        foreach (var path in Directory.GetFiles(_options.Folder, "*" + JournalExtension))
        {
            var sequence = NumberOf(path);
            _sequence = Math.Max(_sequence, sequence);
            if (sequence == 0 || batches.Contains(sequence))
            {
                File.Delete(path);
            }
            else
            {
                _journals.Add(sequence, LogFile.Open(path, _options.Writing));
            }
        }
    }

    private static long NumberOf(string path) =>
        long.TryParse(Path.GetFileNameWithoutExtension(path), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    private string PathOf(long sequence, string extension) =>
        Path.Combine(_options.Folder, sequence.ToString("D16", CultureInfo.InvariantCulture) + extension);

    private LabelSet Intern(LabelSet labels)
    {
        if (_known.TryGetValue(labels, out var known))
        {
            return known;
        }

        _known[labels] = labels;
        Volatile.Write(ref _knownCount, _knownCount + 1);
        return labels;
    }

    public long NextSequence() => Interlocked.Increment(ref _sequence);

    public LogSegment[] Segments() => Volatile.Read(ref _segments);

    public void ReadJournal(LogBatch batch, Func<LabelSet, LogStream> streamOf)
    {
        var file = _journals[batch.Sequence];
        var torn = LogJournal.Read(file, batch, streamOf);
        if (torn > 0)
        {
            Damaged += torn;
            LogStoreLog.Damaged(_logger, file.Path, torn);
            file.Cut(file.Length - torn);
        }
    }

    /// <summary>Appends the entries from <paramref name="first"/> on to the journal of their batch.</summary>
    public bool Journal(BatchPicture batch, int first) => Try(() =>
    {
        if (!_journals.TryGetValue(batch.Sequence, out var file))
        {
            file = LogFile.Create(PathOf(batch.Sequence, JournalExtension), _options.Writing);
            _journals.Add(batch.Sequence, file);
        }

        LogJournal.WriteFrame(_output, batch, first);
        var length = file.Length;
        file.Append(_output.Written);
        try
        {
            file.Flush();
        }
        catch (IOException)
        {
            file.Cut(length);
            throw;
        }

        JournalBytes = _journals.Values.Sum(journal => journal.Length);
    });

    /// <summary>Writes a batch to the last segment, and after that forgets its journal.</summary>
    /// <param name="batch">All of it.</param>
    /// <param name="publish">Lets readers see the blocks instead of the batch: both at once, by the action it is given.</param>
    public bool Write(BatchPicture batch, Action<Action> publish)
    {
        var written = Try(() =>
        {
            var segment = WritableSegment(batch.Sequence);
            _output.Clear();
            var heads = _blocks.Write(batch, _options.BlockBytes, _output);
            foreach (var head in heads)
            {
                for (var index = 0; index < head.Streams.Length; index++)
                {
                    head.Streams[index] = head.Streams[index] with { Labels = Intern(head.Streams[index].Labels) };
                }
            }

            segment.Write(_output, heads);
            publish(() => segment.Add(heads));
        });
        return written && Try(() => Forget(batch.Sequence));
    }

    private LogSegment WritableSegment(long sequence)
    {
        if (_segments.Length > 0 && _segments[^1] is var last && last.Bytes < _options.SegmentBytes
            && _time.GetElapsedTime(last.OpenedAt) < _options.SegmentAge)
        {
            return last;
        }

        var segment = LogSegment.Create(PathOf(sequence, LogSegment.Extension), _time.GetTimestamp(), _options.Writing);
        Volatile.Write(ref _segments, [.. _segments, segment]);
        return segment;
    }

    public void Forget(long sequence)
    {
        if (_journals.Remove(sequence, out var file))
        {
            file.Dispose();
            File.Delete(file.Path);
            JournalBytes = _journals.Values.Sum(journal => journal.Length);
        }
    }

    /// <summary>
    /// Deletes the oldest segments. What is too old is told by the lines themselves as well as by the clock, so that a clock which
    /// jumps ahead takes nothing away; the newest segment stays in any case.
    /// </summary>
    /// <param name="now">Milliseconds since 1970.</param>
    public void KeepBounds(long now)
    {
        var newest = _segments.Length == 0 ? 0 : _segments.Max(segment => segment.To);
        var oldest = Math.Min(newest, now * 1_000_000) - (long)_options.Retention.TotalNanoseconds;
        while (_segments.Length > 1)
        {
            var expired = Array.Find(_segments[..^1], segment => segment.To < oldest);
            var reason = expired is null ? "the disk space for logs is used up" : "its lines are older than they are kept";
            var victim = expired ?? (Bytes > _options.DiskBytesMax ? _segments[0] : null);
            if (victim is null)
            {
                break;
            }

            Volatile.Write(ref _segments, [.. _segments.Where(segment => segment != victim)]);
            LogStoreLog.Deleted(_logger, victim.Path, victim.Bytes, reason);
            Deleted++;
            ForgetStreams();
            if (!Try(victim.Delete))
            {
                break;
            }
        }
    }

    private void ForgetStreams()
    {
        var used = new HashSet<LabelSet>();
        foreach (var segment in _segments)
        {
            foreach (var head in segment.Heads)
            {
                foreach (var stream in head.Streams)
                {
                    used.Add(stream.Labels);
                }
            }
        }

        foreach (var labels in _known.Keys)
        {
            if (!used.Contains(labels))
            {
                _known.TryRemove(labels, out _);
            }
        }

        Volatile.Write(ref _knownCount, _known.Count);
    }

    public void Met(DamagedException damage, long bytes)
    {
        Damaged += bytes;
        LogStoreLog.DamageMet(_logger, damage.Message);
    }

    private bool Try(Action action)
    {
        try
        {
            action();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Failures++;
            if (!_failing)
            {
                LogStoreLog.WriteFailed(_logger, failure, _options.Folder);
            }

            _failing = true;
            return false;
        }

        if (_failing)
        {
            LogStoreLog.WriteWorks(_logger, _options.Folder);
        }

        _failing = false;
        return true;
    }

    public void Dispose()
    {
        foreach (var journal in _journals.Values)
        {
            journal.Dispose();
        }

        foreach (var segment in _segments)
        {
            segment.Dispose();
        }

        _lock.Dispose();
    }
}
