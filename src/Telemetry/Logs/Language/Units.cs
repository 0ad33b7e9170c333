using System.Globalization;

namespace Slipway.Telemetry.Logs.Language;

/// <summary>Durations as Go and Prometheus write them (<c>1h30m</c>, <c>250ms</c>, <c>7d</c>) and byte counts (<c>5KB</c>, <c>1.5MiB</c>).</summary>
internal static class Units
{
    private static readonly (string Name, double Nanoseconds)[] s_durations =
    [
        ("ns", 1), ("us", 1e3), ("µs", 1e3), ("μs", 1e3), ("ms", 1e6), ("s", 1e9), ("m", 60e9), ("h", 3_600e9), ("d", 86_400e9), ("w", 604_800e9), ("y", 31_536_000e9),
    ];

    private static readonly (string Name, double Bytes)[] s_bytes =
    [
        ("b", 1), ("kb", 1e3), ("mb", 1e6), ("gb", 1e9), ("tb", 1e12), ("kib", 1_024), ("mib", 1_048_576), ("gib", 1_073_741_824), ("tib", 1_099_511_627_776),
        ("k", 1e3), ("m", 1e6), ("g", 1e9), ("t", 1e12), ("ki", 1_024), ("mi", 1_048_576), ("gi", 1_073_741_824), ("ti", 1_099_511_627_776),
    ];

    public static bool TryDuration(ReadOnlySpan<char> text, out double nanoseconds)
    {
        nanoseconds = 0;
        var sign = 1;
        if (text.Length > 0 && text[0] is '-' or '+')
        {
            sign = text[0] == '-' ? -1 : 1;
            text = text[1..];
        }

        if (text is "0")
        {
            return true;
        }

        var any = false;
        while (text.Length > 0)
        {
            if (!TryPart(ref text, out var number, out var unit) || Find(s_durations, unit) is not { } size)
            {
                return false;
            }

            nanoseconds += number * size;
            any = true;
        }

        nanoseconds *= sign;
        return any;
    }

    public static bool TryBytes(ReadOnlySpan<char> text, out double bytes)
    {
        bytes = 0;
        text = text.Trim();
        if (!TryPart(ref text, out var number, out var unit) || text.Length > 0)
        {
            return false;
        }

        var lower = unit.Trim().ToString().ToLowerInvariant();
        if (lower.Length == 0)
        {
            bytes = number;
            return true;
        }

        if (Find(s_bytes, lower) is not { } size)
        {
            return false;
        }

        bytes = number * size;
        return true;
    }

    public static bool TryNumber(ReadOnlySpan<char> text, out double number) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number);

    private static double? Find((string Name, double Size)[] units, ReadOnlySpan<char> name)
    {
        foreach (var (unit, size) in units)
        {
            if (name.SequenceEqual(unit))
            {
                return size;
            }
        }

        return null;
    }

    private static bool TryPart(ref ReadOnlySpan<char> text, out double number, out ReadOnlySpan<char> unit)
    {
        var digits = 0;
        while (digits < text.Length && (char.IsAsciiDigit(text[digits]) || text[digits] == '.'))
        {
            digits++;
        }

        var end = digits;
        while (end < text.Length && !char.IsAsciiDigit(text[end]) && text[end] != '.')
        {
            end++;
        }

        unit = text[digits..end];
        var parsed = double.TryParse(text[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out number);
        text = text[end..];
        return parsed;
    }
}
