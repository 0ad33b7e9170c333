using System.Globalization;
using System.Text.RegularExpressions;

namespace Todo.Language.QuickAdding;

/// <summary>Dates in digits: 2026-01-05, 5.1.2026, 5.1. and 25/12, where only one reading of the slashes exists.</summary>
internal static partial class NumericDates
{
    /// <param name="text">The word as it was written, its full stop included.</param>
    /// <param name="prefixed">A word such as "on" or "am" announces a date, which lets "am 5.1" be one.</param>
    public static DateOnly? Of(string text, DateOnly today, bool prefixed)
    {
        if (text.Length is < 3 or > 11 || !char.IsAsciiDigit(text[0]))
        {
            return null;
        }

        if (Iso().Match(text) is { Success: true } iso)
        {
            return Days.Of(Number(iso, 1), Number(iso, 2), Number(iso, 3));
        }

        if (Dotted().Match(text) is { Success: true } dotted)
        {
            var complete = dotted.Groups[3].Success || dotted.Groups[4].Success;
            return complete || prefixed ? Days.Of(today, Number(dotted, 2), Number(dotted, 1), dotted.Groups[3].Success ? Year(dotted, 3) : null) : null;
        }

        return Slashed().Match(text) is { Success: true } slashed ? Unequivocal(slashed, today) : null;
    }

    /// <summary>America writes the month first, most of the world the day: only a number above 12 tells.</summary>
    private static DateOnly? Unequivocal(Match slashed, DateOnly today)
    {
        var (first, second) = (Number(slashed, 1), Number(slashed, 2));
        int? year = slashed.Groups[3].Success ? Year(slashed, 3) : null;
        return (first, second) switch
        {
            ( > 12, <= 12) => Days.Of(today, second, first, year),
            ( <= 12, > 12) => Days.Of(today, first, second, year),
            _ when first == second => Days.Of(today, first, second, year),
            _ => null,
        };
    }

    /// <summary>"3/4" is a day in March or in April.</summary>
    public static bool IsEitherWay(string word) =>
        word.Length <= 10 && Slashed().Match(word) is { Success: true } slashed
        && Number(slashed, 1) is >= 1 and <= 12 and var first && Number(slashed, 2) is >= 1 and <= 12 and var second && first != second;

    private static int Number(Match match, int group) => int.Parse(match.Groups[group].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);

    private static int Year(Match match, int group) => match.Groups[group].Length == 2 ? 2000 + Number(match, group) : Number(match, group);

    [GeneratedRegex(@"^([0-9]{4})-([0-9]{2})-([0-9]{2})[,;:!?.]*$")]
    private static partial Regex Iso();

    [GeneratedRegex(@"^([0-9]{1,2})\.([0-9]{1,2})(?:\.([0-9]{4}|[0-9]{2})|(\.))?[,;:!?.]*$")]
    private static partial Regex Dotted();

    [GeneratedRegex(@"^([0-9]{1,2})/([0-9]{1,2})(?:/([0-9]{4}|[0-9]{2}))?[,;:!?.]*$")]
    private static partial Regex Slashed();
}
