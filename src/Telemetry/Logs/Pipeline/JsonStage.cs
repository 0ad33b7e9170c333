using System.Text;
using System.Text.Json;

namespace Slipway.Telemetry.Logs.Pipeline;

/// <summary><c>| json</c>: every value of an object becomes a label, <c>a_b</c> for one within another. Lists are left out.</summary>
internal sealed class JsonStage : LineStage
{
    public const string Failed = "JSONParserErr";

    public override bool Pass(ref PassingLine line)
    {
        var text = line.Text.TrimStart(" \t\r\n"u8);
        if (text.Length == 0 || text[0] != (byte)'{')
        {
            line.Labels.Fail(Failed, "the line is no JSON object");
            return true;
        }

        try
        {
            var reader = new Utf8JsonReader(text);
            reader.Read();
            ReadObject(ref reader, line.Labels, null);
            if (reader.Read())
            {
                line.Labels.Fail(Failed, "something follows behind the JSON object");
            }
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException)
        {
            line.Labels.Fail(Failed, wrong.Message);
        }

        return true;
    }

    private static void ReadObject(ref Utf8JsonReader reader, LineLabels labels, string? prefix)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = labels.Names.Of(reader.ValueSpan);
            var name = key is null || prefix is null ? key : $"{prefix}_{key}";
            reader.Read();
            switch (reader.TokenType)
            {
                case JsonTokenType.StartObject when name is not null:
                    ReadObject(ref reader, labels, name);
                    break;
                case JsonTokenType.StartObject or JsonTokenType.StartArray:
                    reader.Skip();
                    break;
                case JsonTokenType.String or JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False when name is not null && labels.IsWanted(name):
                    labels.Find(name, ValueOf(ref reader));
                    break;
                default:
                    break;
            }
        }
    }

    private static string ValueOf(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.String => reader.GetString() ?? "",
        JsonTokenType.Number => Encoding.UTF8.GetString(reader.ValueSpan),
        JsonTokenType.True => "true",
        _ => "false",
    };
}

/// <summary><c>| json name="path.to[0].value"</c>: only these values, objects and lists as the JSON they are.</summary>
internal sealed class JsonPathStage(IReadOnlyList<(string Label, IReadOnlyList<object> Path)> wanted) : LineStage
{
    public override bool Pass(ref PassingLine line)
    {
        try
        {
            var reader = new Utf8JsonReader(line.Text);
            using var document = JsonDocument.ParseValue(ref reader);
            foreach (var (label, path) in wanted)
            {
                if (Find(document.RootElement, path) is { } value)
                {
                    line.Labels.Find(label, value.ValueKind == JsonValueKind.String ? value.GetString() ?? "" : value.GetRawText());
                }
            }
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException)
        {
            line.Labels.Fail(JsonStage.Failed, wrong.Message);
        }

        return true;
    }

    private static JsonElement? Find(JsonElement element, IReadOnlyList<object> path)
    {
        foreach (var step in path)
        {
            switch (step)
            {
                case string name when element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var member):
                    element = member;
                    break;
                case int index when element.ValueKind == JsonValueKind.Array && index < element.GetArrayLength():
                    element = element[index];
                    break;
                default:
                    return null;
            }
        }

        return element.ValueKind == JsonValueKind.Null ? null : element;
    }

    /// <summary>Null if it is no path.</summary>
    public static IReadOnlyList<object>? ParsePath(string text)
    {
        var path = new List<object>();
        var position = 0;
        while (position < text.Length)
        {
            if (text[position] == '[')
            {
                var end = text.IndexOf(']', position);
                if (end < 0)
                {
                    return null;
                }

                var inner = text[(position + 1)..end];
                if (inner.Length > 1 && inner[0] == '"' && inner[^1] == '"')
                {
                    path.Add(inner[1..^1]);
                }
                else if (int.TryParse(inner, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var index))
                {
                    path.Add(index);
                }
                else
                {
                    return null;
                }

                position = end + 1;
            }
            else
            {
                position += text[position] == '.' && path.Count > 0 ? 1 : 0;
                var end = text.AsSpan(position).IndexOfAny('.', '[') is var found && found < 0 ? text.Length : position + found;
                if (end == position)
                {
                    return null;
                }

                path.Add(text[position..end]);
                position = end;
            }
        }

        return path.Count > 0 ? path : null;
    }
}

/// <summary><c>| unpack</c>: the members of an object become labels, and its member <c>_entry</c> the line.</summary>
internal sealed class UnpackStage : LineStage
{
    public override bool ChangesText => true;

    public override bool Pass(ref PassingLine line)
    {
        try
        {
            var reader = new Utf8JsonReader(line.Text);
            using var document = JsonDocument.ParseValue(ref reader);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                line.Labels.Fail(JsonStage.Failed, "the line is no JSON object");
                return true;
            }

            foreach (var member in document.RootElement.EnumerateObject())
            {
                if (member.Value.ValueKind == JsonValueKind.String && member.Value.GetString() is { } value)
                {
                    if (member.NameEquals("_entry"))
                    {
                        line.Text = Encoding.UTF8.GetBytes(value);
                    }
                    else if (line.Labels.Names.Of(Encoding.UTF8.GetBytes(member.Name)) is { } name)
                    {
                        line.Labels.Find(name, value);
                    }
                }
            }
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException)
        {
            line.Labels.Fail(JsonStage.Failed, wrong.Message);
        }

        return true;
    }
}
