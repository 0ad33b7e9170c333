using System.Buffers.Text;
using System.Text;

namespace Slipway.Telemetry.Exposition;

/// <summary>Numbers as the formats write them.</summary>
internal static class NumberText
{
    public static bool TryValue(ReadOnlySpan<byte> text, out double value)
    {
        // Most values are short whole numbers.
        if (text.Length is > 0 and < 16)
        {
            var whole = 0L;
            var i = 0;
            for (; i < text.Length && text[i] is >= (byte)'0' and <= (byte)'9'; i++)
            {
                whole = (whole * 10) + (text[i] - '0');
            }

            if (i == text.Length)
            {
                value = whole;
                return true;
            }
        }

        if (text.Length > 0 && text[^1] is >= (byte)'0' and <= (byte)'9' or (byte)'.')
        {
            return Utf8Parser.TryParse(text[0] == '+' ? text[1..] : text, out value, out var used) && used == text.Length - (text[0] == '+' ? 1 : 0) && (text[0] != '+' || text[1] is not ((byte)'+' or (byte)'-'));
        }

        return TryWord(text, out value);
    }

    /// <summary>Whole milliseconds, perhaps negative.</summary>
    public static bool TryMilliseconds(ReadOnlySpan<byte> text, out long value) =>
        Utf8Parser.TryParse(text, out value, out var used) && used == text.Length;

    /// <summary>Seconds with a fraction, as milliseconds.</summary>
    public static bool TrySeconds(ReadOnlySpan<byte> text, out long milliseconds)
    {
        milliseconds = 0;
        if (!TryValue(text, out var seconds) || !(Math.Abs(seconds) < 1e15))
        {
            return false;
        }

        milliseconds = (long)Math.Round(seconds * 1000);
        return true;
    }

    /// <summary>The shortest text that reads back as the same number.</summary>
    public static int Format(double value, Span<byte> output)
    {
        if (double.IsNaN(value))
        {
            "NaN"u8.CopyTo(output);
            return 3;
        }

        if (double.IsInfinity(value))
        {
            (value > 0 ? "+Inf"u8 : "-Inf"u8).CopyTo(output);
            return 4;
        }

        if (value == Math.Truncate(value) && Math.Abs(value) < 1e15 && !(value == 0 && double.IsNegative(value)))
        {
            ((long)value).TryFormat(output, out var whole, default, System.Globalization.CultureInfo.InvariantCulture);
            return whole;
        }

        value.TryFormat(output, out var written, "R", System.Globalization.CultureInfo.InvariantCulture);
        return written;
    }

    private static bool TryWord(ReadOnlySpan<byte> text, out double value)
    {
        var sign = 1.0;
        if (text.Length > 0 && text[0] is (byte)'+' or (byte)'-')
        {
            sign = text[0] == '-' ? -1 : 1;
            text = text[1..];
        }

        if (Ascii.EqualsIgnoreCase(text, "inf"u8) || Ascii.EqualsIgnoreCase(text, "infinity"u8))
        {
            value = sign * double.PositiveInfinity;
            return true;
        }

        value = double.NaN;
        return Ascii.EqualsIgnoreCase(text, "nan"u8);
    }
}
