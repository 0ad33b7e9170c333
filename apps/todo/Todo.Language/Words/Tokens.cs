namespace Todo.Language.Words;

/// <summary>Cuts a line at its blanks. Quoted and escaped words come out closed: nobody may look for a meaning in them.</summary>
internal static class Tokens
{
    private const string Closing = ",;:!?.";

    public static List<Token> Of(string text)
    {
        var tokens = new List<Token>();
        var quote = '\0';
        for (var at = 0; at < text.Length;)
        {
            if (char.IsWhiteSpace(text[at]))
            {
                at++;
                continue;
            }

            var start = at;
            while (at < text.Length && !char.IsWhiteSpace(text[at]))
            {
                at++;
            }

            var piece = text[start..at];
            var opens = quote == '\0' && ClosingQuote(piece[0]) is var expected and not '\0' && text.IndexOf(expected, start + 1) > 0;
            if (opens)
            {
                quote = ClosingQuote(piece[0]);
            }

            var closed = quote != '\0' || (piece.Length > 1 && piece[0] == '\\');
            if (quote != '\0' && piece.IndexOf(quote, opens ? 1 : 0) >= 0)
            {
                quote = '\0';
            }

            var core = piece.TrimEnd(Closing.ToCharArray());
            tokens.Add(new(start, piece.Length, piece, core, core.ToLowerInvariant(), closed));
        }

        return tokens;
    }

    private static char ClosingQuote(char opening) => opening switch
    {
        '"' => '"',
        '„' => '“',
        '“' => '”',
        '«' => '»',
        '»' => '«',
        '`' => '`',
        _ => '\0',
    };
}
