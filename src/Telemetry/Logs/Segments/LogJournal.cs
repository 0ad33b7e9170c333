using Slipway.Telemetry.Labels;

namespace Slipway.Telemetry.Logs.Segments;

/// <summary>
/// The lines of one batch on the disk, as they came, until the batch is in a segment. A file of frames; each is length, checksum and
/// lines, and stands for itself.
/// </summary>
internal static class LogJournal
{
    private const int HeadBytes = 8;
    private const int FrameBytesMax = 256 << 20;

    /// <summary>One frame of the entries from <paramref name="first"/> on.</summary>
    public static void WriteFrame(ByteWriter writer, BatchPicture batch, int first)
    {
        writer.Clear();
        writer.Take(HeadBytes);
        var streams = new Dictionary<LogStream, int>(ReferenceEqualityComparer.Instance);
        foreach (ref readonly var entry in batch.Lines[first..])
        {
            streams.TryAdd(entry.Stream, streams.Count);
        }

        writer.Number(streams.Count);
        foreach (var stream in streams.Keys)
        {
            writer.Labels(stream.Labels);
        }

        writer.Number(batch.Count - first);
        var last = 0L;
        foreach (ref readonly var entry in batch.Lines[first..])
        {
            writer.Number((streams[entry.Stream] * 2) + (entry.Trace == UInt128.Zero ? 0 : 1));
            writer.Signed(entry.Nanoseconds - last);
            last = entry.Nanoseconds;
            if (entry.Trace != UInt128.Zero)
            {
                writer.Trace(entry.Trace);
            }

            writer.Number(entry.Length);
            writer.Bytes(batch.TextOf(entry));
        }

        writer.FixedAt(0, (uint)(writer.Length - HeadBytes));
        writer.FixedAt(4, Checksum.Of(writer.Written[HeadBytes..]));
    }

    /// <summary>Everything up to the first frame that is not whole.</summary>
    /// <param name="batch">Gets the lines.</param>
    /// <param name="streamOf">The stream of these labels.</param>
    /// <returns>How many bytes at the end were no whole frame.</returns>
    public static long Read(LogFile file, LogBatch batch, Func<LabelSet, LogStream> streamOf)
    {
        var position = 0L;
        var head = new byte[HeadBytes];
        while (file.Length - position >= HeadBytes)
        {
            file.Read(position, head);
            var reader = new ByteReader(head);
            var length = reader.Fixed();
            var checksum = reader.Fixed();
            if (length > FrameBytesMax || length > file.Length - position - HeadBytes)
            {
                break;
            }

            var frame = new byte[length];
            file.Read(position + HeadBytes, frame);
            if (Checksum.Of(frame) != checksum || length == 0)
            {
                break;
            }

            ReadFrame(frame, batch, streamOf);
            position += HeadBytes + length;
        }

        return file.Length - position;
    }

    private static void ReadFrame(ReadOnlySpan<byte> frame, LogBatch batch, Func<LabelSet, LogStream> streamOf)
    {
        var reader = new ByteReader(frame);
        var streams = new LogStream[Math.Min(reader.Count(), frame.Length)];
        for (var index = 0; index < streams.Length; index++)
        {
            streams[index] = streamOf(reader.Labels());
        }

        var count = reader.Count();
        var last = 0L;
        for (var index = 0; index < count; index++)
        {
            var mark = reader.Count();
            last += reader.Signed();
            var trace = (mark & 1) == 0 ? UInt128.Zero : reader.Trace();
            var text = reader.Bytes(reader.Count());
            text.CopyTo(batch.Room(text.Length));
            batch.Add(streams[mark / 2], last, text.Length, trace);
        }
    }
}
