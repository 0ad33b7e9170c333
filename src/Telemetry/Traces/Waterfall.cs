namespace Slipway.Telemetry.Traces;

/// <param name="Offset">Nanoseconds since the trace began.</param>
/// <param name="Self">Nanoseconds in which none of its children was at work.</param>
/// <param name="MissingParent">Its parent is named, but has not come; it is shown as a root.</param>
internal sealed record WaterfallRow(SpanRecord Span, int Depth, long Offset, long Self, bool MissingParent);

/// <summary>A trace as a tree, in the order it is drawn: a span, then its children by their start.</summary>
internal static class Waterfall
{
    public static IReadOnlyList<WaterfallRow> Of(IReadOnlyList<SpanRecord> spans)
    {
        // A span that was sent twice is one span; what came last is what counts.
        var byId = new Dictionary<string, SpanRecord>(spans.Count, StringComparer.Ordinal);
        foreach (var span in spans)
        {
            byId[span.SpanId] = span;
        }

        var children = byId.Values
            .Where(span => span.ParentSpanId is not null && span.ParentSpanId != span.SpanId && byId.ContainsKey(span.ParentSpanId))
            .GroupBy(span => span.ParentSpanId!, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.OrderBy(span => span.Start).ThenBy(span => span.SpanId, StringComparer.Ordinal).ToList(), StringComparer.Ordinal);
        var ordered = byId.Values.OrderBy(span => span.Start).ThenBy(span => span.SpanId, StringComparer.Ordinal).ToList();
        var begin = ordered.Count == 0 ? 0 : ordered[0].Start;
        var rows = new List<WaterfallRow>(byId.Count);
        var shown = new HashSet<string>(StringComparer.Ordinal);
        foreach (var root in ordered.Where(span => span.ParentSpanId is null || span.ParentSpanId == span.SpanId || !byId.ContainsKey(span.ParentSpanId)))
        {
            Draw(root);
        }

        // Spans that are each other's ancestors have no root; the first of them stands for one.
        foreach (var span in ordered)
        {
            if (!shown.Contains(span.SpanId))
            {
                Draw(span);
            }
        }

        return rows;

        void Draw(SpanRecord root)
        {
            var open = new Stack<(SpanRecord Span, int Depth)>();
            open.Push((root, 0));
            while (open.TryPop(out var next))
            {
                if (!shown.Add(next.Span.SpanId))
                {
                    continue;
                }

                var below = children.GetValueOrDefault(next.Span.SpanId) ?? [];
                var missing = next.Span.ParentSpanId is { } parent && !byId.ContainsKey(parent);
                rows.Add(new WaterfallRow(next.Span, next.Depth, next.Span.Start - begin, SelfTime(next.Span, below), missing));
                for (var index = below.Count - 1; index >= 0; index--)
                {
                    open.Push((below[index], next.Depth + 1));
                }
            }
        }
    }

    /// <param name="children">By their start.</param>
    private static long SelfTime(SpanRecord span, List<SpanRecord> children)
    {
        var (self, covered) = (span.Nanoseconds, span.Start);
        foreach (var child in children)
        {
            var from = Math.Max(child.Start, covered);
            var to = Math.Min(child.End, span.End);
            if (to > from)
            {
                self -= to - from;
                covered = to;
            }
        }

        return self;
    }
}
