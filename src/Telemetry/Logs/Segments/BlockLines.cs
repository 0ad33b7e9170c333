using System.IO.Compression;

namespace Slipway.Telemetry.Logs.Segments;

/// <param name="Trace">Zero if there is none, or if it stands in the text.</param>
/// <param name="TraceAt">Where in the text its digits stand; -1 if not there.</param>
internal readonly record struct BlockLine(long Nanoseconds, int Start, int Length, UInt128 Trace, int TraceAt)
{
    public const ulong NoTrace = 0;
    public const ulong TraceBeside = 1;
    public const ulong TraceInside = 2;
}

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

    /// <summary>Of a line that was read with its text.</summary>
    public UInt128 TraceOf(in BlockLine line) =>
        line.TraceAt < 0 ? line.Trace : TraceDigits.Read(TextOf(line).Slice(line.TraceAt, TraceDigits.Length));

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
                var length = (int)(mark >> 2);
                var trace = (mark & 3) == BlockLine.TraceBeside ? reader.Trace() : UInt128.Zero;
                var traceAt = (mark & 3) == BlockLine.TraceInside ? reader.Count() : -1;
                if (length < 0 || length > head.TextRaw - start || (traceAt >= 0 && traceAt > length - TraceDigits.Length))
                {
                    throw new DamagedException("a line is longer than its block");
                }

                _lines[index++] = new BlockLine(at, start, length, trace, traceAt);
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
