namespace Slipway.Telemetry.Traces.Searching;

/// <summary>What is asked for. Traces that fulfil everything, newest first.</summary>
internal sealed record TraceSearch
{
    public const int LimitMax = 1000;

    public TraceCondition Condition { get; init; } = new SomeSpan(new AnySpan());

    /// <summary>Of the trace, in nanoseconds.</summary>
    public long ShortestNanoseconds { get; init; }

    public long LongestNanoseconds { get; init; } = long.MaxValue;

    /// <summary>A trace belongs to the range if it began in it. Nanoseconds since 1970.</summary>
    public long From { get; init; }

    public long To { get; init; } = long.MaxValue;

    public int Limit { get; init; } = 20;

    /// <summary>Whether traces that are not kept, or not yet, count too.</summary>
    public bool WithUnkept { get; init; } = true;

    /// <summary>Conditions of one span, as forms and command lines ask for them.</summary>
    public static SpanCondition Of(string? service, string? name, string? status, IEnumerable<KeyValuePair<string, string>> attributes)
    {
        SpanCondition? all = null;
        Add(service, FieldScope.Resource, "service.name");
        Add(name, FieldScope.Intrinsic, "name");
        Add(status, FieldScope.Intrinsic, "status");
        foreach (var (key, value) in attributes)
        {
            Add(value, key is "name" or "status" or "kind" ? FieldScope.Intrinsic : FieldScope.Either, key);
        }

        return all ?? new AnySpan();

        void Add(string? wanted, FieldScope scope, string field)
        {
            if (!string.IsNullOrEmpty(wanted))
            {
                var condition = new FieldCondition(scope, field, Comparison.Equal, AttributeValue.Of(wanted), null);
                all = all is null ? condition : new BothConditions(all, condition);
            }
        }
    }
}

internal enum TraceState
{
    Kept,

    /// <summary>Spans may still come, and whether it is kept is not decided.</summary>
    Unfinished,

    /// <summary>It is only in memory, for some minutes.</summary>
    Unsampled,
}

/// <summary>What a list of traces shows of one.</summary>
internal sealed record TraceSummary(
    string TraceId, string RootService, string RootName, bool HasRoot, long Start, long Nanoseconds, int Spans, int Errors, IReadOnlyList<string> Services)
{
    public static TraceSummary Of(IReadOnlyList<SpanRecord> spans)
    {
        SpanRecord? root = null;
        SpanRecord? first = null;
        var (end, errors, longest) = (long.MinValue, 0, 0L);
        var services = new List<string>(2);
        foreach (var span in spans)
        {
            if (span.ParentSpanId is null && (root is null || span.Start < root.Start))
            {
                root = span;
            }

            if (first is null || span.Start < first.Start)
            {
                first = span;
            }

            end = Math.Max(end, span.End);
            longest = Math.Max(longest, span.Nanoseconds);
            errors += span.Status == SpanStatus.Error ? 1 : 0;
            if (!services.Contains(span.Service))
            {
                services.Add(span.Service);
            }
        }

        var shown = root ?? first;
        return shown is null
            ? new TraceSummary("", "", "", false, 0, 0, 0, 0, [])
            : new TraceSummary(shown.TraceId, shown.Service, shown.Name, root is not null, first!.Start, Math.Max(longest, end - first.Start), spans.Count, errors, services);
    }
}

/// <param name="Matched">Spans that fulfil the condition, at most 20 of them.</param>
internal sealed record TraceMatch(TraceSummary Summary, TraceState State, IReadOnlyList<SpanRecord> Matched, int MatchedCount);

/// <param name="Complete">False if there was more to look at than one search may.</param>
internal sealed record TraceMatches(IReadOnlyList<TraceMatch> Traces, int BlocksRead, int BlocksSkipped, long BytesRead, bool Complete);
