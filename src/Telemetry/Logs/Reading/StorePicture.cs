using Slipway.Telemetry.Labels;
using Slipway.Telemetry.Logs.Segments;

namespace Slipway.Telemetry.Logs.Reading;

internal readonly record struct SegmentPicture(LogSegment Segment, BlockHead[] Heads);

/// <summary>Everything the store has at one moment, every line in one place only.</summary>
internal sealed class StorePicture
{
    public StorePicture(IReadOnlyList<BatchPicture> batches, LogSegment[] segments)
    {
        Batches = batches;
        Segments = Array.ConvertAll(segments, segment => new SegmentPicture(segment, segment.Heads));
    }

    public IReadOnlyList<BatchPicture> Batches { get; }

    public IReadOnlyList<SegmentPicture> Segments { get; }

    /// <summary>What is known of streams without reading lines. Both ends belong to the range.</summary>
    public IEnumerable<BlockStream> Streams(long from, long to)
    {
        foreach (var segment in Segments)
        {
            foreach (var head in segment.Heads)
            {
                if (head.From > to || head.To < from)
                {
                    continue;
                }

                foreach (var stream in head.Streams)
                {
                    if (stream.From <= to && stream.To >= from)
                    {
                        yield return stream;
                    }
                }
            }
        }

        foreach (var batch in Batches)
        {
            if (batch.From > to || batch.To < from)
            {
                continue;
            }

            foreach (var stream in StreamsOf(batch, from, to))
            {
                yield return stream;
            }
        }
    }

    private static Dictionary<LabelSet, BlockStream>.ValueCollection StreamsOf(BatchPicture batch, long from, long to)
    {
        var streams = new Dictionary<LabelSet, BlockStream>();
        foreach (ref readonly var entry in batch.Lines)
        {
            if (entry.Nanoseconds < from || entry.Nanoseconds > to)
            {
                continue;
            }

            var labels = entry.Stream.Labels;
            streams[labels] = streams.TryGetValue(labels, out var stream)
                ? new BlockStream(labels, stream.Lines + 1, stream.Bytes + entry.Length, Math.Min(stream.From, entry.Nanoseconds), Math.Max(stream.To, entry.Nanoseconds))
                : new BlockStream(labels, 1, entry.Length, entry.Nanoseconds, entry.Nanoseconds);
        }

        return streams.Values;
    }
}
