using System.Text;

namespace Todo.Api.Transfer;

/// <summary>
/// The lines of RFC 5545: <c>NAME;PARAM=value:value</c>, folded so that none is longer than 75 octets, never inside a character.
/// </summary>
internal static class ContentLines
{
    private const int OctetsMax = 75;

    public static void Write(StringBuilder into, string name, string value)
    {
        var octets = 0;
        foreach (var rune in (name + ":" + value).EnumerateRunes())
        {
            if (octets + rune.Utf8SequenceLength > OctetsMax)
            {
                into.Append("\r\n ");
                octets = 1;
            }

            into.Append(rune.ToString());
            octets += rune.Utf8SequenceLength;
        }

        into.Append("\r\n");
    }

    public static IEnumerable<string> Unfold(string text)
    {
        var line = new StringBuilder();
        foreach (var part in text.Replace("\r\n", "\n", StringComparison.Ordinal).Split('\n', '\r'))
        {
            if (part is [' ' or '\t', ..])
            {
                line.Append(part.AsSpan(1));
                continue;
            }

            if (line.Length > 0)
            {
                yield return line.ToString();
            }

            line.Clear().Append(part);
        }

        if (line.Length > 0)
        {
            yield return line.ToString();
        }
    }

    public static string Escape(string text) => text
        .Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace(";", "\\;", StringComparison.Ordinal)
        .Replace(",", "\\,", StringComparison.Ordinal)
        .Replace("\r\n", "\\n", StringComparison.Ordinal)
        .Replace("\n", "\\n", StringComparison.Ordinal)
        .Replace("\r", "\\n", StringComparison.Ordinal);

    public static string Unescape(string text)
    {
        var plain = new StringBuilder(text.Length);
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] == '\\' && at + 1 < text.Length)
            {
                at++;
                plain.Append(text[at] is 'n' or 'N' ? '\n' : text[at]);
            }
            else
            {
                plain.Append(text[at]);
            }
        }

        return plain.ToString();
    }

    /// <summary>Splits at commas that are not escaped and takes the escapes out.</summary>
    public static List<string> List(string text)
    {
        var items = new List<string>();
        var from = 0;
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] == '\\')
            {
                at++;
            }
            else if (text[at] == ',')
            {
                items.Add(Unescape(text[from..at]));
                from = at + 1;
            }
        }

        items.Add(Unescape(text[from..]));
        return [.. items.Where(item => item.Length > 0)];
    }

    /// <summary>The property's name, its parameters and its value; null when the line is none.</summary>
    public static (string Name, Dictionary<string, string> Parameters, string Value)? Parse(string line)
    {
        var quoted = false;
        var colon = -1;
        for (var at = 0; at < line.Length && colon < 0; at++)
        {
            quoted ^= line[at] == '"';
            colon = line[at] == ':' && !quoted ? at : -1;
        }

        if (colon <= 0)
        {
            return null;
        }

        var parts = line[..colon].Split(';');
        var parameters = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var part in parts.Skip(1))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0)
            {
                parameters[part[..equals]] = part[(equals + 1)..].Trim('"');
            }
        }

        return (parts[0].ToUpperInvariant(), parameters, line[(colon + 1)..]);
    }
}
