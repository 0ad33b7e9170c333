using System.Text;

namespace Retail.Catalog.Searching;

/// <summary>Texts as the words they are found by: letters and digits, in small letters.</summary>
internal static class SearchWords
{
    public const int LengthMax = 40;

    /// <summary>Shorter words are looked for as they are; there is no telling what a misspelt one should be.</summary>
    public const int LengthMin = 3;

    public const int QueryWordsMax = 8;

    public static IReadOnlyList<string> Of(string text, int max = int.MaxValue)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsLetterOrDigit(rune))
            {
                word.Append(Rune.ToLowerInvariant(rune).ToString());
            }
            else
            {
                Add(words, word, max);
            }
        }

        Add(words, word, max);
        return words;
    }

    /// <summary>The distinct words of texts that are worth being led to, in order, so that two writers lock them in the same order.</summary>
    public static string[] Vocabulary(IEnumerable<string?> texts) =>
        [.. texts.SelectMany(text => Of(text ?? "")).Where(word => word.Length >= LengthMin && !word.All(char.IsDigit)).Distinct().Order(StringComparer.Ordinal)];

    private static void Add(List<string> words, StringBuilder word, int max)
    {
        if (word.Length is > 0 and <= LengthMax && words.Count < max)
        {
            words.Add(word.ToString());
        }

        word.Clear();
    }
}
