namespace Slipway.Telemetry.PromQl.Syntax;

internal enum TokenKind
{
    End,

    /// <summary>A name or a word of the language; which of them only the place decides, since words may be names of metrics.</summary>
    Word,
    Number,
    Duration,
    Text,
    Symbol,
}

/// <param name="Content">Words, symbols, numbers and durations as written; texts without quotes and escapes.</param>
internal readonly record struct Token(TokenKind Kind, string Content, int Offset)
{
    public bool Is(string symbol) => Kind == TokenKind.Symbol && string.Equals(Content, symbol, StringComparison.Ordinal);

    public bool IsWord(string word) => Kind == TokenKind.Word && string.Equals(Content, word, StringComparison.OrdinalIgnoreCase);

    public override string ToString() => Kind switch
    {
        TokenKind.End => "end of input",
        TokenKind.Word => $"identifier \"{Content}\"",
        TokenKind.Number => $"number \"{Content}\"",
        TokenKind.Duration => $"duration \"{Content}\"",
        TokenKind.Text => $"string \"{Content}\"",
        _ => $"\"{Content}\"",
    };
}
