namespace Titanic.Api.Searching;

/// <summary>Cuts what somebody typed into words, as names are cut in the database: at blanks and at the marks of ASCII.</summary>
internal static class Words
{
    /// <summary>More words narrow no further.</summary>
    private const int WordsMax = 8;

    private const int LettersMax = 64;

    public static IReadOnlyList<string> Of(string text)
    {
        var words = new List<string>();
        var from = 0;
        for (var at = 0; at <= text.Length; at++)
        {
            if (at < text.Length && !Separates(text[at]))
            {
                continue;
            }

            if (at > from && words.Count < WordsMax)
            {
                words.Add(text[from..Math.Min(at, from + LettersMax)].ToLowerInvariant());
            }

            from = at + 1;
        }

        return words;
    }

    private static bool Separates(char character) =>
        char.IsWhiteSpace(character) || (char.IsAscii(character) && !char.IsAsciiLetterOrDigit(character));
}
