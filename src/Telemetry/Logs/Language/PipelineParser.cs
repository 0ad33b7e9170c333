using Slipway.Telemetry.Labels;
using Slipway.Telemetry.Logs.Pipeline;

namespace Slipway.Telemetry.Logs.Language;

/// <summary>Understands selectors and the stages behind them.</summary>
internal sealed class PipelineParser(TokenCursor cursor)
{
    private const int StagesMax = 64;

    public List<LabelMatcher> Selector()
    {
        var start = cursor.Current.Position;
        cursor.Expect("{");
        var matchers = new List<LabelMatcher>();
        while (!cursor.Current.Is("}"))
        {
            matchers.Add(Matcher(cursor.Name("the name of a label")));
            if (!cursor.Skip(",") && !cursor.Current.Is("}"))
            {
                throw cursor.Unexpected("',' or '}'");
            }
        }

        cursor.Expect("}");
        if (matchers.TrueForAll(matcher => matcher.Accepts("")))
        {
            throw cursor.Error(start, "queries require at least one label that must not be empty, such as {service=\"orders\"} or {service=~\".+\"}");
        }

        return matchers;
    }

    private LabelMatcher Matcher(string name)
    {
        var (kind, at) = (KindOf(cursor.Current), cursor.Current.Position);
        if (kind is null)
        {
            throw cursor.Unexpected("'=', '!=', '=~' or '!~'");
        }

        cursor.Next();
        return Matcher(name, kind.Value, cursor.Text("a text between quotes"), at);
    }

    private LabelMatcher Matcher(string name, MatchKind kind, string value, int at)
    {
        try
        {
            return new LabelMatcher(name, kind, value);
        }
        catch (ArgumentException wrong)
        {
            throw cursor.Error(at, $"'{value}' is no regular expression: {wrong.Message}");
        }
    }

    private static MatchKind? KindOf(LogQlToken token) => token.Kind != TokenKind.Symbol ? null : token.Text switch
    {
        "=" => MatchKind.Equal,
        "!=" => MatchKind.NotEqual,
        "=~" => MatchKind.Matches,
        "!~" => MatchKind.NotMatches,
        _ => null,
    };

    /// <summary>Everything up to what is no stage, or to <c>unwrap</c>, which is none.</summary>
    public void Stages(List<LineStage> stages)
    {
        while (true)
        {
            if (stages.Count > StagesMax)
            {
                throw cursor.Error(cursor.Current.Position, $"there are more than {StagesMax} stages");
            }

            if (IsLineFilter())
            {
                stages.Add(LineFilterStage());
            }
            else if (cursor.Current.Is("|") && !cursor.Ahead().IsName("unwrap"))
            {
                cursor.Next();
                stages.Add(Stage());
            }
            else
            {
                return;
            }
        }
    }

    private bool IsLineFilter()
    {
        var token = cursor.Current;
        if (token.Is("|=") || token.Is("|~") || token.Is("|>") || token.Is("!>"))
        {
            return true;
        }

        return (token.Is("!=") || token.Is("!~")) && (cursor.Ahead().Kind == TokenKind.Text || cursor.Ahead().IsName("ip"));
    }

    private LineStage LineFilterStage()
    {
        var symbol = cursor.Next();
        if (symbol.Text is "|>" or "!>")
        {
            throw cursor.Error(symbol.Position, $"'{symbol.Text}' is not known here; use '|~' or '!~' with a regular expression");
        }

        if (cursor.Current.IsName("ip"))
        {
            throw cursor.Error(cursor.Current.Position, "ip(…) is not known here; use '|~' with a regular expression");
        }

        var texts = new List<(string Text, int At)>();
        do
        {
            texts.Add((cursor.Current.Kind == TokenKind.Text ? cursor.Current.Text : "", cursor.Current.Position));
            cursor.Text("a text between quotes");
        }
        while (cursor.SkipName("or"));

        var wanted = symbol.Text[0] == '|';
        return symbol.Text[1] == '='
            ? new TextFilter([.. texts.Select(text => text.Text)], wanted)
            : new PatternFilter([.. texts.Select(text => Pattern(text.Text, text.At))], wanted);
    }

    private LinePattern Pattern(string text, int at)
    {
        try
        {
            return LinePattern.Of(text);
        }
        catch (ArgumentException wrong)
        {
            throw cursor.Error(at, $"'{text}' is no regular expression: {wrong.Message}");
        }
    }

    private LineStage Stage()
    {
        var token = cursor.Current;
        if (token.Is("("))
        {
            return new LabelFilter(Condition());
        }

        if (token.Kind != TokenKind.Name)
        {
            throw cursor.Unexpected("a stage such as json, logfmt or a comparison of a label");
        }

        // A label may have the name of a stage: what follows tells which it is.
        if (KindOf(cursor.Ahead()) is not null || cursor.Ahead().Text is "==" or ">" or ">=" or "<" or "<=")
        {
            return new LabelFilter(Condition());
        }

        cursor.Next();
        return token.Text switch
        {
            "json" => JsonStageOf(),
            "logfmt" => LogfmtStageOf(),
            "unpack" => new UnpackStage(),
            "decolorize" => new DecolorizeStage(),
            "regexp" => RegexpStageOf(),
            "pattern" => PatternStageOf(),
            "line_format" => new LineFormatStage(Template()),
            "label_format" => LabelFormatStageOf(),
            "drop" => new DropStage(DroppedLabels(), keep: false),
            "keep" => new DropStage(DroppedLabels(), keep: true),
            _ => throw cursor.Error(token.Position, $"syntax error: unknown stage '{token.Text}'; known are json, logfmt, regexp, pattern, unpack, line_format, label_format, drop, keep, decolorize, unwrap and comparisons of labels"),
        };
    }

    private LineStage JsonStageOf()
    {
        var wanted = new List<(string Label, IReadOnlyList<object> Path)>();
        foreach (var (label, path, at) in Extractions())
        {
            wanted.Add((label, JsonPathStage.ParsePath(path) ?? throw cursor.Error(at, $"'{path}' is no path such as a.b[0]")));
        }

        return wanted.Count == 0 ? new JsonStage() : new JsonPathStage(wanted);
    }

    private LogfmtStage LogfmtStageOf()
    {
        var (strict, keepEmpty) = (false, false);
        while (cursor.Current.Is("-") && cursor.Ahead().Is("-"))
        {
            cursor.Next();
            cursor.Next();
            var at = cursor.Current.Position;
            switch (cursor.Name("strict or keep-empty"))
            {
                case "strict":
                    strict = true;
                    break;
                case "keep" when cursor.Skip("-") && cursor.SkipName("empty"):
                    keepEmpty = true;
                    break;
                default:
                    throw cursor.Error(at, "syntax error: logfmt knows --strict and --keep-empty");
            }
        }

        var wanted = Extractions().Select(extraction => (extraction.Label, extraction.From)).ToList();
        return new LogfmtStage(wanted.Count == 0 ? null : wanted, strict, keepEmpty);
    }

    /// <summary><c>a="from", b</c>.</summary>
    private List<(string Label, string From, int At)> Extractions()
    {
        var found = new List<(string, string, int)>();
        while (cursor.Current.Kind == TokenKind.Name)
        {
            var (label, at) = (cursor.Current.Text, cursor.Current.Position);
            cursor.Next();
            found.Add((label, cursor.Skip("=") ? cursor.Text("a text between quotes") : label, at));
            if (!cursor.Skip(","))
            {
                break;
            }
        }

        return found;
    }

    private RegexpStage RegexpStageOf()
    {
        var at = cursor.Current.Position;
        var stage = new RegexpStage(Pattern(cursor.Text("a text between quotes"), at));
        return stage.Names.Count > 0 ? stage : throw cursor.Error(at, "at least one named group must be there, such as (?P<name>…)");
    }

    private PatternStage PatternStageOf()
    {
        var at = cursor.Current.Position;
        return PatternStage.Of(cursor.Text("a text between quotes"))
            ?? throw cursor.Error(at, "the pattern needs captures such as <status>, with something between them");
    }

    private LineTemplate Template()
    {
        var at = cursor.Current.Position;
        return LineTemplate.Parse(cursor.Text("a text between quotes"), out var template) is { } wrong ? throw cursor.Error(at, wrong) : template;
    }

    private LabelFormatStage LabelFormatStageOf()
    {
        var labels = new List<(string, string?, LineTemplate?)>();
        do
        {
            var name = cursor.Name("the name of a label");
            cursor.Expect("=");
            labels.Add(cursor.Current.Kind == TokenKind.Name ? (name, cursor.Next().Text, null) : (name, null, Template()));
        }
        while (cursor.Skip(","));
        return new LabelFormatStage(labels);
    }

    private List<(string Name, LabelMatcher? Matcher)> DroppedLabels()
    {
        var labels = new List<(string, LabelMatcher?)>();
        do
        {
            var name = cursor.Name("the name of a label");
            labels.Add((name, KindOf(cursor.Current) is null ? null : Matcher(name)));
        }
        while (cursor.Skip(","));
        return labels;
    }

    private LabelCondition Condition()
    {
        var left = BothOf();
        while (cursor.SkipName("or"))
        {
            cursor.CountOperator();
            left = new EitherCondition(left, BothOf());
        }

        return left;
    }

    private LabelCondition BothOf()
    {
        var left = OneCondition();
        while (cursor.SkipName("and") || cursor.Skip(",") || IsComparison())
        {
            cursor.CountOperator();
            left = new BothConditions(left, OneCondition());
        }

        return left;
    }

    /// <summary>Two comparisons may simply follow each other.</summary>
    private bool IsComparison() =>
        cursor.Current.Is("(") || (cursor.Current.Kind == TokenKind.Name && (KindOf(cursor.Ahead()) is not null || cursor.Ahead().Text is "==" or ">" or ">=" or "<" or "<="));

    private LabelCondition OneCondition()
    {
        cursor.Enter();
        try
        {
            if (cursor.Skip("("))
            {
                var inner = Condition();
                cursor.Expect(")");
                return inner;
            }

            return Comparison();
        }
        finally
        {
            cursor.Leave();
        }
    }

    private LabelCondition Comparison()
    {
        var name = cursor.Name("the name of a label");
        var symbol = cursor.Next();
        if (symbol.Kind != TokenKind.Symbol || symbol.Text is not ("=" or "==" or "!=" or ">" or ">=" or "<" or "<=" or "=~" or "!~"))
        {
            throw cursor.Error(symbol.Position, $"syntax error: unexpected {symbol}, expecting a comparison such as '=' or '>='");
        }

        if (cursor.Current.Kind == TokenKind.Text && KindOf(symbol) is { } kind)
        {
            return new TextCondition(Matcher(name, kind, cursor.Next().Text, symbol.Position));
        }

        if (cursor.Current.IsName("ip"))
        {
            throw cursor.Error(cursor.Current.Position, "ip(…) is not known here; use '=~' with a regular expression");
        }

        var sign = cursor.Skip("-") ? -1 : 1;
        if (symbol.Text is "=~" or "!~" || cursor.Current.Kind is not (TokenKind.Number or TokenKind.Duration or TokenKind.Bytes))
        {
            throw cursor.Unexpected(KindOf(symbol) is null ? "a number, a duration or a byte count" : "a text, a number, a duration or a byte count");
        }

        var value = cursor.Next();
        return new NumberCondition(name, symbol.Text, sign * value.Value, value.Kind);
    }
}
