using System.Collections.Immutable;
using System.Globalization;
using Slipway.Telemetry.Otlp.Wire;

namespace Slipway.Telemetry.Traces.Segments;

/// <summary>
/// The files of the store. One of them is written to (<c>….live</c>); after half an hour or 16 MiB another is begun, and it is packed into
/// fewer and larger blocks (<c>….traces</c>). One thread writes and lets old files go, one packs, any number read.
/// </summary>
internal sealed class SegmentFolder(string folder, TimeSpan retention, long bytesMax, TimeProvider time)
{
    public const int BlockRawMax = 1024 * 1024;
    private const long SegmentBytesMax = 16 * 1024 * 1024;
    private const int FastQuality = 1;
    private const int SmallQuality = 4;
    private const string LiveEnding = ".live";
    private const string PackedEnding = ".traces";

    private static readonly TimeSpan s_segmentAge = TimeSpan.FromMinutes(30);

    private readonly Lock _gate = new();
    private ImmutableArray<Segment> _segments = [];
    private FileStream? _output;
    private long _sealed;

    /// <summary>Oldest first.</summary>
    public ImmutableArray<Segment> Segments => _segments;

    public long Bytes => _segments.Sum(segment => segment.Length);

    /// <summary>Takes up what is there. The torn end of a file that was being written is cut off.</summary>
    public void Open()
    {
        Directory.CreateDirectory(folder);
        var found = new SortedDictionary<long, Segment>();
        foreach (var path in Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal))
        {
            var ending = Path.GetExtension(path);
            if (ending is not (LiveEnding or PackedEnding)
                || !long.TryParse(Path.GetFileNameWithoutExtension(path), NumberStyles.None, CultureInfo.InvariantCulture, out var sequence))
            {
                // What was left of packing.
                File.Delete(path);
                continue;
            }

            if (found.TryGetValue(sequence, out var other))
            {
                // The packed file came into place as a whole, so the other one has done its work.
                File.Delete(ending == LiveEnding ? path : other.Path);
                if (ending == LiveEnding)
                {
                    continue;
                }
            }

            found[sequence] = Segment.Read(sequence, path, ending == LiveEnding, bodies: ending == LiveEnding);
        }

        foreach (var torn in found.Values.Where(segment => segment.Live && new FileInfo(segment.Path).Length > segment.Length))
        {
            using var file = new FileStream(torn.Path, FileMode.Open, FileAccess.Write, FileShare.Read);
            file.SetLength(torn.Length);
            file.Flush(flushToDisk: true);
        }

        _segments = [.. found.Values];
    }

    /// <summary>Whether a file waits to be packed.</summary>
    public bool HasSealed => _segments.Any(IsSealed);

    /// <summary>Writes traces down and does not return before they are on the disk.</summary>
    /// <exception cref="IOException">They could not be written; nothing of them is there.</exception>
    public void Write(IReadOnlyList<(ulong Hash, IReadOnlyList<SpanRecord> Spans)> traces)
    {
        var builder = new BlockBuilder(FastQuality);
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var blocks = new List<byte[]>();
        foreach (var (hash, spans) in traces)
        {
            builder.Add(hash, spans);
            if (builder.RawLength >= BlockRawMax)
            {
                blocks.Add(builder.Build(now));
            }
        }

        if (!builder.Empty)
        {
            blocks.Add(builder.Build(now));
        }

        var live = Live();
        var end = live.Length;
        try
        {
            _output ??= new FileStream(live.Path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            _output.Position = end;
            foreach (var block in blocks)
            {
                _output.Write(block);
            }

            _output.Flush(flushToDisk: true);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            Forget(end);
            throw problem as IOException ?? new IOException(problem.Message, problem);
        }

        var known = live.Blocks.ToBuilder();
        foreach (var block in blocks)
        {
            known.Add(Known(block, end));
            end += block.Length;
        }

        Replace(live.Sequence, live with { Blocks = known.ToImmutable() });
    }

    /// <summary>Ends the file that is written to if it is large or old enough, and lets go what is too old or too much.</summary>
    /// <returns>The segments that are gone.</returns>
    public IReadOnlyList<Segment> Maintain()
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        if (_segments is [.., { Live: true, Blocks.IsEmpty: false } last] && last.Sequence > _sealed
            && (last.Length >= SegmentBytesMax || now - last.FirstWritten >= s_segmentAge.TotalMilliseconds))
        {
            Close();
            Volatile.Write(ref _sealed, last.Sequence);
        }

        return Expire(now);
    }

    /// <summary>Packs the files that are not written to any more.</summary>
    public void Pack(TextCache texts, CancellationToken cancellation)
    {
        foreach (var segment in _segments.Where(IsSealed))
        {
            cancellation.ThrowIfCancellationRequested();
            var pending = PathOf(segment.Sequence, PackedEnding) + ".pending";
            try
            {
                Pack(segment, pending, texts, cancellation);
            }
            catch
            {
                File.Delete(pending);
                throw;
            }
        }
    }

    public void Close()
    {
        _output?.Dispose();
        _output = null;
    }

    private Segment Live()
    {
        if (_segments is [.., { Live: true } last] && last.Sequence > _sealed)
        {
            return last;
        }

        var sequence = _segments.IsEmpty ? 1 : _segments[^1].Sequence + 1;
        var live = new Segment(sequence, PathOf(sequence, LiveEnding), Live: true, []);
        lock (_gate)
        {
            _segments = _segments.Add(live);
        }

        return live;
    }

    private bool IsSealed(Segment segment) => segment.Live && (segment.Sequence <= Volatile.Read(ref _sealed) || segment.Sequence != _segments[^1].Sequence);

    private void Pack(Segment segment, string pending, TextCache texts, CancellationToken cancellation)
    {
        var path = PathOf(segment.Sequence, PackedEnding);
        using (var output = new FileStream(pending, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0))
        {
            var builder = new BlockBuilder(SmallQuality);
            foreach (var block in segment.Blocks)
            {
                cancellation.ThrowIfCancellationRequested();
                var body = segment.ReadBody(block) ?? [];
                for (var place = 0; place < body.Length;)
                {
                    var spans = Segment.ReadEntry(body, place, texts, out place);
                    if (spans.Count > 0)
                    {
                        builder.Add(StableHash.Of(spans[0].TraceId.AsSpan()), spans);
                    }

                    if (builder.RawLength >= BlockRawMax)
                    {
                        output.Write(builder.Build(block.WrittenAt));
                    }
                }
            }

            if (!builder.Empty)
            {
                output.Write(builder.Build(segment.LastWritten));
            }

            output.Flush(flushToDisk: true);
        }

        File.Move(pending, path, overwrite: true);
        if (!Replace(segment.Sequence, Segment.Read(segment.Sequence, path, live: false, bodies: false)))
        {
            // Its time was over while it was packed.
            File.Delete(path);
        }

        File.Delete(segment.Path);
    }

    private List<Segment> Expire(long now)
    {
        var gone = new List<Segment>();

        // By the newest data and not by the clock alone: a clock that jumps ahead must not take everything away.
        var newest = _segments.IsEmpty ? now : Math.Min(now, _segments.Max(segment => segment.LastWritten));
        while (_segments.Length > 1)
        {
            var oldest = _segments[0];
            if (newest - oldest.LastWritten <= retention.TotalMilliseconds && Bytes <= bytesMax)
            {
                break;
            }

            lock (_gate)
            {
                // It may have been packed this moment.
                oldest = _segments[0];
                _segments = _segments.RemoveAt(0);
            }

            gone.Add(oldest);
            File.Delete(oldest.Path);
        }

        return gone;
    }

    private static StoredBlock Known(byte[] block, long offset)
    {
        var known = StoredBlock.ReadHeader(block, offset, out var checksum)!;
        known.ReadHead(block.AsSpan(StoredBlock.HeaderLength, known.HeadLength), checksum);
        return known;
    }

    private void Forget(long end)
    {
        try
        {
            _output?.SetLength(end);
        }
        catch (IOException)
        {
            // The next write begins at the same place, and what is torn there is cut off when the store is opened.
        }

        try
        {
            Close();
        }
        catch (IOException)
        {
            _output = null;
        }
    }

    private bool Replace(long sequence, Segment with)
    {
        lock (_gate)
        {
            for (var index = 0; index < _segments.Length; index++)
            {
                if (_segments[index].Sequence == sequence)
                {
                    _segments = _segments.SetItem(index, with);
                    return true;
                }
            }

            return false;
        }
    }

    private string PathOf(long sequence, string ending) => Path.Combine(folder, sequence.ToString("D12", CultureInfo.InvariantCulture) + ending);
}
