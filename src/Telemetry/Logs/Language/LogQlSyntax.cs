using Slipway.Telemetry.Labels;
using Slipway.Telemetry.Logs.Pipeline;

namespace Slipway.Telemetry.Logs.Language;

/// <summary>An expression as it was understood.</summary>
internal abstract record LogQlNode;

/// <summary>Asks for lines: which streams, and what becomes of their lines.</summary>
internal sealed record LineQuery(IReadOnlyList<LabelMatcher> Matchers, IReadOnlyList<LineStage> Stages) : LogQlNode
{
    public bool Wanted(LabelSet labels)
    {
        foreach (var matcher in Matchers)
        {
            if (!matcher.Accepts(labels))
            {
                return false;
            }
        }

        return true;
    }
}

/// <summary>Asks for numbers.</summary>
internal abstract record MetricNode : LogQlNode;

/// <param name="Without">The names are those that go, not those that stay.</param>
internal sealed record Grouping(IReadOnlyList<string> Names, bool Without);

internal enum Conversion
{
    None,
    Duration,
    Bytes,
}

/// <param name="After">Conditions that stand behind it.</param>
internal sealed record Unwrap(string Label, Conversion Conversion, IReadOnlyList<LineStage> After);

internal sealed record RangeCall(string Function, double Parameter, LineQuery Lines, Unwrap? Unwrap, long Range, long Offset, Grouping? Grouping) : MetricNode;

internal sealed record AggregateCall(string Function, double Parameter, MetricNode Of, Grouping? Grouping) : MetricNode;

internal sealed record NumberNode(double Value) : MetricNode;

/// <summary><c>vector(1)</c>: a number as the one element of a vector.</summary>
internal sealed record VectorNode(double Value) : MetricNode;

internal sealed record LabelReplaceNode(MetricNode Of, string Target, string Replacement, string Source, System.Text.RegularExpressions.Regex Pattern) : MetricNode;

/// <param name="On">Only these labels matter for which elements belong together; otherwise all but these.</param>
internal sealed record Matching(IReadOnlyList<string> Names, bool On);

internal sealed record BinaryNode(string Operator, MetricNode Left, MetricNode Right, bool Bool, Matching? Matching) : MetricNode;
