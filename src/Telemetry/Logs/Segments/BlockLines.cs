using System.IO.Compression;

namespace Slipway.Telemetry.Logs.Segments;

internal readonly record struct BlockLine(long Nanoseconds, int Start, int Length, UInt128 Trace);

/// <summary>A block that was read. Used again for the next one: its memory stays.</summary>
internal sealed class BlockLines
{
    private byte[] _packed = [];
    private byte[] _meta = [];
    private byte[] _text = [];
    private byte[] _sieve = [];
    private BlockLine[] _lines = [];

    public ReadOnlySpan<byte> Text => _text;

    public ReadOnlySpan<BlockLine> Lines => _lines;

    public ReadOnlySpan<byte> TextOf(in BlockLine line) => _text.AsSpan(line.Start, line.Length);

    public ReadOnlySpan<byte> ReadSieve(LogSegment segment, BlockHead head)
    {
        var bytes = Room(ref _sieve, head.SieveBytes);
        segment.ReadSieve(head, bytes);
        return bytes;
    }

    /// <returns>How many bytes that were, unpacked.</returns>
    public long Read(LogSegment segment, BlockHead head, bool withText)
    {
        var packed = Room(ref _packed, head.MetaBytes + (withText ? head.TextBytes : 0));
        segment.ReadBody(head, packed);
        var meta = Room(ref _meta, head.MetaRaw);
        Unpack(packed[..head.MetaBytes], meta, head);
        if (withText)
        {
            Unpack(packed[head.MetaBytes..], Room(ref _text, head.TextRaw), head);
        }

        ReadLines(head, meta);
        return head.MetaRaw + (withText ? head.TextRaw : 0);
    }

    private void ReadLines(BlockHead head, ReadOnlySpan<byte> meta)
    {
        if (_lines.Length < head.Lines)
        {
            _lines = new BlockLine[head.Lines];
        }

        var reader = new ByteReader(meta);
        var index = 0;
        var start = 0;
        foreach (var stream in head.Streams)
        {
            var at = stream.From;
            for (var count = 0; count < stream.Lines; count++)
            {
                at += (long)reader.Number();
                var mark = reader.Number();
                var length = (int)(mark >> 1);
                if (length < 0 || length > head.TextRaw - start)
                {
                    throw new DamagedException("a line is longer than its block");
                }

                _lines[index++] = new BlockLine(at, start, length, (mark & 1) == 0 ? UInt128.Zero : reader.Trace());
                start += length + 1;
            }
        }
    }

    private static void Unpack(ReadOnlySpan<byte> packed, Span<byte> raw, BlockHead head)
    {
        if (!BrotliDecoder.TryDecompress(packed, raw, out var count) || count != raw.Length)
        {
            throw new DamagedException($"the block at {head.Position} cannot be unpacked");
        }
    }

    private static Span<byte> Room(ref byte[] bytes, int length)
    {
        if (bytes.Length < length)
        {
            bytes = new byte[Math.Max(length, 64 << 10)];
        }

        return bytes.AsSpan(0, length);
    }
}
