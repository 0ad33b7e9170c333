using System.Globalization;
using System.Text.RegularExpressions;

namespace Slipway.Model.Values;

/// <summary>
/// A Kubernetes quantity: a decimal number with a decimal suffix (<c>m</c>, <c>k</c>, <c>M</c> …), a binary one
/// (<c>Ki</c>, <c>Mi</c> …) or an exponent (<c>1e3</c>). Exact within the range of <see cref="decimal"/>.
/// </summary>
public readonly partial record struct Quantity(decimal Value)
{
    private const int TextLengthMax = 64;

    /// <summary>Cores, for a CPU quantity: <c>500m</c> is 0.5.</summary>
    public double Cores => (double)Value;

    /// <summary>Whole bytes, rounded up as Kubernetes does; an amount beyond 2^63 counts as 2^63-1.</summary>
    public long Bytes => Value >= long.MaxValue ? long.MaxValue : Value <= long.MinValue ? long.MinValue : (long)decimal.Ceiling(Value);

    /// <summary>Thousandths, rounded up: the finest step Kubernetes counts CPU in.</summary>
    public long Milli => Value >= long.MaxValue / 1000m ? long.MaxValue : (long)decimal.Ceiling(Value * 1000m);

    public static bool TryParse(string? text, out Quantity quantity)
    {
        quantity = default;
        if (text is null || text.Length > TextLengthMax || Shape().Match(text) is not { Success: true } match
            || !decimal.TryParse(match.Groups["number"].ValueSpan, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
        {
            return false;
        }

        try
        {
            quantity = new Quantity(number * Factor(match.Groups["suffix"].Value));
            return true;
        }
        catch (OverflowException)
        {
            return false;
        }
    }

    public static Quantity Parse(string text) =>
        TryParse(text, out var quantity) ? quantity : throw new FormatException($"\"{text}\" is not a quantity such as 500m, 256Mi or 2.");

    /// <summary>The shortest usual text of this amount of bytes: <c>256Mi</c>, <c>1Gi</c>, or plain digits.</summary>
    public static string OfBytes(long bytes)
    {
        string[] units = ["Ei", "Pi", "Ti", "Gi", "Mi", "Ki"];
        for (var index = 0; index < units.Length && bytes != 0; index++)
        {
            var factor = 1L << (60 - (10 * index));
            if (bytes % factor == 0)
            {
                return $"{bytes / factor}{units[index]}";
            }
        }

        return bytes.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>The usual text of this amount of CPU in thousandths: <c>2</c>, <c>1500m</c>.</summary>
    public static string OfMilli(long milli) => milli % 1000 == 0
        ? (milli / 1000).ToString(CultureInfo.InvariantCulture)
        : $"{milli.ToString(CultureInfo.InvariantCulture)}m";

    private static decimal Factor(string suffix) => suffix switch
    {
        "" => 1m,
        "n" => 0.000000001m,
        "u" => 0.000001m,
        "m" => 0.001m,
        "k" => 1_000m,
        "M" => 1_000_000m,
        "G" => 1_000_000_000m,
        "T" => 1_000_000_000_000m,
        "P" => 1_000_000_000_000_000m,
        "E" => 1_000_000_000_000_000_000m,
        "Ki" => 1024m,
        "Mi" => 1L << 20,
        "Gi" => 1L << 30,
        "Ti" => 1L << 40,
        "Pi" => 1L << 50,
        "Ei" => 1L << 60,
        _ => PowerOfTen(int.Parse(suffix.AsSpan(1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture)),
    };

    private static decimal PowerOfTen(int exponent)
    {
        var factor = 1m;
        for (var step = 0; step < Math.Abs(exponent); step++)
        {
            factor = exponent > 0 ? factor * 10m : factor / 10m;
        }

        return factor;
    }

    [GeneratedRegex(@"^(?<number>[+-]?(\d+(\.\d*)?|\.\d+))(?<suffix>|[numkMGTPE]|[KMGTPE]i|[eE][+-]?\d{1,2})\z", RegexOptions.CultureInvariant)]
    private static partial Regex Shape();
}
