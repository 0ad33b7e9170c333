using System.Globalization;
using System.Text.RegularExpressions;

namespace Slipway.Model.Values;

/// <summary>Durations of ISO 8601 whose length is certain: <c>P7D</c>, <c>PT0.2S</c>, <c>P1DT12H</c>; no months and no years.</summary>
public static partial class IsoDuration
{
    public const string Phrase = "must be a duration such as P7D, PT30S or PT0.2S";

    /// <summary>Longer ones are surely a slip, and sums of them would overflow.</summary>
    private static readonly TimeSpan s_longest = TimeSpan.FromDays(36_500);

    public static bool TryParse(string? text, out TimeSpan duration)
    {
        duration = default;
        if (text is null or { Length: > 64 } || !Form().IsMatch(text))
        {
            return false;
        }

        var parts = Form().Match(text).Groups;
        var seconds = (Number(parts["weeks"]) * 604_800) + (Number(parts["days"]) * 86_400) + (Number(parts["hours"]) * 3_600)
            + (Number(parts["minutes"]) * 60) + Number(parts["seconds"]);
        if (seconds > s_longest.TotalSeconds)
        {
            return false;
        }

        duration = TimeSpan.FromSeconds(seconds);
        return true;
    }

    private static double Number(Group group) => group.Success ? double.Parse(group.ValueSpan, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex(
        @"^P(?=.)(?:(?<weeks>\d{1,9})W)?(?:(?<days>\d{1,9})D)?(?:T(?=.)(?:(?<hours>\d{1,9})H)?(?:(?<minutes>\d{1,9})M)?(?:(?<seconds>\d{1,9}(?:\.\d{1,9})?)S)?)?\z",
        RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
