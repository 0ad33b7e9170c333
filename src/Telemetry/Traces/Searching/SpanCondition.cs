using System.Globalization;
using System.Text.RegularExpressions;

namespace Slipway.Telemetry.Traces.Searching;

/// <summary>What is known of a heap of traces without looking at them.</summary>
internal interface IDigest
{
    bool MayHave(string name, string value);

    bool HasErrors { get; }

    long LongestNanoseconds { get; }
}

/// <summary>A condition on one span.</summary>
internal abstract record SpanCondition
{
    public abstract bool Accepts(SpanRecord span, TraceSummary trace);

    /// <summary>False if surely no span of the heap is accepted.</summary>
    public virtual bool MayBeIn(IDigest digest) => true;
}

internal sealed record AnySpan : SpanCondition
{
    public override bool Accepts(SpanRecord span, TraceSummary trace) => true;
}

internal sealed record BothConditions(SpanCondition Left, SpanCondition Right) : SpanCondition
{
    public override bool Accepts(SpanRecord span, TraceSummary trace) => Left.Accepts(span, trace) && Right.Accepts(span, trace);

    public override bool MayBeIn(IDigest digest) => Left.MayBeIn(digest) && Right.MayBeIn(digest);
}

internal sealed record EitherCondition(SpanCondition Left, SpanCondition Right) : SpanCondition
{
    public override bool Accepts(SpanRecord span, TraceSummary trace) => Left.Accepts(span, trace) || Right.Accepts(span, trace);

    public override bool MayBeIn(IDigest digest) => Left.MayBeIn(digest) || Right.MayBeIn(digest);
}

internal enum Comparison
{
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Matches,
    NotMatches,
}

internal enum FieldScope
{
    /// <summary>What every span has: name, duration, status, kind, and what its trace has.</summary>
    Intrinsic,
    Resource,
    Span,

    /// <summary>An attribute of the span or of its resource.</summary>
    Either,
}

/// <summary>Whether a span has an attribute at all.</summary>
internal sealed record PresenceCondition(FieldScope Scope, string Name, bool Present) : SpanCondition
{
    public override bool Accepts(SpanRecord span, TraceSummary trace) =>
        Present == ((Scope != FieldScope.Resource && span.Attributes.Any(attribute => attribute.Name == Name))
            || (Scope != FieldScope.Span && (Name == "service.name" || span.Resource.Any(attribute => attribute.Name == Name))));
}

internal sealed record FieldCondition(FieldScope Scope, string Name, Comparison Comparison, AttributeValue Operand, Regex? Pattern) : SpanCondition
{
    private const double ExactMax = 1L << 53;

    public override bool Accepts(SpanRecord span, TraceSummary trace) => Scope == FieldScope.Intrinsic ? OfSpan(span, trace) : OfAttributes(span);

    public override bool MayBeIn(IDigest digest) => (Scope, Name, Comparison) switch
    {
        (FieldScope.Intrinsic, "name", Comparison.Equal) => digest.MayHave("name", Operand.ToString()),
        (FieldScope.Intrinsic, "status", Comparison.Equal) when Operand.ToString() == "error" => digest.HasErrors,
        (FieldScope.Intrinsic, "duration" or "traceDuration", Comparison.Greater or Comparison.GreaterOrEqual) => digest.LongestNanoseconds >= Number(Operand),
        (FieldScope.Intrinsic, _, _) => true,
        (_, _, Comparison.Equal) when Operand.Kind is AttributeKind.Text or AttributeKind.Flag || Math.Abs(Number(Operand) ?? double.MaxValue) < ExactMax =>
            digest.MayHave(Name, Text(Operand)),
        _ => true,
    };

    private bool OfSpan(SpanRecord span, TraceSummary trace) => Name switch
    {
        "name" => Compare(AttributeValue.Of(span.Name)),
        "statusMessage" => Compare(AttributeValue.Of(span.StatusMessage)),
        "status" => Compare(AttributeValue.Of(NameOf(span.Status))),
        "kind" => Compare(AttributeValue.Of(NameOf(span.Kind))),
        "duration" => Compare(AttributeValue.Of(span.Nanoseconds)),
        "traceDuration" => Compare(AttributeValue.Of(trace.Nanoseconds)),
        "rootName" => Compare(AttributeValue.Of(trace.RootName)),

        // Dashboards ask for roots this way: only whether there is a parent can be told here.
        "nestedSetParent" => Compare(AttributeValue.Of(span.ParentSpanId is null ? -1L : 1L)),
        "rootServiceName" => Compare(AttributeValue.Of(trace.RootService)),
        _ => false,
    };

    private bool OfAttributes(SpanRecord span)
    {
        if (Scope != FieldScope.Resource)
        {
            foreach (var attribute in span.Attributes)
            {
                if (attribute.Name == Name && Compare(attribute.Value))
                {
                    return true;
                }
            }
        }

        if (Scope == FieldScope.Span)
        {
            return false;
        }

        // Spans of the platform itself carry the name of their service beside their resource.
        if (Name == "service.name")
        {
            return Compare(AttributeValue.Of(span.Service));
        }

        foreach (var attribute in span.Resource)
        {
            if (attribute.Name == Name && Compare(attribute.Value))
            {
                return true;
            }
        }

        return false;
    }

    private bool Compare(AttributeValue value)
    {
        switch (Comparison)
        {
            case Comparison.Equal:
                return Same(value);
            case Comparison.NotEqual:
                return !Same(value);
            case Comparison.Matches:
                return Pattern!.IsMatch(value.ToString());
            case Comparison.NotMatches:
                return !Pattern!.IsMatch(value.ToString());
            default:
                if (Number(value) is not { } left || Number(Operand) is not { } right)
                {
                    return false;
                }

                return Comparison switch
                {
                    Comparison.Less => left < right,
                    Comparison.LessOrEqual => left <= right,
                    Comparison.Greater => left > right,
                    _ => left >= right,
                };
        }
    }

    private bool Same(AttributeValue value) =>
        Number(value) is { } left && Number(Operand) is { } right ? left == right : string.Equals(value.ToString(), Operand.ToString(), StringComparison.Ordinal);

    /// <summary>As the value would be written if it were a whole number, if it is one.</summary>
    private static string Text(AttributeValue value) =>
        value.Kind == AttributeKind.Fraction && value.Fraction == Math.Truncate(value.Fraction) ? ((long)value.Fraction).ToString(CultureInfo.InvariantCulture) : value.ToString();

    private static double? Number(AttributeValue value) => value.Kind switch
    {
        AttributeKind.Whole => value.Whole,
        AttributeKind.Fraction => value.Fraction,
        _ => null,
    };

    public static string NameOf(SpanStatus status) => status switch
    {
        SpanStatus.Ok => "ok",
        SpanStatus.Error => "error",
        _ => "unset",
    };

    public static string NameOf(SpanKind kind) => kind switch
    {
        SpanKind.Server => "server",
        SpanKind.Client => "client",
        SpanKind.Producer => "producer",
        SpanKind.Consumer => "consumer",
        _ => "internal",
    };
}
