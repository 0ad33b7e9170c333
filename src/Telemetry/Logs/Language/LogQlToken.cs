using Slipway.Model.Failures;

namespace Slipway.Telemetry.Logs.Language;

internal enum TokenKind
{
    End,
    Name,
    Text,
    Number,
    Duration,
    Bytes,
    Symbol,
}

/// <param name="Text">A name or symbol as it stands there; a text without its quotes.</param>
/// <param name="Value">Of numbers; nanoseconds of durations; of byte counts, bytes.</param>
/// <param name="Position">Of its first character, from 0.</param>
internal readonly record struct LogQlToken(TokenKind Kind, string Text, double Value, int Position)
{
    public bool Is(string symbol) => Kind == TokenKind.Symbol && Text == symbol;

    public bool IsName(string name) => Kind == TokenKind.Name && Text == name;

    public override string ToString() => Kind switch
    {
        TokenKind.End => "the end",
        TokenKind.Text => "a text",
        _ => $"'{Text}'",
    };
}

/// <summary>The expression cannot be understood. Thrown by lexer and parser, and made a value by <see cref="LogQlParser"/>.</summary>
internal sealed class LogQlException(string expression, int position, string message) : Exception(Describe(expression, position, message))
{
    public Failure ToFailure() => new(FailureKind.Malformed, "bad-expression", Message);

    private static string Describe(string expression, int position, string message)
    {
        var (line, column) = (1, 1);
        foreach (var character in expression.AsSpan(0, Math.Min(position, expression.Length)))
        {
            (line, column) = character == '\n' ? (line + 1, 1) : (line, column + 1);
        }

        return $"parse error at line {line}, col {column}: {message}";
    }
}
