namespace Slipway.Telemetry.Traces.Searching;

/// <summary>A condition on a trace: which of its spans answer, none if the trace does not.</summary>
internal abstract record TraceCondition
{
    public abstract IReadOnlyList<SpanRecord> Matches(IReadOnlyList<SpanRecord> spans, TraceSummary trace);

    public abstract bool MayBeIn(IDigest digest);
}

/// <summary>At least one span fulfils the condition.</summary>
internal sealed record SomeSpan(SpanCondition Condition) : TraceCondition
{
    public override IReadOnlyList<SpanRecord> Matches(IReadOnlyList<SpanRecord> spans, TraceSummary trace)
    {
        List<SpanRecord>? matches = null;
        foreach (var span in spans)
        {
            if (Condition.Accepts(span, trace))
            {
                (matches ??= []).Add(span);
            }
        }

        return (IReadOnlyList<SpanRecord>?)matches ?? [];
    }

    public override bool MayBeIn(IDigest digest) => Condition.MayBeIn(digest);
}

internal sealed record BothOf(TraceCondition Left, TraceCondition Right) : TraceCondition
{
    public override IReadOnlyList<SpanRecord> Matches(IReadOnlyList<SpanRecord> spans, TraceSummary trace) =>
        Left.Matches(spans, trace) is { Count: > 0 } left && Right.Matches(spans, trace) is { Count: > 0 } right ? [.. left.Union(right)] : [];

    public override bool MayBeIn(IDigest digest) => Left.MayBeIn(digest) && Right.MayBeIn(digest);
}

internal sealed record OneOf(TraceCondition Left, TraceCondition Right) : TraceCondition
{
    public override IReadOnlyList<SpanRecord> Matches(IReadOnlyList<SpanRecord> spans, TraceSummary trace) =>
        [.. Left.Matches(spans, trace).Union(Right.Matches(spans, trace))];

    public override bool MayBeIn(IDigest digest) => Left.MayBeIn(digest) || Right.MayBeIn(digest);
}
