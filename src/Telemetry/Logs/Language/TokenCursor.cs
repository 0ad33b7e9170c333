namespace Slipway.Telemetry.Logs.Language;

/// <summary>Where the parser stands.</summary>
internal sealed class TokenCursor(string expression)
{
    private const int DepthMax = 200;
    private const int OperatorsMax = 256;

    private readonly List<LogQlToken> _tokens = new LogQlLexer(expression).Read();
    private int _index;
    private int _depth;
    private int _operators;

    public LogQlToken Current => _tokens[_index];

    public LogQlToken Ahead(int count = 1) => _tokens[Math.Min(_index + count, _tokens.Count - 1)];

    public LogQlToken Next()
    {
        var token = _tokens[_index];
        _index = Math.Min(_index + 1, _tokens.Count - 1);
        return token;
    }

    public bool Skip(string symbol)
    {
        var there = Current.Is(symbol);
        if (there)
        {
            Next();
        }

        return there;
    }

    public bool SkipName(string name)
    {
        var there = Current.IsName(name);
        if (there)
        {
            Next();
        }

        return there;
    }

    public void Expect(string symbol)
    {
        if (!Skip(symbol))
        {
            throw Unexpected($"'{symbol}'");
        }
    }

    public string Name(string what) => Current.Kind == TokenKind.Name ? Next().Text : throw Unexpected(what);

    public string Text(string what) => Current.Kind == TokenKind.Text ? Next().Text : throw Unexpected(what);

    public LogQlException Unexpected(string expected) => Error(Current.Position, $"syntax error: unexpected {Current}, expecting {expected}");

    public LogQlException Error(int position, string message) => new(expression, position, message);

    /// <summary>Expressions within expressions end somewhere, before the stack does.</summary>
    public void Enter()
    {
        if (++_depth > DepthMax)
        {
            throw Error(Current.Position, "the expression is nested too deeply");
        }
    }

    /// <summary>A long row of operators is as deep as nested parentheses, for whoever evaluates it.</summary>
    public void CountOperator()
    {
        if (++_operators > OperatorsMax)
        {
            throw Error(Current.Position, $"the expression has more than {OperatorsMax} operators");
        }
    }

    public void Leave() => _depth--;
}
