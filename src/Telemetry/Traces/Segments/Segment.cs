using System.Buffers.Binary;
using System.Collections.Immutable;
using System.IO.Compression;
using Slipway.Telemetry.Otlp.Decoding;
using Slipway.Telemetry.Otlp.Wire;

namespace Slipway.Telemetry.Traces.Segments;

/// <summary>One file of blocks. Its blocks only become more; a file that is replaced becomes another segment.</summary>
internal sealed record Segment(long Sequence, string Path, bool Live, ImmutableArray<StoredBlock> Blocks)
{
    /// <summary>Where the next block begins.</summary>
    public long Length => Blocks.IsEmpty ? 0 : Blocks[^1].Offset + Blocks[^1].Length;

    public long FirstWritten => Blocks.IsEmpty ? long.MaxValue : Blocks[0].WrittenAt;

    public long LastWritten => Blocks.IsEmpty ? long.MinValue : Blocks[^1].WrittenAt;

    /// <summary>Reads the heads of all blocks, up to the first that is not whole.</summary>
    /// <param name="bodies">Whether bodies are looked at, too: the last ones of a file that was being written may be torn.</param>
    public static Segment Read(long sequence, string path, bool live, bool bodies)
    {
        using var file = File.OpenHandle(path);
        var length = RandomAccess.GetLength(file);
        var blocks = ImmutableArray.CreateBuilder<StoredBlock>();
        var header = new byte[StoredBlock.HeaderLength];
        var offset = 0L;
        while (offset + header.Length <= length && RandomAccess.Read(file, header, offset) == header.Length)
        {
            if (StoredBlock.ReadHeader(header, offset, out var checksum) is not { } block || offset + block.Length > length)
            {
                break;
            }

            var head = new byte[block.HeadLength];
            if (RandomAccess.Read(file, head, offset + header.Length) != head.Length || !block.ReadHead(head, checksum))
            {
                break;
            }

            if (bodies && Packed(file, block) is null)
            {
                break;
            }

            blocks.Add(block);
            offset += block.Length;
        }

        return new Segment(sequence, path, live, blocks.ToImmutable());
    }

    /// <summary>Whether a block may have a value.</summary>
    public byte[] ReadFilter(StoredBlock block)
    {
        using var file = File.OpenHandle(Path);
        var filter = new byte[block.FilterLength];
        return RandomAccess.Read(file, filter, block.FilterOffset) == filter.Length ? filter : throw new EndOfStreamException(Path);
    }

    /// <summary>The entries of a block; nothing if it cannot be read any more.</summary>
    public byte[]? ReadBody(StoredBlock block)
    {
        using var file = File.OpenHandle(Path);
        var packed = Packed(file, block);
        if (packed is null)
        {
            return null;
        }

        var raw = new byte[block.RawLength];
        return BrotliDecoder.TryDecompress(packed, raw, out var written) && written == raw.Length ? raw : null;
    }

    public static IReadOnlyList<SpanRecord> ReadEntry(ReadOnlySpan<byte> body, int place, TextCache texts, out int next)
    {
        next = body.Length;
        if (place < 0 || place + 4 > body.Length)
        {
            return [];
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(body[place..]);
        if (length < 0 || length > body.Length - place - 4)
        {
            return [];
        }

        next = place + 4 + length;
        return new TraceDecoder(texts).Decode(body.Slice(place + 4, length)).Spans;
    }

    private static byte[]? Packed(Microsoft.Win32.SafeHandles.SafeFileHandle file, StoredBlock block)
    {
        var packed = new byte[block.BodyLength];
        return RandomAccess.Read(file, packed, block.BodyOffset) == packed.Length && Checksum.Of(packed) == block.BodyChecksum ? packed : null;
    }
}
