using System.Text;
using Slipway.Telemetry.Labels;

namespace Slipway.Telemetry.Exposition;

/// <summary>
/// Reads <c>name{label="value",…}</c>, also with names in quotation marks, which may hold any character:
/// <c>{"http.requests","http.method"="GET"}</c>.
/// </summary>
internal static class SeriesText
{
    /// <summary>How far the series reaches at the start of a line; −1 if its brace is never closed.</summary>
    /// <param name="mayExemplar">Whether an exemplar with braces of its own may follow.</param>
    public static int EndOf(ReadOnlySpan<byte> line, bool mayExemplar)
    {
        var at = line.IndexOfAny((byte)'{', (byte)' ', (byte)'\t');
        if (at < 0)
        {
            return line.Length;
        }

        var brace = at;
        while (brace < line.Length && line[brace] is (byte)' ' or (byte)'\t')
        {
            brace++;
        }

        if (brace == line.Length || line[brace] != '{')
        {
            return at;
        }

        // Neither a number nor a time has a brace, so the last one is the right one, which is found much faster than the first that
        // stands in no quotation marks. A line with mistakes is found out later either way.
        return mayExemplar && line.Contains((byte)'#') ? EndOfLabels(line, brace) : line[brace..].LastIndexOf((byte)'}') is var end and > 0 ? brace + end + 1 : -1;
    }

    /// <summary>The place behind the brace that closes the one here; −1 if there is none.</summary>
    public static int EndOfLabels(ReadOnlySpan<byte> line, int brace)
    {
        var quoted = false;
        for (var i = brace + 1; i < line.Length; i++)
        {
            switch (line[i])
            {
                case (byte)'\\' when quoted:
                    i++;
                    break;
                case (byte)'"':
                    quoted = !quoted;
                    break;
                case (byte)'}' when !quoted:
                    return i + 1;
            }
        }

        return -1;
    }

    /// <returns>What is wrong with it; null if nothing is.</returns>
    public static string? Read(ReadOnlySpan<byte> text, ExpositionLimits limits, SortedDictionary<string, string> labels)
    {
        var brace = text.IndexOf((byte)'{');
        var name = (brace < 0 ? text : text[..brace]).TrimEnd(" \t"u8);
        if (name.Length > 0)
        {
            if (name.Length > limits.LabelNameBytesMax)
            {
                return $"the name has {name.Length} bytes, more than {limits.LabelNameBytesMax}";
            }

            if (!IsName(name, colons: true))
            {
                return $"'{Shown(name)}' is no name of a metric: letters, digits, '_' and ':', not starting with a digit";
            }

            labels[LabelSet.MetricName] = Encoding.UTF8.GetString(name);
        }

        if (brace >= 0 && ReadLabels(text[(brace + 1)..^1], limits, labels, mayName: name.IsEmpty) is { } wrong)
        {
            return wrong;
        }

        return labels.ContainsKey(LabelSet.MetricName) ? null : "the series has no name";
    }

    /// <summary>Reads what stands between braces.</summary>
    public static string? ReadLabels(ReadOnlySpan<byte> text, ExpositionLimits limits, SortedDictionary<string, string> labels, bool mayName)
    {
        var count = 0;
        while (true)
        {
            text = text.TrimStart(" \t"u8);
            if (text.IsEmpty)
            {
                return null;
            }

            if (++count > limits.LabelsMax)
            {
                return $"more than {limits.LabelsMax} labels";
            }

            var quoted = text[0] == '"';
            string name;
            if (quoted)
            {
                if (!TryQuoted(ref text, limits.LabelNameBytesMax, out name))
                {
                    return $"a quoted name is not closed or longer than {limits.LabelNameBytesMax} bytes";
                }
            }
            else
            {
                var end = text.IndexOfAny("= \t,"u8);
                var plain = end < 0 ? text : text[..end];
                if (plain.Length > limits.LabelNameBytesMax || !IsName(plain, colons: false))
                {
                    return $"'{Shown(plain)}' is no name of a label: letters, digits and '_', not starting with a digit";
                }

                name = Encoding.UTF8.GetString(plain);
                text = text[plain.Length..];
            }

            text = text.TrimStart(" \t"u8);
            if (quoted && mayName && (text.IsEmpty || text[0] == ','))
            {
                if (!labels.TryAdd(LabelSet.MetricName, name) || name.Length == 0)
                {
                    return "the metric has two names or an empty one";
                }
            }
            else
            {
                if (text.IsEmpty || text[0] != '=')
                {
                    return $"'=' is missing behind the label {Shown(name)}";
                }

                text = text[1..].TrimStart(" \t"u8);
                if (text.IsEmpty || text[0] != '"' || !TryQuoted(ref text, limits.LabelValueBytesMax, out var value))
                {
                    return $"the value of the label {Shown(name)} is not in quotation marks, not closed, or longer than {limits.LabelValueBytesMax} bytes";
                }

                if (name is LabelSet.MetricName or "" || !labels.TryAdd(name, value))
                {
                    return $"the label {Shown(name)} comes twice or may not be used";
                }

                text = text.TrimStart(" \t"u8);
            }

            if (!text.IsEmpty)
            {
                if (text[0] != ',')
                {
                    return "',' is missing between labels";
                }

                text = text[1..];
            }
        }
    }

    public static bool IsName(ReadOnlySpan<byte> name, bool colons)
    {
        if (name.IsEmpty || name[0] is >= (byte)'0' and <= (byte)'9')
        {
            return false;
        }

        foreach (var letter in name)
        {
            if (!(char.IsAsciiLetterOrDigit((char)letter) || letter == '_' || (colons && letter == ':')))
            {
                return false;
            }
        }

        return true;
    }

    public static string Unescaped(ReadOnlySpan<byte> text)
    {
        if (text.IndexOf((byte)'\\') < 0)
        {
            return Encoding.UTF8.GetString(text);
        }

        var plain = new byte[text.Length];
        var length = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && i + 1 < text.Length && text[i + 1] is (byte)'\\' or (byte)'"' or (byte)'n')
            {
                i++;
                plain[length++] = text[i] == 'n' ? (byte)'\n' : text[i];
            }
            else
            {
                plain[length++] = text[i];
            }
        }

        return Encoding.UTF8.GetString(plain.AsSpan(0, length));
    }

    public static string Shown(ReadOnlySpan<byte> text) => Shown(Encoding.UTF8.GetString(text[..Math.Min(text.Length, 80)]));

    private static string Shown(string text) => text.Length <= 60 ? text : text[..60] + "…";

    private static bool TryQuoted(ref ReadOnlySpan<byte> text, int bytesMax, out string value)
    {
        value = "";
        var end = 1;
        while (end < text.Length && text[end] != '"')
        {
            end += text[end] == '\\' ? 2 : 1;
        }

        if (end >= text.Length || end - 1 > bytesMax)
        {
            return false;
        }

        value = Unescaped(text[1..end]);
        text = text[(end + 1)..];
        return true;
    }
}
