using System.Globalization;
using System.Text.Json;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Slipway.Api.Content;

/// <summary>What a plain YAML scalar means: the core schema, as JSON values.</summary>
internal static class YamlScalar
{
    public static void Write(Utf8JsonWriter writer, Scalar scalar)
    {
        var text = scalar.Value;
        if (scalar.Style is not (ScalarStyle.Plain or ScalarStyle.Any) || scalar.Tag == "tag:yaml.org,2002:str" || scalar.Tag == "!")
        {
            writer.WriteStringValue(text);
            return;
        }

        switch (text)
        {
            case "" or "~" or "null" or "Null" or "NULL":
                writer.WriteNullValue();
                return;
            case "true" or "True" or "TRUE":
                writer.WriteBooleanValue(true);
                return;
            case "false" or "False" or "FALSE":
                writer.WriteBooleanValue(false);
                return;
        }

        if (Whole(text) is { } whole)
        {
            writer.WriteNumberValue(whole);
        }
        else if (LooksLikeFraction(text)
            && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var fraction)
            && double.IsFinite(fraction))
        {
            writer.WriteNumberValue(fraction);
        }
        else
        {
            writer.WriteStringValue(text);
        }
    }

    /// <summary>Decimal, <c>0x</c>, <c>0o</c>, and the leading zero that file modes are written with.</summary>
    private static long? Whole(string text)
    {
        var negative = text[0] == '-';
        var digits = text[0] is '-' or '+' ? text[1..] : text;
        long value;
        switch (digits)
        {
            case ['0', 'x', .. var hex] when long.TryParse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value):
                break;
            case ['0', 'o', .. var octal] when TryOctal(octal, out value):
                break;
            case ['0', .. { Length: > 0 } octal] when TryOctal(octal, out value):
                break;
            case [not '0', ..] or ['0'] when long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out value):
                break;
            default:
                return null;
        }

        return negative ? -value : value;
    }

    private static bool TryOctal(string digits, out long value)
    {
        value = 0;
        if (digits.Length is 0 or > 20 || !digits.All(digit => digit is >= '0' and <= '7'))
        {
            return false;
        }

        foreach (var digit in digits)
        {
            value = (value << 3) + (digit - '0');
        }

        return true;
    }

    private static bool LooksLikeFraction(string text) =>
        text.Any(char.IsAsciiDigit) && text.All(character => char.IsAsciiDigit(character) || character is '.' or '-' or '+' or 'e' or 'E');
}
