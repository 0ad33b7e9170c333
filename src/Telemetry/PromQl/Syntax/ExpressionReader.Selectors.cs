using System.Globalization;
using Slipway.Telemetry.Labels;

namespace Slipway.Telemetry.PromQl.Syntax;

/// <summary>Selectors and what may follow them: ranges, subqueries, offsets and pins.</summary>
internal sealed partial class ExpressionReader
{
    private SelectorNode ReadSelector(string metric)
    {
        var start = Current;
        var matchers = new List<LabelMatcher>();
        if (start.Is("{"))
        {
            Take();
            while (!Current.Is("}"))
            {
                if (matchers.Count > 0)
                {
                    Expect(",", "in label matching");
                    if (Current.Is("}"))
                    {
                        break;
                    }
                }

                matchers.Add(ReadMatcher(metric));
            }

            Take();
        }

        if (metric.Length == 0 && matchers.TrueForAll(matcher => matcher.Accepts("")))
        {
            throw Wrong(start, "vector selector must contain at least one non-empty matcher");
        }

        return new SelectorNode(metric, matchers);
    }

    private LabelMatcher ReadMatcher(string metric)
    {
        var name = Current;
        if (name.Kind != TokenKind.Word || name.Content.Contains(':', StringComparison.Ordinal))
        {
            throw Wrong($"unexpected {name} in label matching, expected identifier or \"}}\"");
        }

        Take();
        var sign = Current;
        MatchKind? kind = sign.Kind != TokenKind.Symbol ? null : sign.Content switch
        {
            "=" => MatchKind.Equal,
            "!=" => MatchKind.NotEqual,
            "=~" => MatchKind.Matches,
            "!~" => MatchKind.NotMatches,
            _ => null,
        };
        if (kind is null)
        {
            throw Wrong($"unexpected {sign} in label matching, expected label matching operator");
        }

        Take();
        var value = Current;
        if (value.Kind != TokenKind.Text)
        {
            throw Wrong($"unexpected {value} in label matching, expected string");
        }

        Take();
        if (metric.Length > 0 && kind == MatchKind.Equal && name.Content == LabelSet.MetricName)
        {
            throw Wrong(name, $"metric name must not be set twice: \"{metric}\" or \"{value.Content}\"");
        }

        try
        {
            return new LabelMatcher(name.Content, kind.Value, value.Content);
        }
        catch (ArgumentException unusable)
        {
            throw Wrong(value, $"error parsing regexp: {unusable.Message}");
        }
    }

    private PromQlNode ReadSuffixes(PromQlNode node, Token start)
    {
        while (true)
        {
            if (Current.Is("["))
            {
                node = ReadBrackets(node, start);
            }
            else if (Current.IsWord("offset"))
            {
                node = ReadOffset(node, start);
            }
            else if (Current.Is("@"))
            {
                node = ReadPin(node, start);
            }
            else
            {
                return node;
            }
        }
    }

    private PromQlNode ReadBrackets(PromQlNode node, Token start)
    {
        var bracket = Take();
        var range = ReadDuration("in range or subquery");
        if (Current.Is(":"))
        {
            Take();
            long? step = Current.Is("]") ? null : ReadDuration("in subquery");
            Expect("]", "in subquery");
            return SubqueryOf(node, start, range, step);
        }

        Expect("]", "in range");
        if (node is not SelectorNode selector)
        {
            throw Wrong(bracket, "ranges only allowed for vector selectors");
        }

        if (selector.Placement.Offset != 0)
        {
            throw Wrong(bracket, "no offset modifiers allowed before range");
        }

        if (selector.Placement.Pin != PinKind.None)
        {
            throw Wrong(bracket, "no @ modifiers allowed before range");
        }

        return new RangeNode(selector, range);
    }

    private SubqueryNode SubqueryOf(PromQlNode node, Token start, long range, long? step)
    {
        if (node.Type != PromQlType.InstantVector)
        {
            throw Wrong(start, $"subquery is only allowed on instant vector, got {PromQlPrinter.Name(node.Type)} instead");
        }

        // Only a pin on the subquery itself fixes its moments, whatever stands inside.
        return Above(start, new SubqueryNode(node, range, step), node) with { Pinned = false };
    }

    private long ReadDuration(string where)
    {
        var token = Current;
        if (token.Kind != TokenKind.Duration)
        {
            throw Wrong($"unexpected {token} {where}, expected duration");
        }

        Take();
        _ = PromQlDuration.TryParse(token.Content, out var milliseconds);
        return milliseconds > 0 ? milliseconds : throw Wrong(token, "duration must be greater than 0");
    }

    private PromQlNode ReadOffset(PromQlNode node, Token start)
    {
        var place = Take();
        var negative = Current.Is("-");
        if (negative || Current.Is("+"))
        {
            Take();
        }

        var offset = ReadDuration("in offset") * (negative ? -1 : 1);
        return Place(node, start, "offset", placement =>
            placement.Offset == 0 ? placement with { Offset = offset } : throw Wrong(place, "offset may not be set multiple times"));
    }

    private PromQlNode ReadPin(PromQlNode node, Token start)
    {
        var place = Take();
        var pin = PinKind.Time;
        var at = 0L;
        if (Current.IsWord("start") || Current.IsWord("end"))
        {
            pin = Take().IsWord("start") ? PinKind.Start : PinKind.End;
            Expect("(", "in @");
            Expect(")", "in @");
        }
        else
        {
            var negative = Current.Is("-");
            if (negative || Current.Is("+"))
            {
                Take();
            }

            var number = Current;
            if (number.Kind != TokenKind.Number || !PromQlNumber.TryParse(number.Content, out var seconds))
            {
                throw Wrong($"unexpected {number} in @, expected timestamp");
            }

            Take();
            if (seconds > 9e12)
            {
                throw Wrong(number, "timestamp out of bounds for @ modifier: " + seconds.ToString("R", CultureInfo.InvariantCulture));
            }

            at = (long)Math.Round((negative ? -seconds : seconds) * 1000, MidpointRounding.AwayFromZero);
        }

        return Place(node, start, "@", placement =>
            placement.Pin == PinKind.None ? placement with { Pin = pin, At = at } : throw Wrong(place, "@ <timestamp> may not be set multiple times"))
            with { Pinned = true };
    }

    private PromQlNode Place(PromQlNode node, Token start, string modifier, Func<Placement, Placement> change) => node switch
    {
        SelectorNode selector => selector with { Placement = change(selector.Placement) },
        RangeNode range => range with { Selector = range.Selector with { Placement = change(range.Selector.Placement) } },
        SubqueryNode subquery => subquery with { Placement = change(subquery.Placement) },
        _ => throw Wrong(start, $"{modifier} modifier must be preceded by an instant vector selector or range vector selector or a subquery"),
    };
}
