using Slipway.Telemetry.Labels;

namespace Slipway.Telemetry.PromQl.Syntax;

/// <summary>What an expression comes to at one moment.</summary>
public enum PromQlType
{
    Scalar,
    InstantVector,
    RangeVector,
    Text,
}

/// <summary>A read expression. <see cref="object.ToString"/> writes it such that it reads back the same.</summary>
public abstract record PromQlNode
{
    internal PromQlNode()
    {
    }

    public abstract PromQlType Type { get; }

    /// <summary>How many levels of expressions lie below this one; bounded, since evaluation recurs.</summary>
    internal int Depth { get; init; }

    /// <summary>Comes to the same at every step of a range, because every selector in it is pinned with <c>@</c>.</summary>
    internal bool Pinned { get; init; }

    public sealed override string ToString() => PromQlPrinter.Print(this);
}

internal sealed record NumberNode(double Value) : PromQlNode
{
    public override PromQlType Type => PromQlType.Scalar;
}

internal sealed record TextNode(string Value) : PromQlNode
{
    public override PromQlType Type => PromQlType.Text;
}

internal sealed record ParenthesisNode(PromQlNode Inner) : PromQlNode
{
    public override PromQlType Type => Inner.Type;
}

internal sealed record SignNode(bool Negative, PromQlNode Inner) : PromQlNode
{
    public override PromQlType Type => Inner.Type;
}

internal enum PinKind
{
    None,
    Time,
    Start,
    End,
}

/// <summary>Which moment a selector looks at: the step's own or a fixed one, moved into the past by an offset.</summary>
/// <param name="At">Milliseconds since 1970, for <see cref="PinKind.Time"/>.</param>
internal readonly record struct Placement(long Offset, PinKind Pin = PinKind.None, long At = 0);

internal sealed record SelectorNode(string Metric, IReadOnlyList<LabelMatcher> Matchers, Placement Placement = default) : PromQlNode
{
    public override PromQlType Type => PromQlType.InstantVector;

    /// <summary>As a reader takes them: with the name of the metric among them.</summary>
    public IReadOnlyList<LabelMatcher> AllMatchers { get; } =
        Metric.Length == 0 ? Matchers : [new LabelMatcher(LabelSet.MetricName, MatchKind.Equal, Metric), .. Matchers];
}

internal sealed record RangeNode(SelectorNode Selector, long Range) : PromQlNode
{
    public override PromQlType Type => PromQlType.RangeVector;
}

/// <param name="Step">Null stands for the step that the engine uses when none is told.</param>
internal sealed record SubqueryNode(PromQlNode Inner, long Range, long? Step, Placement Placement = default) : PromQlNode
{
    public override PromQlType Type => PromQlType.RangeVector;
}

internal sealed record CallNode(PromQlFunction Function, IReadOnlyList<PromQlNode> Arguments) : PromQlNode
{
    public override PromQlType Type => Function.Returns;
}

internal enum Aggregation
{
    Sum,
    Avg,
    Min,
    Max,
    Count,
    Group,
    Stddev,
    Stdvar,
    TopK,
    BottomK,
    Quantile,
    CountValues,
}

/// <param name="Without">The labels are those to leave out instead of those to keep.</param>
internal sealed record AggregateNode(Aggregation Operation, PromQlNode Inner, PromQlNode? Parameter, bool Without, IReadOnlyList<string> Labels) : PromQlNode
{
    public override PromQlType Type => PromQlType.InstantVector;
}

internal enum Operation
{
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
    Power,
    Atan2,
    Equal,
    NotEqual,
    Greater,
    Less,
    GreaterOrEqual,
    LessOrEqual,
    And,
    Or,
    Unless,
}

internal enum Grouping
{
    OneToOne,
    ManyToOne,
    OneToMany,
    ManyToMany,
}

/// <summary>How elements of two vectors find each other.</summary>
/// <param name="On">The labels are those that must agree; otherwise those that need not.</param>
/// <param name="Include">Labels the many take over from the one.</param>
internal sealed record Matching(Grouping Grouping, bool On, IReadOnlyList<string> Labels, IReadOnlyList<string> Include)
{
    public static Matching Default { get; } = new(Grouping.OneToOne, On: false, [], []);
}

/// <param name="Matching">Null unless both sides are vectors.</param>
internal sealed record BinaryNode(Operation Operation, PromQlNode Left, PromQlNode Right, bool ReturnsBool, Matching? Matching) : PromQlNode
{
    public override PromQlType Type =>
        Left.Type == PromQlType.Scalar && Right.Type == PromQlType.Scalar ? PromQlType.Scalar : PromQlType.InstantVector;
}
