using System.Text;

namespace Todo.Api.Searching;

/// <summary>What a person types into the search field, as the server's query language wants it.</summary>
internal static class SearchText
{
    public const int WordsMax = 16;

    private static readonly System.Buffers.SearchValues<string> s_operators =
        System.Buffers.SearchValues.Create([" -", " or "], StringComparison.OrdinalIgnoreCase);

    /// <summary>All words, the last one perhaps not typed to its end: <c>buy mil</c> becomes <c>buy &amp; mil:*</c>.</summary>
    /// <returns>Null without a word, and for whoever writes quotes, minus signs or "or", and so knows what to ask for.</returns>
    public static string? Prefixed(string text)
    {
        if (text.Contains('"', StringComparison.Ordinal) || $" {text} ".AsSpan().ContainsAny(s_operators))
        {
            return null;
        }

        var query = new StringBuilder();
        var word = new StringBuilder();
        var words = 0;
        foreach (var rune in text.EnumerateRunes().Append(new Rune(' ')))
        {
            if (Rune.IsLetterOrDigit(rune))
            {
                word.Append(rune.ToString());
                continue;
            }

            if (word.Length > 0 && words++ < WordsMax)
            {
                query.Append(query.Length == 0 ? "" : " & ").Append(word);
            }

            word.Clear();
        }

        return query.Length == 0 ? null : query.Append(":*").ToString();
    }
}
