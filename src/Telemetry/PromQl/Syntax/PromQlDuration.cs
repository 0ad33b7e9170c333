using System.Globalization;
using System.Text;

namespace Slipway.Telemetry.PromQl.Syntax;

/// <summary>Lengths of time such as <c>1h30m</c>, in milliseconds: whole numbers, the larger unit first, each unit once.</summary>
internal static class PromQlDuration
{
    private static readonly (string Unit, long Milliseconds)[] s_units =
    [
        ("y", 365 * 86_400_000L), ("w", 7 * 86_400_000L), ("d", 86_400_000L), ("h", 3_600_000L), ("m", 60_000L), ("s", 1000L), ("ms", 1L),
    ];

    public static bool TryParse(string text, out long milliseconds)
    {
        milliseconds = 0;
        var position = 0;
        var next = 0;
        while (position < text.Length)
        {
            var digits = position;
            while (digits < text.Length && char.IsAsciiDigit(text[digits]))
            {
                digits++;
            }

            var unitEnd = digits;
            while (unitEnd < text.Length && char.IsAsciiLetter(text[unitEnd]))
            {
                unitEnd++;
            }

            var unit = Array.FindIndex(s_units, next, known => text.AsSpan(digits, unitEnd - digits).SequenceEqual(known.Unit));
            if (digits == position || unit < 0 || !long.TryParse(text.AsSpan(position, digits - position), NumberStyles.None, CultureInfo.InvariantCulture, out var count))
            {
                return false;
            }

            // As long as what a nanosecond counter of 64 bits can hold, about 292 years.
            var sum = milliseconds + ((decimal)count * s_units[unit].Milliseconds);
            if (sum > 9_223_372_036_854m)
            {
                return false;
            }

            milliseconds = (long)sum;
            next = unit + 1;
            position = unitEnd;
        }

        return text.Length > 0;
    }

    public static string Write(long milliseconds)
    {
        if (milliseconds == 0)
        {
            return "0s";
        }

        var text = new StringBuilder(milliseconds < 0 ? "-" : "");
        var left = Math.Abs(milliseconds);
        foreach (var (unit, length) in s_units)
        {
            if (left >= length)
            {
                text.Append(left / length).Append(unit);
                left %= length;
            }
        }

        return text.ToString();
    }
}
