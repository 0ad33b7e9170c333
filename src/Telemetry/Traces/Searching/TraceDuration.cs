using System.Globalization;

namespace Slipway.Telemetry.Traces.Searching;

/// <summary>Durations as people type them: <c>100ms</c>, <c>1.5s</c>, <c>1m30s</c>.</summary>
internal static class TraceDuration
{
    private static readonly (string Unit, double Nanoseconds)[] s_units =
        [("ns", 1), ("us", 1e3), ("µs", 1e3), ("ms", 1e6), ("s", 1e9), ("m", 60e9), ("h", 3600e9)];

    /// <returns>Nanoseconds; nothing if it is no duration.</returns>
    public static long? Parse(string text)
    {
        var total = 0.0;
        var rest = text.AsSpan();
        while (!rest.IsEmpty)
        {
            var digits = 0;
            while (digits < rest.Length && (char.IsAsciiDigit(rest[digits]) || rest[digits] == '.'))
            {
                digits++;
            }

            var letters = digits;
            while (letters < rest.Length && !char.IsAsciiDigit(rest[letters]) && rest[letters] != '.')
            {
                letters++;
            }

            var unit = rest[digits..letters].ToString();
            var known = Array.FindIndex(s_units, candidate => candidate.Unit == unit);
            if (known < 0 || !double.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            {
                return null;
            }

            total += number * s_units[known].Nanoseconds;
            rest = rest[letters..];
        }

        return text.Length == 0 || total > long.MaxValue / 2 ? null : (long)total;
    }
}
