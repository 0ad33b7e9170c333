using System.Globalization;
using System.Text;

namespace Slipway.Telemetry.Logs.Language;

/// <summary>Cuts an expression into its words.</summary>
internal sealed class LogQlLexer(string expression)
{
    private static readonly string[] s_symbols =
    [
        "|=", "|~", "|>", "!=", "!~", "!>", "=~", "==", ">=", "<=", "{", "}", "(", ")", "[", "]", ",", "|", "=", ">", "<", "+", "-", "*", "/", "%", "^",
    ];

    private int _position;

    public List<LogQlToken> Read()
    {
        var tokens = new List<LogQlToken>();
        while (true)
        {
            SkipSpace();
            if (_position == expression.Length)
            {
                tokens.Add(new LogQlToken(TokenKind.End, "", 0, _position));
                return tokens;
            }

            tokens.Add(Next());
        }
    }

    private void SkipSpace()
    {
        while (_position < expression.Length)
        {
            if (expression[_position] == '#')
            {
                var end = expression.IndexOf('\n', _position);
                _position = end < 0 ? expression.Length : end;
            }
            else if (char.IsWhiteSpace(expression[_position]))
            {
                _position++;
            }
            else
            {
                return;
            }
        }
    }

    private LogQlToken Next()
    {
        var start = _position;
        var first = expression[start];
        if (first is '"' or '`')
        {
            return new LogQlToken(TokenKind.Text, first == '`' ? RawText() : QuotedText(), 0, start);
        }

        if (char.IsAsciiLetter(first) || first == '_')
        {
            while (_position < expression.Length && (char.IsAsciiLetterOrDigit(expression[_position]) || expression[_position] is '_' or ':'))
            {
                _position++;
            }

            return new LogQlToken(TokenKind.Name, expression[start.._position], 0, start);
        }

        if (char.IsAsciiDigit(first) || (first == '.' && start + 1 < expression.Length && char.IsAsciiDigit(expression[start + 1])))
        {
            return Quantity();
        }

        foreach (var symbol in s_symbols)
        {
            if (string.CompareOrdinal(expression, start, symbol, 0, symbol.Length) == 0)
            {
                _position += symbol.Length;
                return new LogQlToken(TokenKind.Symbol, symbol, 0, start);
            }
        }

        throw new LogQlException(expression, start, $"syntax error: unexpected character '{first}'");
    }

    /// <summary>A number, and with a unit behind it a duration or a byte count.</summary>
    private LogQlToken Quantity()
    {
        var start = _position;
        while (_position < expression.Length && IsQuantity(start))
        {
            _position++;
        }

        var text = expression[start.._position];
        if (Units.TryNumber(text, out var number))
        {
            return new LogQlToken(TokenKind.Number, text, number, start);
        }

        if (text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) && long.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var hex))
        {
            return new LogQlToken(TokenKind.Number, text, hex, start);
        }

        if (Units.TryDuration(text, out var nanoseconds))
        {
            return new LogQlToken(TokenKind.Duration, text, nanoseconds, start);
        }

        return Units.TryBytes(text, out var bytes)
            ? new LogQlToken(TokenKind.Bytes, text, bytes, start)
            : throw new LogQlException(expression, start, $"syntax error: '{text}' is no number, no duration (such as 5m) and no byte count (such as 1KB)");
    }

    private bool IsQuantity(int start)
    {
        var character = expression[_position];
        var exponent = character is '+' or '-' && _position > start && expression[_position - 1] is 'e' or 'E';
        return char.IsAsciiLetterOrDigit(character) || character is '.' or 'µ' or 'μ' || (exponent && char.IsAsciiDigit(expression[_position - 2]));
    }

    private string RawText()
    {
        var end = expression.IndexOf('`', _position + 1);
        if (end < 0)
        {
            throw new LogQlException(expression, _position, "syntax error: the text that begins here does not end");
        }

        var text = expression[(_position + 1)..end];
        _position = end + 1;
        return text;
    }

    private string QuotedText()
    {
        var start = _position++;
        var text = new StringBuilder();
        while (_position < expression.Length)
        {
            var character = expression[_position++];
            if (character == '"')
            {
                return text.ToString();
            }

            if (character == '\\' && _position < expression.Length)
            {
                Escape(text);
            }
            else
            {
                text.Append(character);
            }
        }

        throw new LogQlException(expression, start, "syntax error: the text that begins here does not end");
    }

    private void Escape(StringBuilder text)
    {
        var at = _position - 1;
        var character = expression[_position++];
        _ = character switch
        {
            'n' => text.Append('\n'),
            't' => text.Append('\t'),
            'r' => text.Append('\r'),
            'a' => text.Append('\a'),
            'b' => text.Append('\b'),
            'f' => text.Append('\f'),
            'v' => text.Append('\v'),
            '\\' or '"' or '\'' => text.Append(character),
            'x' => text.Append((char)Hex(2, at)),
            'u' => text.Append((char)Hex(4, at)),
            'U' => Hex(8, at) is var rune && Rune.IsValid(rune) ? text.Append(new Rune(rune).ToString()) : throw BadEscape(at),
            _ => throw BadEscape(at),
        };
    }

    private LogQlException BadEscape(int at) =>
        new(expression, at, "syntax error: unknown escape in a text; a backslash is written \\\\, or the text is put between backquotes");

    private int Hex(int digits, int at)
    {
        if (_position + digits > expression.Length
            || !int.TryParse(expression.AsSpan(_position, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
        {
            throw BadEscape(at);
        }

        _position += digits;
        return value;
    }
}
