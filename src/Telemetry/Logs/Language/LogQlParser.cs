using System.Text.RegularExpressions;
using Slipway.Model.Failures;
using Slipway.Telemetry.Logs.Pipeline;

namespace Slipway.Telemetry.Logs.Language;

/// <summary>Understands LogQL: what Loki's handbook calls log queries and metric queries.</summary>
internal sealed class LogQlParser
{
    private static readonly string[] s_lineFunctions = ["count_over_time", "rate", "bytes_over_time", "bytes_rate", "absent_over_time"];

    private static readonly string[] s_valueFunctions =
    [
        "rate", "sum_over_time", "avg_over_time", "max_over_time", "min_over_time", "stddev_over_time", "stdvar_over_time", "quantile_over_time",
        "first_over_time", "last_over_time", "absent_over_time",
    ];

    private static readonly string[] s_groupable =
        ["avg_over_time", "max_over_time", "min_over_time", "stddev_over_time", "stdvar_over_time", "quantile_over_time", "first_over_time", "last_over_time"];

    private static readonly string[] s_aggregates = ["sum", "avg", "min", "max", "count", "stddev", "stdvar", "topk", "bottomk", "sort", "sort_desc"];

    private static readonly string[][] s_operators = [["or"], ["and", "unless"], ["==", "!=", ">", ">=", "<", "<="], ["+", "-"], ["*", "/", "%"], ["^"]];

    private readonly TokenCursor _cursor;
    private readonly PipelineParser _pipeline;

    private LogQlParser(string expression)
    {
        _cursor = new TokenCursor(expression);
        _pipeline = new PipelineParser(_cursor);
    }

    public static Outcome<LogQlNode> Parse(string expression, int lengthMax = 16 << 10)
    {
        if (expression.Length > lengthMax)
        {
            return new Failure(FailureKind.Malformed, "bad-expression", $"parse error at line 1, col 1: the expression is longer than {lengthMax} characters");
        }

        try
        {
            return new LogQlParser(expression).ParseAll();
        }
        catch (LogQlException wrong)
        {
            return wrong.ToFailure();
        }
    }

    private LogQlNode ParseAll()
    {
        // Grafana puts selectors between parentheses now and then.
        var depth = 0;
        while (_cursor.Ahead(depth).Is("("))
        {
            depth++;
        }

        LogQlNode node = _cursor.Ahead(depth).Is("{") ? Lines() : Metric(0);
        return _cursor.Current.Kind == TokenKind.End ? node : throw _cursor.Unexpected("an operator or the end");
    }

    private LineQuery Lines()
    {
        _cursor.Enter();
        if (_cursor.Skip("("))
        {
            var inner = Lines();
            _cursor.Expect(")");
            _cursor.Leave();
            var more = inner.Stages.ToList();
            _pipeline.Stages(more);
            return inner with { Stages = more };
        }

        var matchers = _pipeline.Selector();
        var stages = new List<LineStage>();
        _pipeline.Stages(stages);
        _cursor.Leave();
        return new LineQuery(matchers, stages);
    }

    private MetricNode Metric(int level)
    {
        if (level == s_operators.Length)
        {
            return Operand();
        }

        _cursor.Enter();
        var left = Metric(level + 1);
        while (_cursor.Current.Kind is TokenKind.Symbol or TokenKind.Name && s_operators[level].Contains(_cursor.Current.Text))
        {
            _cursor.CountOperator();
            var symbol = _cursor.Next();
            var (returnsBool, matching) = Modifiers(symbol);

            // Powers are taken from the right.
            var right = Metric(symbol.Text == "^" ? level : level + 1);
            left = Combine(symbol, left, right, returnsBool, matching);
        }

        _cursor.Leave();
        return left;
    }

    private BinaryNode Combine(LogQlToken symbol, MetricNode left, MetricNode right, bool returnsBool, Matching? matching)
    {
        if (symbol.Text is "and" or "or" or "unless" && (IsNumber(left) || IsNumber(right)))
        {
            throw _cursor.Error(symbol.Position, $"'{symbol.Text}' stands between two vectors, not beside a number");
        }

        return new BinaryNode(symbol.Text, left, right, returnsBool, matching);
    }

    internal static bool IsNumber(MetricNode node) => node is NumberNode || (node is BinaryNode binary && IsNumber(binary.Left) && IsNumber(binary.Right));

    private (bool Bool, Matching? Matching) Modifiers(LogQlToken symbol)
    {
        var at = _cursor.Current.Position;
        var returnsBool = _cursor.SkipName("bool");
        if (returnsBool && !s_operators[2].Contains(symbol.Text))
        {
            throw _cursor.Error(at, "'bool' stands behind comparisons only");
        }

        Matching? matching = null;
        if (_cursor.Current.IsName("on") || _cursor.Current.IsName("ignoring"))
        {
            var on = _cursor.Next().Text == "on";
            matching = new Matching(Names(), on);
        }

        return _cursor.Current.IsName("group_left") || _cursor.Current.IsName("group_right")
            ? throw _cursor.Error(_cursor.Current.Position, $"'{_cursor.Current.Text}' is not known here: every element belongs to one other; take the sum of one side first")
            : (returnsBool, matching);
    }

    private MetricNode Operand()
    {
        if (_cursor.Skip("("))
        {
            _cursor.Enter();
            var inner = Metric(0);
            _cursor.Leave();
            _cursor.Expect(")");
            return inner;
        }

        if (_cursor.Current.Is("-") || _cursor.Current.Is("+"))
        {
            var sign = _cursor.Next().Text == "-" ? -1 : 1;
            return new NumberNode(sign * Number("a number"));
        }

        if (_cursor.Current.Kind == TokenKind.Number)
        {
            return new NumberNode(_cursor.Next().Value);
        }

        var name = _cursor.Current;
        if (name.Kind != TokenKind.Name)
        {
            throw _cursor.Unexpected("a selector such as {service=\"orders\"}, a function or a number");
        }

        _cursor.Next();
        return name.Text switch
        {
            "vector" => Vector(),
            "label_replace" => LabelReplace(),
            _ when s_aggregates.Contains(name.Text) => Aggregate(name.Text),
            _ when s_lineFunctions.Contains(name.Text) || s_valueFunctions.Contains(name.Text) => Range(name),
            _ => throw _cursor.Error(name.Position, $"syntax error: unknown function '{name.Text}'"),
        };
    }

    private double Number(string expected)
    {
        var sign = _cursor.Skip("-") ? -1 : 1;
        return _cursor.Current.Kind == TokenKind.Number ? sign * _cursor.Next().Value : throw _cursor.Unexpected(expected);
    }

    private VectorNode Vector()
    {
        _cursor.Expect("(");
        var value = Number("a number");
        _cursor.Expect(")");
        return new VectorNode(value);
    }

    private LabelReplaceNode LabelReplace()
    {
        _cursor.Expect("(");
        var of = Metric(0);
        var texts = new string[4];
        var at = 0;
        for (var index = 0; index < texts.Length; index++)
        {
            _cursor.Expect(",");
            at = _cursor.Current.Position;
            texts[index] = _cursor.Text("a text between quotes");
        }

        _cursor.Expect(")");
        try
        {
            var pattern = new Regex($"^(?:{texts[3].Replace("(?P<", "(?<", StringComparison.Ordinal)})$", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
            return new LabelReplaceNode(of, texts[0], texts[1], texts[2], pattern);
        }
        catch (Exception wrong) when (wrong is ArgumentException or NotSupportedException)
        {
            throw _cursor.Error(at, $"'{texts[3]}' is no regular expression: {wrong.Message}");
        }
    }

    private AggregateCall Aggregate(string function)
    {
        var grouping = GroupingIfAny();
        _cursor.Expect("(");
        var parameter = 0.0;
        if (function is "topk" or "bottomk")
        {
            var at = _cursor.Current.Position;
            parameter = Number("how many");
            if (parameter is not (>= 1 and <= 100_000))
            {
                throw _cursor.Error(at, $"{function} takes a number from 1 to 100000");
            }

            _cursor.Expect(",");
        }

        var of = Metric(0);
        _cursor.Expect(")");
        return new AggregateCall(function, parameter, of, grouping ?? GroupingIfAny());
    }

    private Grouping? GroupingIfAny()
    {
        if (!_cursor.Current.IsName("by") && !_cursor.Current.IsName("without"))
        {
            return null;
        }

        var without = _cursor.Next().Text == "without";
        return new Grouping(Names(), without);
    }

    private List<string> Names()
    {
        _cursor.Expect("(");
        var names = new List<string>();
        while (!_cursor.Current.Is(")"))
        {
            names.Add(_cursor.Name("the name of a label"));
            if (!_cursor.Skip(",") && !_cursor.Current.Is(")"))
            {
                throw _cursor.Unexpected("',' or ')'");
            }
        }

        _cursor.Expect(")");
        return names;
    }

    private RangeCall Range(LogQlToken function)
    {
        _cursor.Expect("(");
        var parameter = 0.0;
        if (function.Text == "quantile_over_time")
        {
            parameter = Number("the quantile, such as 0.95");
            _cursor.Expect(",");
        }

        var (lines, unwrap, range, offset) = RangeOfLines();
        _cursor.Expect(")");
        if (unwrap is null && !s_lineFunctions.Contains(function.Text))
        {
            throw _cursor.Error(function.Position, $"{function.Text} needs values: put '| unwrap label' before the range");
        }

        if (unwrap is not null && !s_valueFunctions.Contains(function.Text))
        {
            throw _cursor.Error(function.Position, $"{function.Text} counts lines or their bytes; it does not go with 'unwrap'");
        }

        var at = _cursor.Current.Position;
        var grouping = GroupingIfAny();
        return grouping is null || s_groupable.Contains(function.Text)
            ? new RangeCall(function.Text, parameter, lines, unwrap, range, offset, grouping)
            : throw _cursor.Error(at, $"grouping is not allowed for {function.Text}; write sum by (…) ({function.Text}(…))");
    }

    private (LineQuery Lines, Unwrap? Unwrap, long Range, long Offset) RangeOfLines()
    {
        if (_cursor.Current.Is("("))
        {
            _cursor.Enter();
            _cursor.Next();
            var (inner, innerUnwrap, innerRange, innerOffset) = RangeOfLines(insideParentheses: true);
            _cursor.Expect(")");
            _cursor.Leave();
            if (innerRange > 0)
            {
                return (inner, innerUnwrap, innerRange, innerOffset);
            }

            var (range, offset) = RangeAndOffset();
            return (inner, innerUnwrap, range, offset);
        }

        return RangeOfLines(insideParentheses: false);
    }

    private (LineQuery Lines, Unwrap? Unwrap, long Range, long Offset) RangeOfLines(bool insideParentheses)
    {
        if (insideParentheses && _cursor.Current.Is("("))
        {
            return RangeOfLines();
        }

        var matchers = _pipeline.Selector();
        var stages = new List<LineStage>();
        var (range, offset) = (0L, 0L);

        // The range may stand directly behind the selector, or behind all stages.
        if (_cursor.Current.Is("["))
        {
            (range, offset) = RangeAndOffset();
        }

        _pipeline.Stages(stages);
        var unwrap = UnwrapIfAny();
        if (range == 0 && !(insideParentheses && !_cursor.Current.Is("[")))
        {
            (range, offset) = RangeAndOffset();
        }

        return (new LineQuery(matchers, stages), unwrap, range, offset);
    }

    private (long Range, long Offset) RangeAndOffset()
    {
        _cursor.Expect("[");
        var range = Duration();
        _cursor.Expect("]");
        var offset = 0L;
        if (_cursor.SkipName("offset"))
        {
            offset = _cursor.Skip("-") ? -Duration() : Duration();
        }

        return (range, offset);
    }

    private long Duration()
    {
        var token = _cursor.Current;
        if (token.Kind != TokenKind.Duration)
        {
            throw _cursor.Unexpected("a duration such as 5m");
        }

        if (token.Value is not (>= 1e6 and <= 366 * 86_400e9))
        {
            throw _cursor.Error(token.Position, "a duration is at least 1ms and at most 366d");
        }

        _cursor.Next();
        return (long)token.Value;
    }

    private Unwrap? UnwrapIfAny()
    {
        if (!_cursor.Current.Is("|") || !_cursor.Ahead().IsName("unwrap"))
        {
            return null;
        }

        _cursor.Next();
        _cursor.Next();
        var at = _cursor.Current.Position;
        var label = _cursor.Name("the name of a label");
        var conversion = Conversion.None;
        if (_cursor.Skip("("))
        {
            conversion = label switch
            {
                "duration" or "duration_seconds" => Conversion.Duration,
                "bytes" => Conversion.Bytes,
                _ => throw _cursor.Error(at, $"unknown conversion '{label}'; known are duration, duration_seconds and bytes"),
            };
            label = _cursor.Name("the name of a label");
            _cursor.Expect(")");
        }

        var after = new List<LineStage>();
        _pipeline.Stages(after);
        return new Unwrap(label, conversion, after);
    }
}
