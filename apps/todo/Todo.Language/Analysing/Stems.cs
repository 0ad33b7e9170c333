using Todo.Language.Words;

namespace Todo.Language.Analysing;

/// <summary>Takes the commonest endings off a word, so that "invoices" meets "invoice" and "Rechnungen" meets "Rechnung".</summary>
internal static class Stems
{
    private static readonly string[] s_german = ["ern", "est", "end", "en", "er", "em", "es", "st", "te", "e", "n", "s", "t"];
    private static readonly string[] s_english = ["ings", "ing", "edly", "ied", "ies", "ed", "es", "ly", "s", "e"];

    public static string Of(string word, string tongue)
    {
        if (tongue == Tongue.German)
        {
            return German(Folded(word));
        }

        var plain = word.EndsWith("'s", StringComparison.Ordinal) ? word[..^2] : word;
        if (plain.EndsWith("ies", StringComparison.Ordinal) || plain.EndsWith("ied", StringComparison.Ordinal))
        {
            return plain.Length > 4 ? plain[..^3] + "y" : plain;
        }

        var stem = Without(plain, s_english);

        // "planning" and "planned" leave a doubled letter that "plan" does not have.
        return stem.Length > 3 && stem.Length < plain.Length && stem[^1] == stem[^2] && stem[^1] is not ('l' or 's' or 'e') ? stem[..^1] : stem;
    }

    /// <summary>The same with umlauts left alone, for readings that must tell "schon" from "schön".</summary>
    public static string Exactly(string word, string tongue) => tongue == Tongue.German ? German(word) : Of(word, tongue);

    private static string German(string word)
    {
        var bare = word.StartsWith("ge", StringComparison.Ordinal) && word.Length > 7 && word.EndsWith('t') ? word[2..] : word;
        if (bare.EndsWith("ungen", StringComparison.Ordinal))
        {
            return bare[..^2];
        }

        // "gestohlene" and "gestohlen" have an ending on an ending.
        var once = Without(bare, s_german);
        return once.Length >= 7 ? Without(once, s_german) : once;
    }

    /// <summary>Umlauts as the vowel they come from, because plurals change them: "Ärzte", "Arzt".</summary>
    public static string Folded(string word) =>
        word.AsSpan().ContainsAny("äöüß") ? word.Replace('ä', 'a').Replace('ö', 'o').Replace('ü', 'u').Replace("ß", "ss", StringComparison.Ordinal) : word;

    private static string Without(string word, string[] endings)
    {
        foreach (var ending in endings)
        {
            if (word.Length - ending.Length >= 3 && word.EndsWith(ending, StringComparison.Ordinal) && !word.EndsWith("ss", StringComparison.Ordinal))
            {
                return word[..^ending.Length];
            }
        }

        return word;
    }
}
