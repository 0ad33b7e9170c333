namespace Slipway.Telemetry.PromQl.Syntax;

/// <summary>The selectors of an expression, from left to right.</summary>
internal static class Selectors
{
    public static IEnumerable<SelectorNode> In(PromQlNode node) => node switch
    {
        SelectorNode selector => [selector],
        RangeNode range => [range.Selector],
        ParenthesisNode parenthesis => In(parenthesis.Inner),
        SignNode sign => In(sign.Inner),
        SubqueryNode subquery => In(subquery.Inner),
        CallNode call => call.Arguments.SelectMany(In),
        AggregateNode aggregate => aggregate.Parameter is null ? In(aggregate.Inner) : In(aggregate.Parameter).Concat(In(aggregate.Inner)),
        BinaryNode binary => In(binary.Left).Concat(In(binary.Right)),
        _ => [],
    };
}
