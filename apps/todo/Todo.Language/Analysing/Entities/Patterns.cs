using System.Text.RegularExpressions;

namespace Todo.Language.Analysing.Entities;

/// <summary>Entities that have a form of their own. The expressions run without backtracking: texts come from outside.</summary>
internal static partial class Patterns
{
    public static IEnumerable<(string Type, int Start, int Length)> In(string text)
    {
        foreach (var (type, expression) in new[]
        {
            ("url", Url()), ("email", Email()), ("amount", Amount()), ("phone", Phone()), ("place", GermanStreet()), ("place", EnglishStreet()),
        })
        {
            foreach (Match match in expression.Matches(text))
            {
                var piece = match.Value.TrimEnd(".,;:!?) ".ToCharArray());
                var start = match.Index + (piece.Length - piece.TrimStart().Length);
                piece = piece.TrimStart();
                if (type != "phone" || IsPhone(piece))
                {
                    yield return (type, start, piece.Length);
                }
            }
        }
    }

    /// <summary>Seven digits at least, and no date.</summary>
    private static bool IsPhone(ReadOnlySpan<char> piece)
    {
        var digits = 0;
        foreach (var sign in piece)
        {
            digits += char.IsAsciiDigit(sign) ? 1 : 0;
        }

        return digits is >= 7 and <= 15 && !Iso().IsMatch(piece);
    }

    [GeneratedRegex(@"(?:https?://|www\.)[^\s<>""]+", RegexOptions.NonBacktracking | RegexOptions.IgnoreCase)]
    private static partial Regex Url();

    [GeneratedRegex(@"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", RegexOptions.NonBacktracking)]
    private static partial Regex Email();

    [GeneratedRegex(@"(?:[€$£] ?[0-9]+(?:[.,][0-9]+)*)|(?:[0-9]+(?:[.,][0-9]+)* ?(?:€|\$|£|(?:EUR|Euro|USD|CHF|GBP|euros|dollars|pounds|Franken)\b))", RegexOptions.NonBacktracking | RegexOptions.IgnoreCase)]
    private static partial Regex Amount();

    [GeneratedRegex(@"(?:\+[0-9]{1,3}[ /-]?)?\(?[0-9]{2,5}\)?(?:[ /-]?[0-9]{2,8}){1,4}", RegexOptions.NonBacktracking)]
    private static partial Regex Phone();

    [GeneratedRegex(@"\b\p{Lu}[\p{L}-]*(?:straße|strasse|str\.|platz|weg|allee|gasse|ufer|damm) [0-9]{1,4}[a-z]?\b", RegexOptions.NonBacktracking)]
    private static partial Regex GermanStreet();

    [GeneratedRegex(@"\b[0-9]{1,5} (?:\p{Lu}\p{L}+ ){1,3}(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Square|Boulevard|Blvd)\b", RegexOptions.NonBacktracking)]
    private static partial Regex EnglishStreet();

    [GeneratedRegex(@"^[0-9]{4}-[0-9]{2}-[0-9]{2}")]
    private static partial Regex Iso();
}
