using System.Text;

namespace Slipway.Telemetry.PromQl.Syntax;

/// <summary>Cuts an expression into tokens; comments and white space vanish.</summary>
internal sealed class PromQlLexer(string expression)
{
    private static readonly string[] s_symbols =
        ["==", "!=", "=~", "!~", ">=", "<=", "=", ">", "<", "+", "-", "*", "/", "%", "^", "(", ")", "{", "}", "[", "]", ",", ":", "@"];

    private readonly List<Token> _tokens = [];
    private int _position;
    private bool _inBrackets;

    public static IReadOnlyList<Token> Tokens(string expression) => new PromQlLexer(expression).Read();

    private List<Token> Read()
    {
        while (true)
        {
            SkipBlanks();
            if (_position >= expression.Length)
            {
                _tokens.Add(new Token(TokenKind.End, "", expression.Length));
                return _tokens;
            }

            var next = expression[_position];
            if (next is '"' or '\'' or '`')
            {
                ReadText(next);
            }
            else if (char.IsAsciiDigit(next) || (next == '.' && char.IsAsciiDigit(At(_position + 1))))
            {
                ReadNumber();
            }
            else if (IsWordStart(next))
            {
                ReadWord();
            }
            else
            {
                ReadSymbol();
            }
        }
    }

    private void SkipBlanks()
    {
        while (_position < expression.Length)
        {
            if (expression[_position] == '#')
            {
                var end = expression.IndexOf('\n', _position);
                _position = end < 0 ? expression.Length : end;
            }
            else if (expression[_position] is ' ' or '\t' or '\n' or '\r')
            {
                _position++;
            }
            else
            {
                return;
            }
        }
    }

    private void ReadWord()
    {
        var start = _position;
        while (IsWordStart(At(_position)) || char.IsAsciiDigit(At(_position)))
        {
            _position++;
        }

        _tokens.Add(new Token(TokenKind.Word, expression[start.._position], start));
    }

    /// <summary>Recorded metrics have colons in their names; between brackets a colon parts the range from the step.</summary>
    private bool IsWordStart(char character) => char.IsAsciiLetter(character) || character == '_' || (character == ':' && !_inBrackets);

    private void ReadNumber()
    {
        var start = _position;
        if (At(start) == '0' && At(start + 1) is 'x' or 'X')
        {
            _position += 2;
            while (char.IsAsciiHexDigit(At(_position)))
            {
                _position++;
            }
        }
        else
        {
            SkipDigits();
            if (At(_position) == '.')
            {
                _position++;
                SkipDigits();
            }

            if (At(_position) is 'e' or 'E' && (char.IsAsciiDigit(At(_position + 1)) || (At(_position + 1) is '+' or '-' && char.IsAsciiDigit(At(_position + 2)))))
            {
                _position += 2;
                SkipDigits();
            }
        }

        var kind = TokenKind.Number;
        while (char.IsAsciiLetterOrDigit(At(_position)) || At(_position) == '_')
        {
            kind = TokenKind.Duration;
            _position++;
        }

        var content = expression[start.._position];
        if (kind == TokenKind.Duration && !PromQlDuration.TryParse(content, out _))
        {
            throw new PromQlSyntaxException(expression, start, $"bad number or duration syntax: \"{content}\"");
        }

        if (kind == TokenKind.Number && !PromQlNumber.TryParse(content, out _))
        {
            throw new PromQlSyntaxException(expression, start, $"bad number or duration syntax: \"{content}\"");
        }

        _tokens.Add(new Token(kind, content, start));
    }

    private void SkipDigits()
    {
        while (char.IsAsciiDigit(At(_position)))
        {
            _position++;
        }
    }

    private void ReadText(char quote)
    {
        var start = _position++;
        var text = new PromQlText();
        while (true)
        {
            var next = At(_position);
            if (_position >= expression.Length || (next == '\n' && quote != '`'))
            {
                throw new PromQlSyntaxException(expression, start, "unterminated quoted string");
            }

            _position++;
            if (next == quote)
            {
                break;
            }

            if (next == '\\' && quote != '`')
            {
                if (!text.AppendEscape(expression, quote, ref _position))
                {
                    throw new PromQlSyntaxException(expression, _position - 1, "unknown escape sequence in quoted string");
                }
            }
            else
            {
                text.Append(next);
            }
        }

        _tokens.Add(new Token(TokenKind.Text, text.ToString(), start));
    }

    private void ReadSymbol()
    {
        foreach (var symbol in s_symbols)
        {
            if (string.CompareOrdinal(expression, _position, symbol, 0, symbol.Length) == 0)
            {
                _inBrackets = symbol switch
                {
                    "[" => true,
                    "]" => false,
                    _ => _inBrackets,
                };
                _tokens.Add(new Token(TokenKind.Symbol, symbol, _position));
                _position += symbol.Length;
                return;
            }
        }

        var character = Rune.TryGetRuneAt(expression, _position, out var rune) ? rune.ToString() : "\uFFFD";
        throw new PromQlSyntaxException(expression, _position, $"unexpected character: '{character}'");
    }

    private char At(int position) => position < expression.Length ? expression[position] : '\0';
}
