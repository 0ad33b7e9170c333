using System.Globalization;

namespace Slipway.Telemetry.PromQl.Syntax;

/// <summary>Numbers as PromQL and its answers write them.</summary>
internal static class PromQlNumber
{
    public static bool TryParse(string text, out double value)
    {
        if (text.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
        {
            var known = ulong.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var whole);
            value = whole;
            return known;
        }

        if (IsWord(text))
        {
            value = string.Equals(text, "nan", StringComparison.OrdinalIgnoreCase) ? double.NaN : double.PositiveInfinity;
            return true;
        }

        return double.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out value) && double.IsFinite(value);
    }

    public static bool IsWord(string word) =>
        string.Equals(word, "inf", StringComparison.OrdinalIgnoreCase) || string.Equals(word, "nan", StringComparison.OrdinalIgnoreCase);

    /// <summary>Shortest digits that read back the same, never with an exponent: as sample values are written in answers.</summary>
    public static string Plain(double value)
    {
        if (double.IsNaN(value))
        {
            return "NaN";
        }

        if (double.IsInfinity(value))
        {
            return value > 0 ? "+Inf" : "-Inf";
        }

        var shortest = value.ToString("R", CultureInfo.InvariantCulture);
        var exponentAt = shortest.IndexOf('E', StringComparison.Ordinal);
        if (exponentAt < 0)
        {
            return shortest;
        }

        var exponent = int.Parse(shortest.AsSpan(exponentAt + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var negative = shortest[0] == '-';
        var mantissa = shortest[(negative ? 1 : 0)..exponentAt];
        var point = mantissa.IndexOf('.', StringComparison.Ordinal);
        var digits = mantissa.Replace(".", "", StringComparison.Ordinal);
        var whole = (point < 0 ? mantissa.Length : point) + exponent;
        var plain = whole <= 0 ? "0." + new string('0', -whole) + digits
            : whole >= digits.Length ? digits + new string('0', whole - digits.Length)
            : $"{digits.AsSpan(0, whole)}.{digits.AsSpan(whole)}";
        return negative ? "-" + plain : plain;
    }

    /// <summary>As Prometheus answers: plain digits, and an exponent where the number is very small or very large.</summary>
    public static string Answer(double value)
    {
        var size = Math.Abs(value);
        return !double.IsFinite(value) || size == 0 || (size >= 1e-6 && size < 1e21) ? Plain(value) : Scientific(value);
    }

    /// <summary>Always with an exponent, as values of alerts are written.</summary>
    public static string Scientific(double value)
    {
        if (!double.IsFinite(value))
        {
            return Plain(value);
        }

        var shortest = value.ToString("E16", CultureInfo.InvariantCulture);
        for (var digits = 0; digits < 17; digits++)
        {
            var candidate = value.ToString("E" + digits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
            if (double.Parse(candidate, CultureInfo.InvariantCulture).Equals(value))
            {
                shortest = candidate;
                break;
            }
        }

        var cut = shortest.IndexOf('E', StringComparison.Ordinal);
        var exponent = int.Parse(shortest.AsSpan(cut + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        return $"{shortest.AsSpan(0, cut)}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}";
    }
}
