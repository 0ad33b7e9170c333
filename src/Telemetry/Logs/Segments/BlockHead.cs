using Slipway.Telemetry.Labels;

namespace Slipway.Telemetry.Logs.Segments;

/// <summary>The lines of one stream in a block: they stand one behind the other, oldest first.</summary>
internal readonly record struct BlockStream(LabelSet Labels, int Lines, long Bytes, long From, long To);

/// <summary>What a block says about itself. These are in memory for all blocks there are; sieve and lines stay on the disk.</summary>
internal sealed class BlockHead
{
    /// <summary>Magic, five lengths and three checksums.</summary>
    public const int FixedBytes = 9 * sizeof(uint);

    public const uint Magic = 0x31424c53;

    public required long Batch { get; init; }

    /// <summary>Which of the blocks of its batch it is; a batch is in a segment wholly or not at all.</summary>
    public required int Part { get; init; }

    public required int Parts { get; init; }

    public required BlockStream[] Streams { get; init; }

    public required int MetaRaw { get; init; }

    public required int TextRaw { get; init; }

    public int HeadBytes { get; set; }

    public int SieveBytes { get; set; }

    public int MetaBytes { get; set; }

    public int TextBytes { get; set; }

    public long Position { get; set; }

    public uint SieveSum { get; set; }

    public uint BodySum { get; set; }

    public long From { get; private set; } = long.MaxValue;

    public long To { get; private set; } = long.MinValue;

    public int Lines { get; private set; }

    public long SievePosition => Position + FixedBytes + HeadBytes;

    public long MetaPosition => SievePosition + SieveBytes;

    public long TextPosition => MetaPosition + MetaBytes;

    public long End => TextPosition + TextBytes;

    public BlockHead Summed()
    {
        foreach (var stream in Streams)
        {
            From = Math.Min(From, stream.From);
            To = Math.Max(To, stream.To);
            Lines += stream.Lines;
        }

        return this;
    }

    public void Write(ByteWriter writer)
    {
        writer.Number((ulong)Batch);
        writer.Number(Part);
        writer.Number(Parts);
        writer.Number(MetaRaw);
        writer.Number(TextRaw);
        writer.Number(Streams.Length);
        foreach (var stream in Streams)
        {
            writer.Labels(stream.Labels);
            writer.Number(stream.Lines);
            writer.Number((ulong)stream.Bytes);
            writer.Signed(stream.From);
            writer.Signed(stream.To - stream.From);
        }
    }

    /// <param name="intern">One object for labels that are the same.</param>
    public static BlockHead Read(ReadOnlySpan<byte> bytes, Func<LabelSet, LabelSet> intern)
    {
        var reader = new ByteReader(bytes);
        var batch = (long)reader.Number();
        var (part, parts, meta, text, count) = (reader.Count(), reader.Count(), reader.Count(), reader.Count(), reader.Count());
        if (count > bytes.Length)
        {
            throw new DamagedException($"{count} streams");
        }

        var streams = new BlockStream[count];
        for (var index = 0; index < count; index++)
        {
            var labels = intern(reader.Labels());
            var (lines, size, from) = (reader.Count(), (long)reader.Number(), reader.Signed());
            streams[index] = new BlockStream(labels, lines, size, from, from + reader.Signed());
        }

        return new BlockHead { Batch = batch, Part = part, Parts = parts, MetaRaw = meta, TextRaw = text, Streams = streams }.Summed();
    }
}
