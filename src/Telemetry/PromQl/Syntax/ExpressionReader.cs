namespace Slipway.Telemetry.PromQl.Syntax;

/// <summary>
/// A Pratt parser: <see cref="ReadExpression"/> reads one operand and then takes operators as long as they bind more strongly
/// than what stands before the operand.
/// </summary>
internal sealed partial class ExpressionReader
{
    /// <summary>Everything that follows a tree recurs, and a stack that overflows takes the process with it.</summary>
    private const int DepthMax = 300;

    private const int LengthMax = 200_000;

    private readonly string _expression;
    private readonly IReadOnlyList<Token> _tokens;
    private int _next;
    private int _nesting;

    private ExpressionReader(string expression)
    {
        _expression = expression;
        _tokens = PromQlLexer.Tokens(expression);
    }

    private Token Current => _tokens[_next];

    private Token Following => _tokens[Math.Min(_next + 1, _tokens.Count - 1)];

    public static PromQlNode Read(string expression)
    {
        if (expression.Length > LengthMax)
        {
            throw new PromQlSyntaxException(expression, LengthMax, $"the expression is longer than {LengthMax} characters");
        }

        var reader = new ExpressionReader(expression);
        if (reader.Current.Kind == TokenKind.End)
        {
            throw reader.Wrong("no expression found in input");
        }

        var node = reader.ReadExpression(0);
        return reader.Current.Kind == TokenKind.End ? node : throw reader.Wrong($"unexpected {reader.Current}");
    }

    private PromQlNode ReadExpression(int rankBefore)
    {
        if (++_nesting > DepthMax)
        {
            throw Wrong($"the expression nests deeper than {DepthMax} levels");
        }

        var left = ReadOperand();
        while (Operations.TryRead(Current, out var operation) && operation.Rank() > rankBefore)
        {
            var sign = Take();
            left = ReadBinary(operation, sign, left);
        }

        _nesting--;
        return left;
    }

    private PromQlNode ReadOperand()
    {
        var start = Current;
        if (start.Is("-") || start.Is("+"))
        {
            Take();
            var inner = ReadExpression(Operations.SignRank);
            if (inner is NumberNode number)
            {
                return number with { Value = start.Is("-") ? -number.Value : number.Value };
            }

            if (inner.Type is not (PromQlType.Scalar or PromQlType.InstantVector))
            {
                throw Wrong(start, $"unary expression only allowed on expressions of type scalar or instant vector, got \"{PromQlPrinter.Name(inner.Type)}\"");
            }

            return Above(start, new SignNode(start.Is("-"), inner), inner);
        }

        return ReadSuffixes(ReadPrimary(), start);
    }

    private PromQlNode ReadPrimary()
    {
        var start = Current;
        switch (start.Kind)
        {
            case TokenKind.Number:
                Take();
                _ = PromQlNumber.TryParse(start.Content, out var value);
                return new NumberNode(value) { Pinned = true };
            case TokenKind.Text:
                Take();
                return new TextNode(start.Content) { Pinned = true };
            case TokenKind.Word:
                return ReadNamed(start);
            case TokenKind.Symbol when start.Is("("):
                Take();
                var inner = ReadExpression(0);
                Expect(")", "in parenthesised expression");
                return Above(start, new ParenthesisNode(inner), inner);
            case TokenKind.Symbol when start.Is("{"):
                return ReadSelector("");
            default:
                throw Wrong($"unexpected {start}");
        }
    }

    private PromQlNode ReadNamed(Token start)
    {
        if (Operations.TryReadAggregation(start, out var aggregation) && (Following.Is("(") || Following.IsWord("by") || Following.IsWord("without")))
        {
            Take();
            return ReadAggregate(start, aggregation);
        }

        if (Following.Is("("))
        {
            return ReadCall(start);
        }

        Take();
        if (PromQlNumber.IsWord(start.Content))
        {
            _ = PromQlNumber.TryParse(start.Content, out var value);
            return new NumberNode(value) { Pinned = true };
        }

        if (start.IsWord("bool") || start.IsWord("on") || start.IsWord("ignoring") || start.IsWord("group_left") || start.IsWord("group_right") || start.IsWord("atan2"))
        {
            throw Wrong(start, $"unexpected {start}");
        }

        return ReadSelector(start.Content);
    }

    private CallNode ReadCall(Token start)
    {
        var function = PromQlFunction.Find(start.Content) ?? throw Wrong($"unknown function with name \"{start.Content}\"");
        Take();
        var arguments = ReadArguments(out var places);
        if (arguments.Count < function.Required)
        {
            throw Wrong(start, $"expected {(function.Required == function.Parameters.Count ? "" : "at least ")}{function.Required} argument(s) in call to \"{function.Name}\", got {arguments.Count}");
        }

        if (!function.Repeats && arguments.Count > function.Parameters.Count)
        {
            throw Wrong(start, $"expected {(function.Required == function.Parameters.Count ? "" : "at most ")}{function.Parameters.Count} argument(s) in call to \"{function.Name}\", got {arguments.Count}");
        }

        for (var index = 0; index < arguments.Count; index++)
        {
            ExpectType(places[index], arguments[index], function.Parameters[Math.Min(index, function.Parameters.Count - 1)], $"call to function \"{function.Name}\"");
        }

        var node = Above(start, new CallNode(function, arguments), [.. arguments]);
        return function.FollowsTime ? node with { Pinned = false } : node;
    }

    private List<PromQlNode> ReadArguments(out List<Token> places)
    {
        Expect("(", "before arguments");
        var arguments = new List<PromQlNode>();
        places = [];
        while (!Current.Is(")"))
        {
            if (arguments.Count > 0)
            {
                Expect(",", "between arguments");
                if (Current.Is(")"))
                {
                    throw Wrong("trailing commas not allowed in function call args");
                }
            }

            places.Add(Current);
            arguments.Add(ReadExpression(0));
        }

        Take();
        return arguments;
    }

    private AggregateNode ReadAggregate(Token start, Aggregation aggregation)
    {
        var (without, labels) = ReadGrouping() ?? default;
        var arguments = ReadArguments(out var places);
        if (labels is null)
        {
            (without, labels) = ReadGrouping() ?? (false, []);
        }

        var wanted = aggregation.TakesParameter() ? 2 : 1;
        if (arguments.Count != wanted)
        {
            throw Wrong(start, $"wrong number of arguments for aggregate expression \"{aggregation.Text()}\" provided, expected {wanted}, got {arguments.Count}");
        }

        var parameter = wanted == 2 ? arguments[0] : null;
        if (parameter is not null)
        {
            ExpectType(places[0], parameter, aggregation == Aggregation.CountValues ? PromQlType.Text : PromQlType.Scalar, "aggregation parameter");
        }

        ExpectType(places[^1], arguments[^1], PromQlType.InstantVector, "aggregation expression");
        return Above(start, new AggregateNode(aggregation, arguments[^1], parameter, without, labels), [.. arguments]);
    }

    private (bool Without, IReadOnlyList<string> Labels)? ReadGrouping()
    {
        if (!Current.IsWord("by") && !Current.IsWord("without"))
        {
            return null;
        }

        var without = Take().IsWord("without");
        return (without, ReadLabels());
    }

    private List<string> ReadLabels()
    {
        Expect("(", "in grouping opts");
        var labels = new List<string>();
        while (!Current.Is(")"))
        {
            if (labels.Count > 0)
            {
                Expect(",", "in grouping opts");
                if (Current.Is(")"))
                {
                    break;
                }
            }

            if (Current.Kind != TokenKind.Word || Current.Content.Contains(':', StringComparison.Ordinal))
            {
                throw Wrong($"unexpected {Current} in grouping opts, expected label");
            }

            labels.Add(Take().Content);
        }

        Take();
        return labels;
    }

    private Token Take() => _tokens[_next++];

    private void Expect(string symbol, string where)
    {
        if (!Current.Is(symbol))
        {
            throw Wrong($"unexpected {Current} {where}, expected \"{symbol}\"");
        }

        _next++;
    }

    private void ExpectType(Token place, PromQlNode node, PromQlType type, string where)
    {
        if (node.Type != type)
        {
            throw Wrong(place, $"expected type {PromQlPrinter.Name(type)} in {where}, got {PromQlPrinter.Name(node.Type)}");
        }
    }

    private T Above<T>(Token place, T node, params ReadOnlySpan<PromQlNode> children)
        where T : PromQlNode
    {
        var depth = 0;
        var pinned = true;
        foreach (var child in children)
        {
            depth = Math.Max(depth, child.Depth + 1);
            pinned &= child.Pinned;
        }

        return depth > DepthMax ? throw Wrong(place, $"the expression nests deeper than {DepthMax} levels") : (T)(node with { Depth = depth, Pinned = pinned });
    }

    private PromQlSyntaxException Wrong(string problem) => Wrong(Current, problem);

    private PromQlSyntaxException Wrong(Token place, string problem) => new(_expression, place.Offset, problem);
}
