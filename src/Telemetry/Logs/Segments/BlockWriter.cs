using System.IO.Compression;
using Slipway.Telemetry.Labels;

namespace Slipway.Telemetry.Logs.Segments;

/// <summary>
/// Makes blocks of a batch. Lines of one stream stand together, since they are alike and are asked for together. Times and lengths are
/// compressed apart from the texts: counting lines does not need their texts.
/// </summary>
internal sealed class BlockWriter
{
    private const int Quality = 1;
    private const int Window = 20;

    private readonly ByteWriter _meta = new(64 << 10);
    private readonly ByteWriter _text = new(1 << 20);
    private readonly ByteWriter _head = new(4 << 10);
    private readonly HashSet<ulong> _words = [];
    private byte[] _packed = new byte[1 << 20];

    /// <returns>The heads; their positions count from the beginning of what was written.</returns>
    public IReadOnlyList<BlockHead> Write(BatchPicture batch, int blockBytes, ByteWriter output)
    {
        var order = Order(batch);
        var cuts = Cuts(batch, order, blockBytes);
        var heads = new List<BlockHead>(cuts.Count);
        var first = 0;
        for (var part = 0; part < cuts.Count; part++)
        {
            heads.Add(WriteBlock(batch, order.AsSpan(first, cuts[part] - first), part, cuts.Count, output));
            first = cuts[part];
        }

        return heads;
    }

    /// <summary>By stream, then by time, then as they came.</summary>
    private static int[] Order(BatchPicture batch)
    {
        var order = new int[batch.Count];
        for (var index = 0; index < order.Length; index++)
        {
            order[index] = index;
        }

        var entries = batch.Entries;
        Array.Sort(order, (left, right) =>
        {
            var byStream = entries[left].Stream.Number.CompareTo(entries[right].Stream.Number);
            if (byStream != 0)
            {
                return byStream;
            }

            var byTime = entries[left].Nanoseconds.CompareTo(entries[right].Nanoseconds);
            return byTime != 0 ? byTime : left.CompareTo(right);
        });
        return order;
    }

    private static List<int> Cuts(BatchPicture batch, int[] order, int blockBytes)
    {
        var cuts = new List<int>();
        var bytes = 0;
        for (var index = 0; index < order.Length; index++)
        {
            bytes += batch.Entries[order[index]].Length + 1;
            if (bytes >= blockBytes)
            {
                cuts.Add(index + 1);
                bytes = 0;
            }
        }

        if (cuts.Count == 0 || cuts[^1] != order.Length)
        {
            cuts.Add(order.Length);
        }

        return cuts;
    }

    private BlockHead WriteBlock(BatchPicture batch, ReadOnlySpan<int> order, int part, int parts, ByteWriter output)
    {
        _meta.Clear();
        _text.Clear();
        _words.Clear();
        var streams = new List<BlockStream>();
        for (var first = 0; first < order.Length;)
        {
            first += WriteStream(batch, order[first..], streams);
        }

        var sieve = WordSieve.Build(_text.Written, _words);
        var head = new BlockHead
        {
            Batch = batch.Sequence, Part = part, Parts = parts, MetaRaw = _meta.Length, TextRaw = _text.Length, Streams = [.. streams],
        }.Summed();
        _head.Clear();
        head.Write(_head);

        head.Position = output.Length;
        head.HeadBytes = _head.Length;
        head.SieveBytes = sieve.Length;
        output.Take(BlockHead.FixedBytes);
        output.Bytes(_head.Written);
        output.Bytes(sieve);
        head.MetaBytes = Pack(_meta, output);
        head.TextBytes = Pack(_text, output);
        Seal(head, output);
        return head;
    }

    private int WriteStream(BatchPicture batch, ReadOnlySpan<int> order, List<BlockStream> streams)
    {
        var stream = batch.Entries[order[0]].Stream;
        var (from, last) = (batch.Entries[order[0]].Nanoseconds, batch.Entries[order[0]].Nanoseconds);
        var (count, bytes) = (0, 0);
        foreach (var index in order)
        {
            ref readonly var entry = ref batch.Entries[index];
            if (!ReferenceEquals(entry.Stream, stream))
            {
                break;
            }

            _meta.Number((ulong)(entry.Nanoseconds - last));
            WriteTrace(entry, batch.TextOf(entry));

            // The line feed keeps the last word of a line from growing into the first of the next.
            var text = _text.Take(entry.Length + 1);
            batch.TextOf(entry).CopyTo(text);
            text[^1] = (byte)'\n';
            last = entry.Nanoseconds;
            bytes += entry.Length;
            count++;
        }

        streams.Add(new BlockStream(stream.Labels, count, bytes, from, last));
        return count;
    }

    /// <summary>The length, and the trace: none, its number, or where in the line it stands. Its digits are as good as noise, so once is enough.</summary>
    private void WriteTrace(in LogEntry entry, ReadOnlySpan<byte> text)
    {
        var length = (ulong)entry.Length << 2;
        if (entry.Trace == UInt128.Zero)
        {
            _meta.Number(length | BlockLine.NoTrace);
            return;
        }

        Span<byte> digits = stackalloc byte[TraceDigits.Length];
        TraceDigits.Write(entry.Trace, digits);
        _words.Add(WordSieve.Hash(digits));
        var at = text.IndexOf(digits);
        _meta.Number(length | (at < 0 ? BlockLine.TraceBeside : BlockLine.TraceInside));
        if (at < 0)
        {
            _meta.Trace(entry.Trace);
        }
        else
        {
            _meta.Number(at);
        }
    }

    private int Pack(ByteWriter raw, ByteWriter output)
    {
        var room = BrotliEncoder.GetMaxCompressedLength(raw.Length);
        if (_packed.Length < room)
        {
            _packed = new byte[room];
        }

        if (!BrotliEncoder.TryCompress(raw.Written, _packed, out var count, Quality, Window))
        {
            throw new InvalidOperationException("a block did not fit into the room that any block fits into");
        }

        output.Bytes(_packed.AsSpan(0, count));
        return count;
    }

    private static void Seal(BlockHead head, ByteWriter output)
    {
        var (position, headEnd, sieveEnd) = ((int)head.Position, (int)head.SievePosition, (int)head.MetaPosition);
        head.SieveSum = Checksum.Of(output.Written[headEnd..sieveEnd]);
        head.BodySum = Checksum.Of(output.Written[sieveEnd..]);
        output.FixedAt(position, BlockHead.Magic);
        output.FixedAt(position + 4, (uint)head.HeadBytes);
        output.FixedAt(position + 8, (uint)head.SieveBytes);
        output.FixedAt(position + 12, (uint)head.MetaBytes);
        output.FixedAt(position + 16, (uint)head.TextBytes);
        output.FixedAt(position + 20, head.SieveSum);
        output.FixedAt(position + 24, head.BodySum);
        output.FixedAt(position + 28, Checksum.Of(output.Written[position..(position + 28)]));
        output.FixedAt(position + 32, Checksum.Of(output.Written[(position + BlockHead.FixedBytes)..headEnd]));
    }
}
