using System.Globalization;
using System.Text;

namespace Slipway.Telemetry.Alerts.Templates;

internal enum WordKind
{
    Name,
    Field,
    Variable,
    Dot,
    Text,
    Number,
    Open,
    Close,
    Pipe,
    Assign,
    Comma,
}

/// <param name="Glued">It follows the word before without a space, as a field follows a closing bracket.</param>
internal readonly record struct Word(WordKind Kind, string Text, double Number, bool Glued);

/// <summary>The words between <c>{{</c> and <c>}}</c>.</summary>
internal static class TemplateWords
{
    public static List<Word> Of(string action)
    {
        var words = new List<Word>();
        var at = 0;
        while (at < action.Length)
        {
            var letter = action[at];
            if (char.IsWhiteSpace(letter))
            {
                at++;
                continue;
            }

            var start = at;
            var glued = at > 0 && !char.IsWhiteSpace(action[at - 1]);
            switch (letter)
            {
                case '"' or '`':
                    words.Add(new Word(WordKind.Text, Quoted(action, ref at), 0, glued));
                    break;
                case '(' or ')' or '|' or ',' or '=':
                    at++;
                    words.Add(new Word(letter switch { '(' => WordKind.Open, ')' => WordKind.Close, '|' => WordKind.Pipe, ',' => WordKind.Comma, _ => WordKind.Assign }, letter.ToString(), 0, glued));
                    break;
                case ':' when at + 1 < action.Length && action[at + 1] == '=':
                    at += 2;
                    words.Add(new Word(WordKind.Assign, ":=", 0, glued));
                    break;
                case '.' when at + 1 < action.Length && IsNameStart(action[at + 1]):
                    at++;
                    words.Add(new Word(WordKind.Field, Name(action, ref at), 0, glued));
                    break;
                case '.' when at + 1 >= action.Length || !char.IsAsciiDigit(action[at + 1]):
                    at++;
                    words.Add(new Word(WordKind.Dot, ".", 0, glued));
                    break;
                case '$':
                    at++;
                    words.Add(new Word(WordKind.Variable, at < action.Length && IsNameStart(action[at]) ? Name(action, ref at) : "", 0, glued));
                    break;
                case var digit when char.IsAsciiDigit(digit) || digit is '-' or '+' or '.':
                    at++;
                    while (at < action.Length && (char.IsAsciiLetterOrDigit(action[at]) || action[at] == '.' || (action[at] is '-' or '+' && action[at - 1] is 'e' or 'E')))
                    {
                        at++;
                    }

                    words.Add(double.TryParse(action.AsSpan(start, at - start), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
                        ? new Word(WordKind.Number, action[start..at], number, glued)
                        : throw new TemplateException($"\"{action[start..at]}\" is no number"));
                    break;
                case var name when IsNameStart(name):
                    words.Add(new Word(WordKind.Name, Name(action, ref at), 0, glued));
                    break;
                default:
                    throw new TemplateException($"unexpected '{letter}' in \"{{{{{action}}}}}\"");
            }
        }

        return words;
    }

    private static bool IsNameStart(char letter) => char.IsLetter(letter) || letter == '_';

    private static string Name(string action, ref int at)
    {
        var start = at;
        while (at < action.Length && (char.IsLetterOrDigit(action[at]) || action[at] == '_'))
        {
            at++;
        }

        return action[start..at];
    }

    private static string Quoted(string action, ref int at)
    {
        var quote = action[at++];
        var text = new StringBuilder();
        while (at < action.Length && action[at] != quote)
        {
            if (action[at] == '\\' && quote == '"' && at + 1 < action.Length)
            {
                at++;
                text.Append(action[at] switch
                {
                    'n' => '\n',
                    't' => '\t',
                    'r' => '\r',
                    '"' or '\\' or '\'' => action[at],
                    var other => throw new TemplateException($"unknown escape \\{other}"),
                });
            }
            else
            {
                text.Append(action[at]);
            }

            at++;
        }

        if (at >= action.Length)
        {
            throw new TemplateException("a quoted text does not end");
        }

        at++;
        return text.ToString();
    }
}
