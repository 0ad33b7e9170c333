namespace Todo.Language.Analysing;

/// <summary>A word of a text: letters and digits, with hyphens and apostrophes inside it.</summary>
internal readonly record struct TextWord(int Start, string Text, string Word)
{
    /// <summary>A sentence, a line or a list point begins here, where everybody writes a capital.</summary>
    public bool Opens { get; init; }

    /// <summary>Punctuation stands before this word, so what came before does not reach it.</summary>
    public bool NewClause { get; init; }

    public bool IsCapital => char.IsUpper(Text[0]);

    public int End => Start + Text.Length;

    public static List<TextWord> AllOf(string text)
    {
        var words = new List<TextWord>();
        bool opens = true, clause = true;
        for (var at = 0; at < text.Length;)
        {
            if (!char.IsLetterOrDigit(text[at]))
            {
                opens |= text[at] is '.' or '!' or '?' or '\n' or ':' or '•';
                clause |= text[at] is '.' or '!' or '?' or '\n' or ':' or ',' or ';' or '(' or ')' or '•';
                at++;
                continue;
            }

            var start = at;
            while (at < text.Length && (char.IsLetterOrDigit(text[at]) || IsInner(text, at)))
            {
                at++;
            }

            var piece = text[start..at];
            words.Add(new(start, piece, piece.ToLowerInvariant().Replace('’', '\'')) { Opens = opens, NewClause = clause });
            opens = clause = false;
        }

        return words;
    }

    private static bool IsInner(string text, int at) =>
        text[at] is '-' or '\'' or '’' && at + 1 < text.Length && char.IsLetterOrDigit(text[at + 1]);
}
