namespace Slipway.Telemetry.Alerts.Templates;

/// <summary>
/// Reads the part of Go's template language that alerts are written in: values, fields, pipelines, functions, if, with, range and
/// variables. Unknown functions are found here, so that a mistake is told when the rule arrives and not when it should speak.
/// </summary>
internal sealed class TemplateParser
{
    private const int DepthMax = 32;
    private const int LengthMax = 64 * 1024;

    private readonly List<(string Text, bool IsAction)> _pieces;
    private int _next;
    private int _depth;

    private TemplateParser(string template) => _pieces = Split(template);

    /// <exception cref="TemplateException">It cannot be read.</exception>
    public static IReadOnlyList<TemplateNode> Parse(string template)
    {
        if (template.Length > LengthMax)
        {
            throw new TemplateException($"a template has at most {LengthMax} characters");
        }

        var parser = new TemplateParser(template);
        var nodes = parser.Nodes(out var end);
        return end is null ? nodes : throw new TemplateException($"unexpected {{{{{end}}}}}");
    }

    private static List<(string, bool)> Split(string template)
    {
        var pieces = new List<(string, bool)>();
        var at = 0;
        var trim = false;
        while (at < template.Length)
        {
            var open = template.IndexOf("{{", at, StringComparison.Ordinal);
            var text = open < 0 ? template[at..] : template[at..open];
            text = trim ? text.TrimStart() : text;
            trim = false;
            if (open < 0)
            {
                pieces.Add((text, false));
                break;
            }

            var begin = open + 2;
            if (begin + 1 < template.Length && template[begin] == '-' && char.IsWhiteSpace(template[begin + 1]))
            {
                text = text.TrimEnd();
                begin++;
            }

            if (text.Length > 0)
            {
                pieces.Add((text, false));
            }

            var close = Close(template, begin);
            var action = template[begin..close];
            if (action.Length > 1 && action[^1] == '-' && char.IsWhiteSpace(action[^2]))
            {
                action = action[..^1];
                trim = true;
            }

            action = action.Trim();
            if (!(action.StartsWith("/*", StringComparison.Ordinal) && action.EndsWith("*/", StringComparison.Ordinal)))
            {
                pieces.Add((action, true));
            }

            at = close + 2;
        }

        return pieces;
    }

    /// <summary>The closing brackets, which do not count inside of quoted text.</summary>
    private static int Close(string template, int from)
    {
        var quote = '\0';
        for (var at = from; at < template.Length; at++)
        {
            if (quote != '\0')
            {
                if (template[at] == '\\' && quote == '"')
                {
                    at++;
                }
                else if (template[at] == quote)
                {
                    quote = '\0';
                }
            }
            else if (template[at] is '"' or '`')
            {
                quote = template[at];
            }
            else if (template[at] == '}' && at + 1 < template.Length && template[at + 1] == '}')
            {
                return at;
            }
        }

        throw new TemplateException("a {{ has no }}");
    }

    private List<TemplateNode> Nodes(out string? end)
    {
        if (++_depth > DepthMax)
        {
            throw new TemplateException($"blocks may be nested {DepthMax} deep");
        }

        var nodes = new List<TemplateNode>();
        end = null;
        while (end is null && _next < _pieces.Count)
        {
            var (text, isAction) = _pieces[_next++];
            if (!isAction)
            {
                nodes.Add(new TemplateNode.Text(text));
                continue;
            }

            var word = text.Split(' ', 2)[0];
            var rest = text[word.Length..];
            switch (word)
            {
                case "end" or "else":
                    end = text;
                    break;
                case "if":
                    nodes.Add(If(rest));
                    break;
                case "with":
                    var (subject, name, _) = Assignment(rest);
                    nodes.Add(new TemplateNode.With(subject, name, Block(out var withEnd), Else(withEnd)));
                    break;
                case "range":
                    var (items, first, second) = Assignment(rest);
                    nodes.Add(new TemplateNode.Range(items, second is null ? null : first, second ?? first, Block(out var rangeEnd), Else(rangeEnd)));
                    break;
                case "template" or "define" or "block" or "break" or "continue":
                    throw new TemplateException($"{{{{{word}}}}} is not supported");
                default:
                    var (pipeline, variable, _) = Assignment(text);
                    nodes.Add(new TemplateNode.Output(pipeline, variable));
                    break;
            }
        }

        _depth--;
        return nodes;
    }

    private TemplateNode.If If(string condition) => new(Pipe(TemplateWords.Of(condition)), Block(out var end), Else(end));

    private List<TemplateNode> Block(out string end)
    {
        var nodes = Nodes(out var found);
        end = found ?? throw new TemplateException("a block has no {{end}}");
        return nodes;
    }

    private List<TemplateNode> Else(string end)
    {
        if (end == "end")
        {
            return [];
        }

        var rest = end["else".Length..].Trim();
        if (rest.StartsWith("if ", StringComparison.Ordinal))
        {
            return [If(rest["if ".Length..])];
        }

        if (rest.Length > 0)
        {
            throw new TemplateException($"unexpected {{{{{end}}}}}");
        }

        var nodes = Block(out var last);
        return last == "end" ? nodes : throw new TemplateException("a block has two {{else}}");
    }

    private static (Pipeline, string?, string?) Assignment(string action)
    {
        var words = TemplateWords.Of(action);
        return words switch
        {
            [{ Kind: WordKind.Variable } key, { Kind: WordKind.Comma }, { Kind: WordKind.Variable } value, { Kind: WordKind.Assign }, ..] => (Pipe(words[4..]), key.Text, value.Text),
            [{ Kind: WordKind.Variable } name, { Kind: WordKind.Assign }, ..] => (Pipe(words[2..]), name.Text, null),
            _ => (Pipe(words), null, null),
        };
    }

    private static Pipeline Pipe(List<Word> words)
    {
        var at = 0;
        var pipeline = Pipe(words, ref at, 0);
        return at == words.Count ? pipeline : throw new TemplateException($"unexpected \"{words[at].Text}\"");
    }

    private static Pipeline Pipe(List<Word> words, ref int at, int depth)
    {
        if (depth > DepthMax)
        {
            throw new TemplateException($"brackets may be nested {DepthMax} deep");
        }

        var commands = new List<IReadOnlyList<Operand>>();
        do
        {
            var command = new List<Operand>();
            while (at < words.Count && words[at].Kind is not (WordKind.Pipe or WordKind.Close))
            {
                command.Add(Take(words, ref at, depth));
            }

            if (command.Count == 0)
            {
                throw new TemplateException("a value is missing");
            }

            if (command.Count > 1 && command[0] is not Operand.Function)
            {
                throw new TemplateException("only functions take arguments");
            }

            if (commands.Count > 0 && command[0] is not Operand.Function)
            {
                throw new TemplateException("only functions may stand behind '|'");
            }

            commands.Add(command);
        }
        while (at < words.Count && words[at].Kind == WordKind.Pipe && ++at > 0);
        return new Pipeline(commands);
    }

    private static Operand Take(List<Word> words, ref int at, int depth)
    {
        var word = words[at++];
        switch (word.Kind)
        {
            case WordKind.Text:
                return new Operand.Literal(word.Text);
            case WordKind.Number:
                return new Operand.Literal(word.Number);
            case WordKind.Dot:
                return new Operand.Path(null, []);
            case WordKind.Field:
                return new Operand.Path(null, [word.Text, .. Fields(words, ref at)]);
            case WordKind.Variable:
                return new Operand.Path(word.Text, Fields(words, ref at));
            case WordKind.Open:
                var inner = Pipe(words, ref at, depth + 1);
                if (at >= words.Count || words[at].Kind != WordKind.Close)
                {
                    throw new TemplateException("a '(' has no ')'");
                }

                at++;
                return new Operand.Nested(inner, Fields(words, ref at));
            case WordKind.Name when word.Text is "true" or "false":
                return new Operand.Literal(word.Text == "true");
            case WordKind.Name when word.Text == "nil":
                return new Operand.Literal(null);
            case WordKind.Name when TemplateFunctions.Exists(word.Text):
                return new Operand.Function(word.Text);
            case WordKind.Name:
                throw new TemplateException($"there is no function \"{word.Text}\"");
            default:
                throw new TemplateException($"unexpected \"{word.Text}\"");
        }
    }

    private static List<string> Fields(List<Word> words, ref int at)
    {
        var names = new List<string>();
        while (at < words.Count && words[at] is { Kind: WordKind.Field, Glued: true })
        {
            names.Add(words[at++].Text);
        }

        return names;
    }
}
