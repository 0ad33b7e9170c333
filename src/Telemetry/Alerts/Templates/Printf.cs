using System.Globalization;
using System.Text;

namespace Slipway.Telemetry.Alerts.Templates;

/// <summary>Go's printf for the values templates have.</summary>
internal static class Printf
{
    private const int WidthMax = 256;

    public static string Format(string format, IReadOnlyList<object?> values)
    {
        var text = new StringBuilder();
        var used = 0;
        for (var at = 0; at < format.Length; at++)
        {
            if (format[at] != '%')
            {
                text.Append(format[at]);
                continue;
            }

            at++;
            var flags = at;
            while (at < format.Length && format[at] is '-' or '+' or ' ' or '0' or '#')
            {
                at++;
            }

            var flag = format.AsSpan(flags, at - flags);
            var (left, plus, zero) = (flag.Contains('-'), flag.Contains('+'), flag.Contains('0'));
            var width = Whole(format, ref at) ?? 0;
            int? precision = null;
            if (at < format.Length && format[at] == '.')
            {
                at++;
                precision = Whole(format, ref at) ?? 0;
            }

            if (at >= format.Length)
            {
                throw new TemplateException($"printf: \"{format}\" ends in the middle of a verb");
            }

            if (format[at] == '%')
            {
                text.Append('%');
                continue;
            }

            if (used >= values.Count)
            {
                throw new TemplateException($"printf: \"{format}\" asks for more than {values.Count} values");
            }

            var shown = One(format[at], values[used++], precision);
            if (plus && shown is [>= '0' and <= '9', ..])
            {
                shown = "+" + shown;
            }

            text.Append(left ? shown.PadRight(width) : zero && format[at] is 'd' or 'f' or 'F' or 'g' or 'e' ? Zeros(shown, width) : shown.PadLeft(width));
        }

        return used == values.Count ? text.ToString() : throw new TemplateException($"printf: \"{format}\" asks for {used} values and got {values.Count}");
    }

    private static string One(char verb, object? value, int? precision) => verb switch
    {
        's' => Cut(TemplateFunctions.Text(value), precision),
        'v' => value is double number && precision is { } digits ? GoNumbers.General(number, digits) : TemplateFunctions.Text(value),
        'q' => $"\"{TemplateFunctions.Text(value).Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"",
        't' => TemplateFunctions.IsTrue(value) ? "true" : "false",
        'd' => Math.Truncate(TemplateFunctions.Number(value)).ToString("F0", CultureInfo.InvariantCulture),
        'x' => ((long)TemplateFunctions.Number(value)).ToString("x", CultureInfo.InvariantCulture),
        'f' or 'F' => GoNumbers.Fixed(TemplateFunctions.Number(value), precision ?? 6),
        'e' => GoNumbers.Exponential(TemplateFunctions.Number(value), precision ?? 6),
        'g' => precision is { } significant ? GoNumbers.General(TemplateFunctions.Number(value), significant) : GoNumbers.Shortest(TemplateFunctions.Number(value)),
        _ => throw new TemplateException($"printf: there is no verb %{verb}"),
    };

    private static string Cut(string text, int? length) => length is { } most && most < text.Length ? text[..most] : text;

    private static string Zeros(string text, int width) =>
        text is ['-' or '+', ..] ? text[0] + text[1..].PadLeft(width - 1, '0') : text.PadLeft(width, '0');

    private static int? Whole(string format, ref int at)
    {
        var start = at;
        while (at < format.Length && char.IsAsciiDigit(format[at]))
        {
            at++;
        }

        return at == start ? null
            : at - start <= 3 && int.Parse(format.AsSpan(start, at - start), CultureInfo.InvariantCulture) is var number and <= WidthMax ? number
            : throw new TemplateException($"printf: widths are at most {WidthMax}");
    }
}
