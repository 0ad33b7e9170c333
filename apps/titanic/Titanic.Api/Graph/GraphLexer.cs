namespace Titanic.Api.Graph;

internal enum TokenKind
{
    End,
    Name,
    Variable,
    Number,
    Text,
    Mark,
}

internal readonly record struct Token(TokenKind Kind, string Text, int At);

/// <summary>Cuts a query into tokens. Pure; whatever it meets, it goes forward.</summary>
internal sealed class GraphLexer(string query)
{
    private int _at;

    public Token Next()
    {
        Skip();
        if (_at >= query.Length)
        {
            return new Token(TokenKind.End, "", _at);
        }

        var (from, letter) = (_at, query[_at]);
        if (IsNameStart(letter))
        {
            return new Token(TokenKind.Name, Word(), from);
        }

        switch (letter)
        {
            case '$':
                _at++;
                return _at < query.Length && IsNameStart(query[_at]) ? new Token(TokenKind.Variable, Word(), from) : throw GraphException.At(query, from, "A $ is followed by the name of a variable.");
            case '"':
                return new Token(TokenKind.Text, Quoted(), from);
            case '.' when query.AsSpan(_at).StartsWith("..."):
                _at += 3;
                return new Token(TokenKind.Mark, "...", from);
            case '-' or (>= '0' and <= '9'):
                return new Token(TokenKind.Number, Digits(), from);
            case '{' or '}' or '(' or ')' or '[' or ']' or ':' or '!' or '=' or '@' or '|' or '&':
                _at++;
                return new Token(TokenKind.Mark, letter.ToString(), from);
            default:
                throw GraphException.At(query, from, $"The character {(char.IsControl(letter) ? "here" : letter)} has no place in a query.");
        }
    }

    private void Skip()
    {
        while (_at < query.Length && (query[_at] is ' ' or '\t' or '\r' or '\n' or ',' or '\uFEFF' or '#'))
        {
            if (query[_at] == '#')
            {
                var end = query.AsSpan(_at).IndexOfAny('\r', '\n');
                _at = end < 0 ? query.Length : _at + end;
            }
            else
            {
                _at++;
            }
        }
    }

    private string Word()
    {
        var from = _at;
        while (_at < query.Length && (IsNameStart(query[_at]) || char.IsAsciiDigit(query[_at])))
        {
            _at++;
        }

        return query[from.._at];
    }

    private string Digits()
    {
        var from = _at++;
        while (_at < query.Length && (char.IsAsciiDigit(query[_at]) || query[_at] is '.' or 'e' or 'E' or '+' or '-'))
        {
            _at++;
        }

        return query[from.._at];
    }

    private string Quoted()
    {
        var from = _at++;
        var text = new System.Text.StringBuilder();
        while (_at < query.Length && query[_at] is not ('"' or '\r' or '\n'))
        {
            if (query[_at] != '\\')
            {
                text.Append(query[_at++]);
                continue;
            }

            var escape = _at + 1 < query.Length ? query[_at + 1] : '\0';
            _at += 2;
            text.Append(escape switch
            {
                '"' or '\\' or '/' => escape,
                'n' => '\n',
                't' => '\t',
                'r' => '\r',
                'b' => '\b',
                'f' => '\f',
                'u' when _at + 4 <= query.Length && ushort.TryParse(query.AsSpan(_at, 4), System.Globalization.NumberStyles.AllowHexSpecifier, null, out var code) => Unicode(code),
                _ => throw GraphException.At(query, _at - 2, "There is no such escape in a text."),
            });
        }

        if (_at >= query.Length || query[_at] != '"')
        {
            throw GraphException.At(query, from, "The text is never closed; texts of several lines are not understood.");
        }

        _at++;
        return text.ToString();
    }

    private char Unicode(ushort code)
    {
        _at += 4;
        return (char)code;
    }

    private static bool IsNameStart(char letter) => char.IsAsciiLetter(letter) || letter == '_';
}
