using Microsoft.Win32.SafeHandles;
using Slipway.Telemetry.Labels;
using Slipway.Telemetry.Metrics.Head;

namespace Slipway.Telemetry.Metrics.Journal;

/// <summary>
/// What is in memory, on disk as it came, for the time until a block has it. Records gather in memory under the lock of the head and
/// are written and flushed by one thread without it. A generation has files of its own and says anew what its series are, so that all
/// files of a generation can go when its block is there. <para/>
/// While the disk refuses, records wait; what comes when there is no room for waiting is not written down, and
/// <see cref="HasGaps"/> tells that only a new generation can be read back whole.
/// </summary>
internal sealed class WriteAheadJournal(string folder, Disk disk, int waitingBytesMax, long generation, int part)
{
    public const byte SeriesRecord = 1;
    public const byte SamplesRecord = 2;
    public const byte MetadataRecord = 3;
    public const byte ExemplarRecord = 4;

    private const int PartBytesMax = 32 << 20;
    private const int SamplesPerRecord = 4_096;

    private readonly Queue<(long Generation, RecordBuffer Records)> _rotated = new();
    private readonly Lock _writing = new();
    private RecordBuffer _records = new();
    private RecordBuffer? _spare = new();
    private long _generation = generation;
    private long _rotatedBytes;

    private SafeFileHandle? _file;
    private long _fileGeneration = generation;
    private int _part = part;
    private long _written;
    private (long Generation, RecordBuffer Records)? _unwritten;

    private long _forgotten = -1;
    private int _samples;
    private uint _id;
    private long _at;

    public bool HasGaps { get; private set; }

    /// <summary>Of the files of all generations that are still needed.</summary>
    public long FileBytes { get; set; }

    public int Waiting => _records.Length;

    private bool IsFull => _rotatedBytes + _records.Length > waitingBytesMax;

    // Under the lock of the head.

    public void Introduce(HeadSeries series)
    {
        EndSamples();
        if (IsFull)
        {
            HasGaps = true;
            return;
        }

        _records.Begin(SeriesRecord);
        _records.Unsigned(series.Id);
        _records.Text(series.Source.Name);
        _records.Unsigned((ulong)series.Labels.Count);
        foreach (var (name, value) in series.Labels)
        {
            _records.Text(name);
            _records.Text(value);
        }

        _records.End();
    }

    public void Add(uint id, long at, double value)
    {
        if (_samples == 0)
        {
            if (IsFull)
            {
                HasGaps = true;
                return;
            }

            _records.Begin(SamplesRecord);
            (_id, _at) = (0, 0);
        }

        var whole = (long)value;
        var isWhole = whole == value && whole is > -(1L << 53) and < 1L << 53 && !(whole == 0 && double.IsNegative(value));
        _records.Signed((((long)id - _id) << 1) | (isWhole ? 1L : 0L));
        _records.Signed(at - _at);
        if (isWhole)
        {
            _records.Signed(whole);
        }
        else
        {
            _records.Double(value);
        }

        (_id, _at) = (id, at);
        if (++_samples == SamplesPerRecord)
        {
            EndSamples();
        }
    }

    public void EndSamples()
    {
        if (_samples > 0)
        {
            _records.End();
            _samples = 0;
        }
    }

    public void Add(uint id, Exemplar exemplar)
    {
        EndSamples();
        if (IsFull)
        {
            return;
        }

        _records.Begin(ExemplarRecord);
        _records.Unsigned(id);
        _records.Signed(exemplar.At);
        _records.Double(exemplar.Value);
        _records.Unsigned((ulong)exemplar.Labels.Count);
        foreach (var (name, value) in exemplar.Labels)
        {
            _records.Text(name);
            _records.Text(value);
        }

        _records.End();
    }

    public void Add(MetricMetadata metadata)
    {
        EndSamples();
        if (IsFull)
        {
            return;
        }

        _records.Begin(MetadataRecord);
        _records.Text(metadata.Metric);
        _records.Text(metadata.Kind);
        _records.Text(metadata.Help);
        _records.Text(metadata.Unit);
        _records.End();
    }

    /// <summary>What comes from now on belongs to the next generation.</summary>
    public void Rotate(long generation)
    {
        EndSamples();
        _rotatedBytes += _records.Length;
        _rotated.Enqueue((_generation, _records));
        _records = _spare ?? new RecordBuffer();
        _spare = null;
        _generation = generation;
        HasGaps = false;
    }

    // On the writing thread.

    /// <summary>Writes down what waits and has the disk confirm it.</summary>
    /// <param name="gate">The lock of the head; it is held for an exchange of two references.</param>
    /// <exception cref="IOException">The disk refused; what was not written waits on.</exception>
    public void Write(Lock gate)
    {
        lock (_writing)
        {
            while (_unwritten is not null || Take(gate))
            {
                var (generation, records) = _unwritten!.Value;
                if (generation > _forgotten)
                {
                    WriteTo(generation, records.Written.Span);
                }

                lock (gate)
                {
                    _rotatedBytes -= records.Length;
                    records.Clear();
                    _spare ??= records;
                }

                _unwritten = null;
            }
        }
    }

    /// <summary>Removes the files of generations that are in a block.</summary>
    public void Forget(long through)
    {
        lock (_writing)
        {
            _forgotten = through;
            if (_fileGeneration <= through)
            {
                _file?.Dispose();
                _file = null;
            }

            var left = 0L;
            foreach (var (path, generation, _) in JournalFiles.In(folder))
            {
                if (generation <= through)
                {
                    File.Delete(path);
                }
                else
                {
                    left += new FileInfo(path).Length;
                }
            }

            FileBytes = left;
        }
    }

    public void Close()
    {
        lock (_writing)
        {
            _file?.Dispose();
            _file = null;
        }
    }

    private bool Take(Lock gate)
    {
        lock (gate)
        {
            EndSamples();
            if (_rotated.TryDequeue(out var rotated))
            {
                _unwritten = rotated;
            }
            else if (_records.Length > 0)
            {
                _rotatedBytes += _records.Length;
                _unwritten = (_generation, _records);
                _records = _spare ?? new RecordBuffer();
                _spare = null;
            }

            return _unwritten is not null;
        }
    }

    private void WriteTo(long generation, ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return;
        }

        if (_file is null || _fileGeneration != generation || _written > PartBytesMax)
        {
            _file?.Dispose();
            _file = null;
            _part = _fileGeneration == generation ? _part + 1 : 0;
            _fileGeneration = generation;
            disk.CreateFolder(folder);
            _file = disk.Create(JournalFiles.Path(folder, generation, _part));
            _written = 0;
            disk.SyncFolder(folder);
        }

        // A refused write is tried again at the same place, so that half a record never stands before a whole one.
        disk.Write(_file, bytes, _written);
        disk.Sync(_file);
        _written += bytes.Length;
        FileBytes += bytes.Length;
    }
}
