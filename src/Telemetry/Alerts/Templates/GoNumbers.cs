using System.Globalization;

namespace Slipway.Telemetry.Alerts.Templates;

/// <summary>Numbers as Go prints them, because the templates people have were written against its output.</summary>
internal static class GoNumbers
{
    /// <summary>As <c>%v</c>: the shortest text that reads back as the same number.</summary>
    public static string Shortest(double value)
    {
        if (Special(value) is { } special)
        {
            return special;
        }

        var magnitude = value == 0 ? 0 : Exponent(value.ToString("E16", CultureInfo.InvariantCulture));
        return magnitude is < -4 or >= 21 ? Scientific(value.ToString("R", CultureInfo.InvariantCulture), value) : Decimal(value);
    }

    /// <summary>As <c>%.{precision}g</c>: so many significant digits, without zeros at the end.</summary>
    public static string General(double value, int precision)
    {
        if (Special(value) is { } special)
        {
            return special;
        }

        if (value == 0)
        {
            return "0";
        }

        precision = Math.Max(1, precision);
        var scientific = value.ToString($"E{precision - 1}", CultureInfo.InvariantCulture);
        var exponent = Exponent(scientific);
        if (exponent < -4 || exponent >= precision)
        {
            var mantissa = scientific[..scientific.IndexOf('E', StringComparison.Ordinal)];
            return $"{Trimmed(mantissa)}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}";
        }

        return Trimmed(value.ToString($"F{Math.Max(0, precision - 1 - exponent)}", CultureInfo.InvariantCulture));
    }

    public static string Fixed(double value, int precision) =>
        Special(value) ?? value.ToString($"F{precision}", CultureInfo.InvariantCulture);

    public static string Exponential(double value, int precision)
    {
        if (Special(value) is { } special)
        {
            return special;
        }

        var text = value.ToString($"E{precision}", CultureInfo.InvariantCulture);
        var exponent = Exponent(text);
        return $"{text[..text.IndexOf('E', StringComparison.Ordinal)]}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}";
    }

    private static string? Special(double value) =>
        double.IsNaN(value) ? "NaN" : double.IsPositiveInfinity(value) ? "+Inf" : double.IsNegativeInfinity(value) ? "-Inf" : null;

    private static int Exponent(string scientific) =>
        int.Parse(scientific.AsSpan(scientific.IndexOf('E', StringComparison.Ordinal) + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);

    private static string Decimal(double value)
    {
        var text = value.ToString("R", CultureInfo.InvariantCulture);
        return text.Contains('E', StringComparison.Ordinal) ? value.ToString("0.####################", CultureInfo.InvariantCulture) : text;
    }

    private static string Scientific(string text, double value)
    {
        if (!text.Contains('E', StringComparison.Ordinal))
        {
            text = value.ToString("E16", CultureInfo.InvariantCulture);
        }

        var exponent = Exponent(text);
        return $"{Trimmed(text[..text.IndexOf('E', StringComparison.Ordinal)])}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}";
    }

    private static string Trimmed(string text) => text.Contains('.', StringComparison.Ordinal) ? text.TrimEnd('0').TrimEnd('.') : text;
}
