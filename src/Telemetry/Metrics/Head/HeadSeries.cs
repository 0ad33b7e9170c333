using Slipway.Telemetry.Labels;
using Slipway.Telemetry.Metrics.Chunks;
using Slipway.Telemetry.Metrics.Reading;

namespace Slipway.Telemetry.Metrics.Head;

/// <summary>
/// A series that is being written, with what no block has yet. Every access is under the lock of the head. The samples of a
/// generation, which is the time between two cuts, are frozen when the next one begins, and let go when their block is on disk.
/// </summary>
internal sealed class HeadSeries(uint id, LabelSet labels, UInt128 fingerprint, SourceTally source)
{
    private readonly ChunkWriter _open = new();
    private readonly List<Chunk> _closed = [];
    private double _lastValue;
    private double _beforeGeneration;
    private double _beforeFrozen;

    public uint Id { get; } = id;

    public LabelSet Labels { get; } = labels;

    public UInt128 Fingerprint { get; } = fingerprint;

    public SourceTally Source { get; } = source;

    /// <summary>Of the samples that are not frozen.</summary>
    public long Generation { get; private set; } = -1;

    /// <summary>The last generation whose journal says what this series is.</summary>
    public long Introduced { get; set; } = -1;

    public long Last { get; private set; } = long.MinValue;

    public Chunk[] Frozen { get; private set; } = [];

    public bool IsEmpty => _open.Count == 0 && _closed.Count == 0 && Frozen.Length == 0;

    public int Chunks => _closed.Count + Frozen.Length + (_open.Count > 0 ? 1 : 0);

    public long Oldest => Frozen.Length > 0 ? Frozen[0].First : _closed.Count > 0 ? _closed[0].First : _open.Count > 0 ? _open.First : long.MaxValue;

    /// <summary>Carries on in a new generation.</summary>
    /// <returns>By how much the memory in use changed.</returns>
    public int Begin(long generation)
    {
        if (Generation == generation)
        {
            return 0;
        }

        var grown = 0;
        if (_open.Count > 0 || _closed.Count > 0)
        {
            grown = Close(keepBuffer: false);
            Frozen = Frozen.Length == 0 ? [.. _closed] : [.. Frozen, .. _closed];
            _closed.Clear();
            _beforeFrozen = _beforeGeneration;
        }

        _beforeGeneration = Last == long.MinValue ? double.NaN : _lastValue;
        Generation = generation;
        return grown;
    }

    /// <returns>By how much the memory in use grew.</returns>
    public int Append(long at, double value)
    {
        var before = _open.Capacity;
        var closed = 0;
        if (_open.Count == Chunk.SamplesMax || at <= Last)
        {
            closed = Close(keepBuffer: true) + before;
        }

        _open.Append(at, value);
        Last = at;
        if (BitConverter.DoubleToUInt64Bits(value) != BitConverter.DoubleToUInt64Bits(Sample.Stale))
        {
            _lastValue = value;
        }

        return closed + _open.Capacity - before;
    }

    /// <summary>Copies what may hold samples of the range.</summary>
    /// <param name="frozen">Whether the frozen ones belong to it; not when a block tells them already.</param>
    public void Snapshot(long from, long to, bool frozen, List<Chunk> into)
    {
        foreach (var chunk in frozen ? Frozen : [])
        {
            AddTouching(chunk);
        }

        foreach (var chunk in _closed)
        {
            AddTouching(chunk);
        }

        if (_open.Count > 0 && _open.First <= to && _open.Last >= from)
        {
            into.Add(new Chunk(_open.Copy(), _open.Count, _open.First, _open.Last));
        }

        void AddTouching(Chunk chunk)
        {
            if (chunk.First <= to && chunk.Last >= from)
            {
                into.Add(chunk);
            }
        }
    }

    public bool HasSamples(long from, long to) =>
        (_open.Count > 0 && _open.First <= to && _open.Last >= from) ||
        _closed.Exists(chunk => chunk.First <= to && chunk.Last >= from) ||
        Array.Exists(Frozen, chunk => chunk.First <= to && chunk.Last >= from);

    /// <summary>By how much the first sample in memory rose above the one before it.</summary>
    public double CarriedInto(double first, bool frozen)
    {
        var before = frozen && Frozen.Length > 0 ? _beforeFrozen : _beforeGeneration;
        return double.IsNaN(before) ? 0 : Folding.Rise(before, first);
    }

    /// <returns>The memory that is free now.</returns>
    public int LetFrozenGo()
    {
        var bytes = Frozen.Sum(chunk => chunk.Data.Length + Chunk.Overhead);
        Frozen = [];
        return bytes;
    }

    private int Close(bool keepBuffer)
    {
        if (_open.Count == 0)
        {
            return 0;
        }

        var freed = _open.Capacity;
        var chunk = new Chunk(_open.Copy(), _open.Count, _open.First, _open.Last);
        _closed.Add(chunk);
        _open.Clear(keepBuffer);
        return chunk.Data.Length + Chunk.Overhead - freed;
    }
}
