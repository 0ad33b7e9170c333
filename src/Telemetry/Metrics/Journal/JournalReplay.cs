using System.Buffers.Binary;
using Slipway.Telemetry.Labels;

namespace Slipway.Telemetry.Metrics.Journal;

/// <summary>Who is told what the journal holds.</summary>
internal interface IJournalListener
{
    void Introduce(long generation, uint id, string source, LabelSet labels);

    void Sample(uint id, long at, double value);

    void Exemplar(uint id, Exemplar exemplar);

    void Metadata(MetricMetadata metadata);
}

/// <summary>
/// Reads write-ahead files after a start. A file ends at its first record that is not whole; what is behind it was never confirmed.
/// </summary>
internal static class JournalReplay
{
    /// <returns>How many bytes at the end were no whole records.</returns>
    public static int Read(ReadOnlySpan<byte> file, long generation, IJournalListener listener)
    {
        while (file.Length >= RecordBuffer.HeadBytes)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(file);
            if (length < 1 || length > file.Length - RecordBuffer.HeadBytes)
            {
                break;
            }

            var content = file.Slice(RecordBuffer.HeadBytes, length);
            if (RecordBuffer.Checksum(content) != BinaryPrimitives.ReadUInt32LittleEndian(file[4..]))
            {
                break;
            }

            Understand(content, generation, listener);
            file = file[(RecordBuffer.HeadBytes + length)..];
        }

        return file.Length;
    }

    private static void Understand(ReadOnlySpan<byte> content, long generation, IJournalListener listener)
    {
        var record = new RecordReader(content[1..]);
        switch (content[0])
        {
            case WriteAheadJournal.SeriesRecord:
                var id = (uint)record.Unsigned();
                var source = record.Text();
                var labels = Labels(ref record);
                if (!record.Broken)
                {
                    listener.Introduce(generation, id, source, labels);
                }

                break;
            case WriteAheadJournal.SamplesRecord:
                Samples(ref record, listener);
                break;
            case WriteAheadJournal.ExemplarRecord:
                id = (uint)record.Unsigned();
                var at = record.Signed();
                var value = record.Double();
                var exemplar = new Exemplar(Labels(ref record), value, at);
                if (!record.Broken)
                {
                    listener.Exemplar(id, exemplar);
                }

                break;
            case WriteAheadJournal.MetadataRecord:
                var metadata = new MetricMetadata(record.Text(), record.Text(), record.Text(), record.Text());
                if (!record.Broken)
                {
                    listener.Metadata(metadata);
                }

                break;
        }
    }

    private static void Samples(ref RecordReader record, IJournalListener listener)
    {
        var id = 0L;
        var at = 0L;
        while (!record.AtEnd)
        {
            var step = record.Signed();
            id += step >> 1;
            at += record.Signed();
            var value = (step & 1) == 1 ? record.Signed() : record.Double();
            if (record.Broken)
            {
                return;
            }

            listener.Sample((uint)id, at, value);
        }
    }

    private static LabelSet Labels(ref RecordReader record)
    {
        var count = record.Unsigned();
        var labels = new List<KeyValuePair<string, string>>();
        for (var i = 0UL; i < count && !record.Broken; i++)
        {
            labels.Add(KeyValuePair.Create(record.Text(), record.Text()));
        }

        return LabelSet.From(labels);
    }
}
