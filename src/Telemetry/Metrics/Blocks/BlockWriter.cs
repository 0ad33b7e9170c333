using Slipway.Telemetry.Labels;
using Slipway.Telemetry.Metrics.Chunks;
using Slipway.Telemetry.Metrics.Reading;

namespace Slipway.Telemetry.Metrics.Blocks;

/// <summary>
/// Writes a block beside its place and puts it there when the disk has all of it. Series come in the order of
/// <see cref="LabelOrder"/>, so that the series of one metric lie together.
/// </summary>
internal sealed class BlockWriter : IDisposable
{
    private const int FoldChunkMax = 4_096;

    private readonly Disk _disk;
    private readonly string _pending;
    private readonly GrowingFile _samples;
    private readonly GrowingFile[] _folds;
    private readonly BlockIndexBuilder _index = new();
    private readonly ChunkWriter _chunk = new();
    private byte[] _bytes = new byte[4_096];
    private Sample[] _scratch = [];

    public BlockWriter(Disk disk, string pending)
    {
        (_disk, _pending) = (disk, pending);
        BlockFolder.Remove(pending);
        disk.CreateFolder(pending);
        _samples = new GrowingFile(disk, BlockFolder.FileOf(pending, SampleFold.None));
        _folds = [.. Folding.Kept.Select(fold => new GrowingFile(disk, BlockFolder.FileOf(pending, fold)))];
    }

    public int Series => _index.Series;

    /// <param name="carried">By how much the first sample rose above the one before it, which an older block has.</param>
    public void Add(LabelSet labels, UInt128 fingerprint, ReadOnlySpan<Sample> samples, double carried)
    {
        if (samples.IsEmpty)
        {
            return;
        }

        Span<long> foldStarts = stackalloc long[Folding.Kept.Length];
        for (var i = 0; i < foldStarts.Length; i++)
        {
            foldStarts[i] = _folds[i].Length;
        }

        _index.Add(labels, fingerprint, samples[0].At, samples[^1].At, samples.Length, _samples.Length, foldStarts);
        WritePieces(_samples, samples, Chunk.SamplesMax);
        if (_scratch.Length < samples.Length)
        {
            _scratch = new Sample[samples.Length];
        }

        for (var i = 0; i < _folds.Length; i++)
        {
            var folded = _scratch.AsSpan(0, samples.Length);
            samples.CopyTo(folded);
            WritePieces(_folds[i], folded[..Folding.Fold(Folding.Kept[i], folded, carried)], FoldChunkMax);
        }
    }

    /// <exception cref="IOException">The disk refused; nothing is there but the pending folder.</exception>
    public void Publish(string path, long generation, IReadOnlyCollection<long> replaced)
    {
        Span<long> ends = stackalloc long[_folds.Length];
        for (var i = 0; i < ends.Length; i++)
        {
            ends[i] = _folds[i].Length;
            _folds[i].Finish();
        }

        _samples.Finish();
        using (var index = new GrowingFile(_disk, BlockFolder.IndexOf(_pending)))
        {
            index.Write(_index.Build(generation, replaced, _samples.Length, ends).Span);
            index.Finish();
        }

        _disk.SyncFolder(_pending);
        _disk.Publish(_pending, path);
    }

    public void Dispose()
    {
        _samples.Dispose();
        foreach (var fold in _folds)
        {
            fold.Dispose();
        }

        BlockFolder.Remove(_pending);
    }

    private void WritePieces(GrowingFile file, ReadOnlySpan<Sample> samples, int most)
    {
        var after = 0L;
        while (!samples.IsEmpty)
        {
            _chunk.Clear(keepBuffer: true);
            var some = samples[..Math.Min(most, samples.Length)];
            foreach (var sample in some)
            {
                _chunk.Append(sample.At, sample.Value);
            }

            if (_bytes.Length < _chunk.Length + BlockPiece.HeadBytesMax)
            {
                _bytes = new byte[(_chunk.Length * 2) + BlockPiece.HeadBytesMax];
            }

            file.Write(_bytes.AsSpan(0, BlockPiece.Write(_bytes, _chunk, after)));
            after = _chunk.Last;
            samples = samples[some.Length..];
        }
    }
}
