using System.Globalization;
using System.Text;
using Slipway.Telemetry.Labels;

namespace Slipway.Telemetry.PromQl.Syntax;

internal static class PromQlPrinter
{
    public static string Print(PromQlNode node)
    {
        var text = new StringBuilder();
        Write(text, node);
        return text.ToString();
    }

    public static string Name(PromQlType type) => type switch
    {
        PromQlType.Scalar => "scalar",
        PromQlType.InstantVector => "instant vector",
        PromQlType.RangeVector => "range vector",
        _ => "string",
    };

    private static void Write(StringBuilder text, PromQlNode node)
    {
        switch (node)
        {
            case NumberNode number:
                // Without its plus, which would be a sign of its own behind another one.
                text.Append(PromQlNumber.Plain(number.Value).TrimStart('+'));
                break;
            case TextNode quoted:
                text.Append(PromQlText.Quote(quoted.Value));
                break;
            case ParenthesisNode parenthesis:
                text.Append('(');
                Write(text, parenthesis.Inner);
                text.Append(')');
                break;
            case SignNode sign:
                text.Append(sign.Negative ? '-' : '+');
                Write(text, sign.Inner);
                break;
            case SelectorNode selector:
                WriteSelector(text, selector);
                WritePlacement(text, selector.Placement);
                break;
            case RangeNode range:
                WriteSelector(text, range.Selector);
                text.Append('[').Append(PromQlDuration.Write(range.Range)).Append(']');
                WritePlacement(text, range.Selector.Placement);
                break;
            case SubqueryNode subquery:
                Write(text, subquery.Inner);
                text.Append('[').Append(PromQlDuration.Write(subquery.Range)).Append(':');
                text.Append(subquery.Step is { } step ? PromQlDuration.Write(step) : "").Append(']');
                WritePlacement(text, subquery.Placement);
                break;
            case CallNode call:
                text.Append(call.Function.Name);
                WriteAll(text, call.Arguments);
                break;
            case AggregateNode aggregate:
                text.Append(aggregate.Operation.Text());
                if (aggregate.Without || aggregate.Labels.Count > 0)
                {
                    text.Append(aggregate.Without ? " without (" : " by (").AppendJoin(", ", aggregate.Labels).Append(") ");
                }

                WriteAll(text, aggregate.Parameter is null ? [aggregate.Inner] : [aggregate.Parameter, aggregate.Inner]);
                break;
            case BinaryNode binary:
                Write(text, binary.Left);
                text.Append(' ').Append(binary.Operation.Text()).Append(binary.ReturnsBool ? " bool" : "");
                WriteMatching(text, binary.Matching);
                text.Append(' ');
                Write(text, binary.Right);
                break;
        }
    }

    private static void WriteAll(StringBuilder text, IReadOnlyList<PromQlNode> nodes)
    {
        text.Append('(');
        for (var index = 0; index < nodes.Count; index++)
        {
            text.Append(index > 0 ? ", " : "");
            Write(text, nodes[index]);
        }

        text.Append(')');
    }

    private static void WriteSelector(StringBuilder text, SelectorNode selector)
    {
        text.Append(selector.Metric);
        if (selector.Matchers.Count == 0)
        {
            return;
        }

        text.Append('{').AppendJoin(",", selector.Matchers.Select(matcher => $"{matcher.Name}{Sign(matcher.Kind)}{PromQlText.Quote(matcher.Value)}")).Append('}');
    }

    private static string Sign(MatchKind kind) => kind switch
    {
        MatchKind.Equal => "=",
        MatchKind.NotEqual => "!=",
        MatchKind.Matches => "=~",
        _ => "!~",
    };

    private static void WritePlacement(StringBuilder text, Placement placement)
    {
        text.Append(placement.Pin switch
        {
            PinKind.Time => string.Create(CultureInfo.InvariantCulture, $" @ {placement.At / 1000m:0.000}"),
            PinKind.Start => " @ start()",
            PinKind.End => " @ end()",
            _ => "",
        });
        text.Append(placement.Offset == 0 ? "" : " offset ").Append(placement.Offset == 0 ? "" : PromQlDuration.Write(placement.Offset));
    }

    private static void WriteMatching(StringBuilder text, Matching? matching)
    {
        if (matching is null || (!matching.On && matching.Labels.Count == 0 && matching.Grouping is Grouping.OneToOne or Grouping.ManyToMany))
        {
            return;
        }

        text.Append(matching.On ? " on (" : " ignoring (").AppendJoin(", ", matching.Labels).Append(')');
        if (matching.Grouping is Grouping.ManyToOne or Grouping.OneToMany)
        {
            text.Append(matching.Grouping == Grouping.ManyToOne ? " group_left (" : " group_right (").AppendJoin(", ", matching.Include).Append(')');
        }
    }
}
