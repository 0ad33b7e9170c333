namespace Slipway.Telemetry.Metrics.Blocks;

/// <param name="Newest">Sample in it, milliseconds since 1970.</param>
internal readonly record struct BlockWeight(long Number, long Newest, long Bytes);

/// <summary>
/// Decides which blocks go. Age is counted from the newest block, and from the clock if that is earlier: a clock that jumped ahead ages
/// nothing before blocks of that time were made. The newest block always stays.
/// </summary>
internal static class BlockRetention
{
    public static List<(long Number, string Reason)> Decide(
        IReadOnlyCollection<BlockWeight> blocks, long now, long retentionMilliseconds, long bytesElsewhere, long bytesMax)
    {
        var gone = new List<(long Number, string Reason)>();
        if (blocks.Count < 2)
        {
            return gone;
        }

        var sorted = blocks.OrderBy(block => block.Newest).ThenBy(block => block.Number).ToList();
        var oldest = Math.Min(now, sorted[^1].Newest) - retentionMilliseconds;
        var bytes = bytesElsewhere + blocks.Sum(block => block.Bytes);
        foreach (var block in sorted.SkipLast(1))
        {
            if (block.Newest >= oldest && bytes <= bytesMax)
            {
                break;
            }

            gone.Add((block.Number, block.Newest < oldest ? "for its age" : "for the room it took"));
            bytes -= block.Bytes;
        }

        return gone;
    }
}
