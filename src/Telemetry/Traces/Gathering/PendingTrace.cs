namespace Slipway.Telemetry.Traces.Gathering;

/// <summary>The spans of one trace that have come so far.</summary>
internal sealed class PendingTrace(string id, ulong hash, long firstSeen)
{
    public string Id { get; } = id;

    public ulong Hash { get; } = hash;

    /// <summary>Marks of the monotonic clock.</summary>
    public long FirstSeen { get; } = firstSeen;

    public long LastSeen { get; set; } = firstSeen;

    public List<SpanRecord> Spans { get; } = new(4);

    public long Bytes { get; set; }

    /// <summary>It has left the window.</summary>
    public bool Gone { get; set; }
}

internal static class SpanSize
{
    /// <summary>About how much memory a span takes; texts that many spans share count as half.</summary>
    public static long Of(SpanRecord span)
    {
        var bytes = 320L + (2 * span.Name.Length) + (2 * span.StatusMessage.Length);
        foreach (var attribute in span.Attributes)
        {
            bytes += 40 + (attribute.Value.Kind is AttributeKind.Text or AttributeKind.Json ? attribute.Value.ToString().Length : 0);
        }

        foreach (var happened in span.Events)
        {
            bytes += 100 + (2 * happened.Name.Length);
            foreach (var attribute in happened.Attributes)
            {
                bytes += 40 + (attribute.Value.Kind is AttributeKind.Text or AttributeKind.Json ? 2 * attribute.Value.ToString().Length : 0);
            }
        }

        return bytes + (200 * span.Links.Count);
    }
}
