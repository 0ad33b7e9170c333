using System.Buffers;

namespace Todo.Language.Words;

/// <summary>Cuts a line at its blanks. Quoted and escaped words come out closed: nobody may look for a meaning in them.</summary>
internal static class Tokens
{
    private static readonly SearchValues<char> s_closing = SearchValues.Create(",;:!?.");

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
            var closes = 0;
            if (quote == '\0' && ClosingQuote(piece[0]) is var expected and not '\0' && text.IndexOf(expected, start + 1) > 0)
            {
                quote = expected;
                closes = 1;
            }

            var quoted = quote != '\0';
            if (quoted && piece.IndexOf(quote, closes) >= 0)
            {
                quote = '\0';
            }

            var length = piece.AsSpan().LastIndexOfAnyExcept(s_closing) + 1;
            var core = piece[..length];
            tokens.Add(new(start, piece, core, core.ToLowerInvariant()) { Quoted = quoted, Escaped = !quoted && piece.Length > 1 && piece[0] == '\\' });
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
