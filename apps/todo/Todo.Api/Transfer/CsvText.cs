using System.Text;

namespace Todo.Api.Transfer;

/// <summary>RFC 4180: fields with commas, quotes or line breaks are quoted, quotes doubled, lines end in CRLF.</summary>
internal static class CsvText
{
    public const int FieldsMax = 64;

    /// <summary>Null when the text is well-formed; else what is wrong and where.</summary>
    public static string? TryRead(string text, int recordsMax, out List<string[]> records)
    {
        records = [];
        var fields = new List<string>();
        var at = text.StartsWith('\uFEFF') ? 1 : 0;
        while (at < text.Length)
        {
            if (TryReadField(text, ref at, out var field) is { } wrong)
            {
                return $"Record {records.Count + 1}: {wrong}";
            }

            fields.Add(field);
            if (fields.Count > FieldsMax)
            {
                return $"Record {records.Count + 1} has more than {FieldsMax} fields.";
            }

            if (at < text.Length && text[at] == ',')
            {
                at++;
                if (at < text.Length)
                {
                    continue;
                }

                fields.Add(""); // The file ends behind a comma: one more, empty field.
            }
            else
            {
                at += at < text.Length && text[at] == '\r' ? 1 : 0;
                at += at < text.Length && text[at] == '\n' ? 1 : 0;
            }

            if (records.Count == recordsMax)
            {
                return TransferFile.TooLong;
            }

            records.Add([.. fields]);
            fields.Clear();
        }

        return null;
    }

    public static void Write(StringBuilder into, IEnumerable<string> fields)
    {
        var first = true;
        foreach (var field in fields)
        {
            into.Append(first ? "" : ",");
            first = false;
            if (field.AsSpan().IndexOfAny("\",\r\n") < 0 && field is not [' ', ..] and not [.., ' '])
            {
                into.Append(field);
            }
            else
            {
                into.Append('"').Append(field.Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"');
            }
        }

        into.Append("\r\n");
    }

    private static string? TryReadField(string text, ref int at, out string field)
    {
        field = "";
        if (at >= text.Length || text[at] != '"')
        {
            var end = text.AsSpan(at).IndexOfAny(",\r\n");
            end = end < 0 ? text.Length : at + end;
            field = text[at..end];
            at = end;
            return field.Contains('"', StringComparison.Ordinal) ? "a quote stands in a field that does not begin with one." : null;
        }

        var value = new StringBuilder();
        for (at++; at < text.Length; at++)
        {
            if (text[at] != '"')
            {
                value.Append(text[at]);
            }
            else if (at + 1 < text.Length && text[at + 1] == '"')
            {
                value.Append('"');
                at++;
            }
            else
            {
                at++;
                field = value.ToString();
                return at == text.Length || text[at] is ',' or '\r' or '\n' ? null : "text follows a closing quote.";
            }
        }

        return "a quoted field is never closed.";
    }
}
