using System.Globalization;
using System.Text.RegularExpressions;

namespace Todo.Language.QuickAdding;

/// <summary>Times of day in digits: 15:00, 3pm, 3:30pm, 18.30.</summary>
internal static partial class ClockTimes
{
    /// <summary>"15:00" or "9:30", and whether the hour has two digits and so can hardly be a verse or a score.</summary>
    public static TimeOnly? Of(string word, out bool certain)
    {
        certain = word.Length == 5;
        return Colon().Match(word) is { Success: true } colon ? Of(Number(colon, 1), Number(colon, 2)) : null;
    }

    /// <summary>"18.30", which only the word "Uhr" tells from a date or an amount.</summary>
    public static TimeOnly? OfDotted(string word) =>
        Dot().Match(word) is { Success: true } dot ? Of(Number(dot, 1), Number(dot, 2)) : null;

    /// <summary>"3pm", "3:30am", with the half of the day attached.</summary>
    public static TimeOnly? OfHalf(string word) =>
        Half().Match(word) is { Success: true } half
            ? Twelve(Number(half, 1), half.Groups[2].Success ? Number(half, 2) : 0, half.Groups[3].ValueSpan[0] == 'p')
            : null;

    /// <summary>Twelve-hour reckoning, in which 12 is the first hour of each half.</summary>
    public static TimeOnly? Twelve(int hour, int minute, bool afternoon) =>
        hour is >= 1 and <= 12 ? Of((hour % 12) + (afternoon ? 12 : 0), minute) : null;

    public static TimeOnly? Of(int hour, int minute) => hour is >= 0 and <= 23 && minute is >= 0 and <= 59 ? new TimeOnly(hour, minute) : null;

    private static int Number(Match match, int group) => int.Parse(match.Groups[group].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);

    [GeneratedRegex("^([0-9]{1,2}):([0-9]{2})$")]
    private static partial Regex Colon();

    [GeneratedRegex(@"^([0-9]{1,2})\.([0-9]{2})$")]
    private static partial Regex Dot();

    [GeneratedRegex(@"^([0-9]{1,2})(?::([0-9]{2}))?(a|p)\.?m$")]
    private static partial Regex Half();
}
