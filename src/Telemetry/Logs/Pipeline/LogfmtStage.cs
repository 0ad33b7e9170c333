using System.Text;

namespace Slipway.Telemetry.Logs.Pipeline;

/// <summary><c>| logfmt</c>: words of the form <c>key=value</c> or <c>key="a value"</c> become labels.</summary>
/// <param name="wanted">Which keys become which labels; null for all of them.</param>
/// <param name="strict">A word of another form makes the line an error.</param>
/// <param name="keepEmpty">Without effect on what is asked for, since an empty label is none.</param>
internal sealed class LogfmtStage(IReadOnlyList<(string Label, string Key)>? wanted, bool strict, bool keepEmpty) : LineStage
{
    private const string Failed = "LogfmtParserErr";

    public bool KeepEmpty => keepEmpty;

    public override bool Pass(ref PassingLine line)
    {
        var rest = line.Text;
        while (true)
        {
            rest = rest.TrimStart(" \t\r\n"u8);
            if (rest.Length == 0)
            {
                return true;
            }

            var end = rest.IndexOfAny(" \t\r\n="u8);
            var key = end < 0 ? rest : rest[..end];
            rest = end < 0 ? [] : rest[end..];
            if (rest.Length == 0 || rest[0] != (byte)'=')
            {
                if (strict)
                {
                    line.Labels.Fail(Failed, $"'{Encoding.UTF8.GetString(key)}' has no value");
                    return true;
                }

                continue;
            }

            rest = rest[1..];
            if (!Value(ref rest, out var value, out var escaped))
            {
                line.Labels.Fail(Failed, "a quoted value does not end");
                return true;
            }

            Add(line.Labels, key, value, escaped);
        }
    }

    private void Add(LineLabels labels, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, bool escaped)
    {
        if (labels.Names.Of(key) is not { } name)
        {
            return;
        }

        if (wanted is null)
        {
            if (labels.IsWanted(name))
            {
                labels.Find(name, Text(value, escaped));
            }

            return;
        }

        foreach (var (label, wantedKey) in wanted)
        {
            if (wantedKey == name)
            {
                labels.Find(label, Text(value, escaped));
            }
        }
    }

    private static bool Value(ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> value, out bool escaped)
    {
        escaped = false;
        if (rest.Length == 0 || rest[0] != (byte)'"')
        {
            var end = rest.IndexOfAny(" \t\r\n"u8);
            value = end < 0 ? rest : rest[..end];
            rest = rest[value.Length..];
            return true;
        }

        for (var index = 1; index < rest.Length; index++)
        {
            if (rest[index] == (byte)'\\')
            {
                escaped = true;
                index++;
            }
            else if (rest[index] == (byte)'"')
            {
                value = rest[1..index];
                rest = rest[(index + 1)..];
                return true;
            }
        }

        value = [];
        return false;
    }

    private static string Text(ReadOnlySpan<byte> value, bool escaped)
    {
        var text = Encoding.UTF8.GetString(value);
        if (!escaped)
        {
            return text;
        }

        var plain = new StringBuilder(text.Length);
        for (var index = 0; index < text.Length; index++)
        {
            var character = text[index];
            if (character == '\\' && index + 1 < text.Length)
            {
                character = text[++index] switch { 'n' => '\n', 't' => '\t', 'r' => '\r', var other => other };
            }

            plain.Append(character);
        }

        return plain.ToString();
    }
}
