using System.Text;

namespace Slipway.Sdk.Tables;

/// <summary>Tables as text, after RFC 4180.</summary>
public static class CsvText
{
    private const int FieldsMax = 64;

    /// <summary>The records, each with the line it begins in; or what is wrong with the text.</summary>
    public static string? Read(string text, int recordsMax, List<(int Line, string[] Fields)> records)
    {
        var at = text.StartsWith('\uFEFF') ? 1 : 0;
        var line = 1;
        while (at < text.Length)
        {
            var (first, fields) = (line, new List<string>());
            do
            {
                if (fields.Count == FieldsMax)
                {
                    return $"Line {first} has more than {FieldsMax} fields.";
                }

                if (Field(text, ref at, ref line, out var field) is { } wrong)
                {
                    return $"Line {line}: {wrong}";
                }

                fields.Add(field);
            }
            while (at < text.Length && text[at] == ',' && ++at <= text.Length);

            EndOfLine(text, ref at, ref line);
            if (fields is [""])
            {
                continue; // An empty line says nothing.
            }

            if (records.Count == recordsMax)
            {
                return $"The file has more than {recordsMax - 1} rows. Split it.";
            }

            records.Add((first, [.. fields]));
        }

        return null;
    }

    public static void Write(StringBuilder into, IEnumerable<string> fields) =>
        into.AppendJoin(',', fields.Select(field => field.AsSpan().IndexOfAny("\",\r\n") < 0 ? field : $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"")).Append("\r\n");

    /// <summary>Spreadsheets run what begins like a formula; an apostrophe in front keeps it text, and is taken off again on the way back.</summary>
    public static string Guard(string text) => IsFormula(text) ? "'" + text : text;

    public static string Unguard(string text) => text.StartsWith('\'') && IsFormula(text) ? text[1..] : text;

    private static bool IsFormula(string text) => text.AsSpan().TrimStart('\'') is ['=' or '+' or '-' or '@' or '\t' or '\r' or '\n', ..];

    private static void EndOfLine(string text, ref int at, ref int line)
    {
        var before = at;
        at += at < text.Length && text[at] == '\r' ? 1 : 0;
        at += at < text.Length && text[at] == '\n' ? 1 : 0;
        line += at > before ? 1 : 0;
    }

    private static string? Field(string text, ref int at, ref int line, out string field)
    {
        field = "";
        if (at >= text.Length || text[at] != '"')
        {
            var length = text.AsSpan(at).IndexOfAny(",\r\n");
            field = length < 0 ? text[at..] : text.Substring(at, length);
            at += field.Length;
            return field.Contains('"', StringComparison.Ordinal) ? "a quote stands in a field that does not begin with one." : null;
        }

        var value = new StringBuilder();
        for (at++; at < text.Length; at++)
        {
            if (text[at] == '"')
            {
                if (at + 1 >= text.Length || text[at + 1] != '"')
                {
                    at++;
                    field = value.ToString();
                    return at == text.Length || text[at] is ',' or '\r' or '\n' ? null : "text follows a closing quote.";
                }

                at++;
            }

            line += text[at] == '\n' ? 1 : 0;
            value.Append(text[at]);
        }

        return "a quoted field is never closed.";
    }
}
