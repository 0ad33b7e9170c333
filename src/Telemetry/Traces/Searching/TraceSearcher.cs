using Slipway.Telemetry.Otlp.Wire;
using Slipway.Telemetry.Traces.Gathering;
using Slipway.Telemetry.Traces.Segments;

namespace Slipway.Telemetry.Traces.Searching;

/// <summary>
/// Looks for traces, newest first: in memory, then block by block. A block that surely has none is passed over by its times, its
/// longest trace and its filter. One search reads 512 MiB of traces at most and says so when there was more.
/// </summary>
internal sealed class TraceSearcher(TraceGathering gathering, SegmentFolder folder, TextCache texts)
{
    private const long BytesMax = 512L * 1024 * 1024;
    private const int MatchedMax = 20;
    private const int LookedUpMax = 50;

    public TraceMatches Search(TraceSearch search, CancellationToken cancellation)
    {
        var found = new Findings(Math.Clamp(search.Limit, 1, TraceSearch.LimitMax));
        var (read, skipped, bytes, complete) = (0, 0, 0L, true);

        // Memory first: what is written meanwhile is seen twice then, and not missed.
        foreach (var (spans, state) in gathering.Picture())
        {
            if (state == TraceState.Kept || search.WithUnkept)
            {
                found.Offer(search, spans, state);
            }
        }

        var blocks = folder.Segments
            .SelectMany(segment => segment.Blocks, (segment, block) => (Segment: segment, Block: block))
            .Where(pair => pair.Block.LastStart >= search.From && pair.Block.FirstStart <= search.To && pair.Block.LongestNanoseconds >= search.ShortestNanoseconds)
            .OrderByDescending(pair => pair.Block.LastStart);
        foreach (var (segment, block) in blocks)
        {
            cancellation.ThrowIfCancellationRequested();
            if (found.IsNewerThan(block.LastStart))
            {
                break;
            }

            if (bytes + block.RawLength > BytesMax)
            {
                complete = false;
                break;
            }

            try
            {
                if (!search.Condition.MayBeIn(new BlockDigest(segment, block)))
                {
                    skipped++;
                    continue;
                }

                var body = segment.ReadBody(block) ?? [];
                (read, bytes) = (read + 1, bytes + body.Length);
                for (var place = 0; place < body.Length;)
                {
                    found.Offer(search, Segment.ReadEntry(body, place, texts, out place), TraceState.Kept);
                }
            }
            catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
            {
                // The file was packed or has expired since the search began; what is packed is found by the next one.
                complete = false;
            }
        }

        return new TraceMatches([.. found.Newest().Select((match, place) => place < LookedUpMax ? Whole(match) : match)], read, skipped, bytes, complete);
    }

    /// <summary>Everything that is kept of a trace on disk.</summary>
    public List<SpanRecord> ReadStored(string id)
    {
        var hash = StableHash.Of(id.AsSpan());
        for (var attempt = 0; ; attempt++)
        {
            var spans = new List<SpanRecord>();
            try
            {
                foreach (var segment in folder.Segments)
                {
                    foreach (var block in segment.Blocks.Where(block => Array.BinarySearch(block.Hashes, hash) >= 0))
                    {
                        var body = segment.ReadBody(block) ?? [];
                        foreach (var place in block.PlacesOf(hash))
                        {
                            spans.AddRange(Segment.ReadEntry(body, place, texts, out _).Where(span => span.TraceId == id));
                        }
                    }
                }

                return spans;
            }
            catch (IOException) when (attempt < 2)
            {
                // A file was replaced while it was being looked for.
            }
        }
    }

    /// <summary>A part of a trace without its beginning tells little: the rest is looked up.</summary>
    private TraceMatch Whole(TraceMatch match)
    {
        if (match.Summary.HasRoot)
        {
            return match;
        }

        try
        {
            var spans = ReadStored(match.Summary.TraceId);
            spans.AddRange(gathering.Find(match.Summary.TraceId).Spans);
            return spans.Count > match.Summary.Spans ? match with { Summary = TraceSummary.Of(spans) } : match;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return match;
        }
    }

    private sealed class BlockDigest(Segment segment, StoredBlock block) : IDigest
    {
        private byte[]? _filter;

        public bool HasErrors => block.HasErrors;

        public long LongestNanoseconds => block.LongestNanoseconds;

        public bool MayHave(string name, string value) =>
            value.Length > TermFilter.ValueMax || TermFilter.MayHave(_filter ??= segment.ReadFilter(block), TermFilter.Term(name, value));
    }

    private sealed class Findings(int limit)
    {
        private readonly Dictionary<string, (List<SpanRecord> Spans, TraceMatch Match)> _found = new(StringComparer.Ordinal);

        public void Offer(TraceSearch search, IReadOnlyList<SpanRecord> spans, TraceState state)
        {
            if (spans.Count == 0)
            {
                return;
            }

            var summary = TraceSummary.Of(spans);
            if (summary.Start < search.From || summary.Start > search.To
                || summary.Nanoseconds < search.ShortestNanoseconds || summary.Nanoseconds > search.LongestNanoseconds)
            {
                return;
            }

            var matched = search.Condition.Matches(spans, summary);
            if (matched.Count == 0)
            {
                return;
            }

            if (_found.TryGetValue(summary.TraceId, out var known))
            {
                known.Spans.AddRange(spans.Where(span => known.Spans.All(other => other.SpanId != span.SpanId)));
                _found[summary.TraceId] = (known.Spans, known.Match with { Summary = TraceSummary.Of(known.Spans) });
                return;
            }

            _found[summary.TraceId] = ([.. spans], new TraceMatch(summary, state, [.. matched.Take(MatchedMax)], matched.Count));
            if (_found.Count > 2 * limit + 100)
            {
                foreach (var old in Ordered().Skip(limit).Select(match => match.Summary.TraceId).ToList())
                {
                    _found.Remove(old);
                }
            }
        }

        /// <summary>Enough was found, and all of it began after what is still to be looked at.</summary>
        public bool IsNewerThan(long start) => _found.Count >= limit && Ordered().Skip(limit - 1).First().Summary.Start >= start;

        public IEnumerable<TraceMatch> Newest() => Ordered().Take(limit);

        private IEnumerable<TraceMatch> Ordered() =>
            _found.Values.Select(found => found.Match).OrderByDescending(match => match.Summary.Start).ThenBy(match => match.Summary.TraceId, StringComparer.Ordinal);
    }
}
