using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Slipway.Model.Failures;

namespace Slipway.Eventing.Events;

/// <summary>Events written as JSON objects, with their attributes and data side by side.</summary>
internal static class StructuredEvents
{
    public const int BatchMax = 1000;

    /// <summary>Names given twice are found where they matter; looking for them in all data would cost as much as the rest.</summary>
    private static readonly JsonDocumentOptions s_strict = new() { MaxDepth = 64 };

    public static Outcome<CloudEvent> Read(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, s_strict);
            return Read(document.RootElement);
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException)
        {
            return NoJson(wrong);
        }
    }

    public static Outcome<IReadOnlyList<CloudEvent>> ReadBatch(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, s_strict);
            if (document.RootElement.ValueKind != JsonValueKind.Array)
            {
                return new Failure(FailureKind.Malformed, "event-malformed", "A batch is a list of events.");
            }

            var count = document.RootElement.GetArrayLength();
            if (count > BatchMax)
            {
                return new Failure(FailureKind.Malformed, "batch-too-long", $"A batch may have {BatchMax} events, this one has {count}.");
            }

            var events = new List<CloudEvent>(count);
            foreach (var item in document.RootElement.EnumerateArray())
            {
                var read = Read(item);
                if (read.Failure is { } failure)
                {
                    return failure with { Detail = $"Event {events.Count}: {failure.Detail}" };
                }

                events.Add(read.Value);
            }

            return events;
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException)
        {
            return NoJson(wrong);
        }
    }

    public static void Write(Utf8JsonWriter writer, CloudEvent told)
    {
        writer.WriteStartObject();
        writer.WriteString("specversion"u8, "1.0"u8);
        foreach (var (name, value) in told.Attributes)
        {
            writer.WriteString(name, value);
        }

        WriteData(writer, told);
        writer.WriteEndObject();
    }

    /// <summary>JSON stands as it is, text as text, anything else as base64.</summary>
    public static void WriteData(Utf8JsonWriter writer, CloudEvent told, string name = "data")
    {
        if (told.Data is not { } data)
        {
            return;
        }

        if (told.HasJsonData && IsJson(data.Span))
        {
            writer.WritePropertyName(name);
            writer.WriteRawValue(data.Span, skipInputValidation: true);
        }
        else
        {
            writer.WriteBase64String(name + "_base64", data.Span);
        }
    }

    public static byte[] Bytes(CloudEvent told)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            Write(writer, told);
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static Outcome<CloudEvent> Read(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            return new Failure(FailureKind.Malformed, "event-malformed", "An event is a JSON object.");
        }

        if (!element.TryGetProperty("specversion", out var version) || version.ValueKind != JsonValueKind.String || version.GetString() != "1.0")
        {
            return AttributeRules.Wrong("specversion", "must be \"1.0\"");
        }

        var attributes = new List<KeyValuePair<string, string>>(16);
        JsonElement? data = null, encoded = null;
        foreach (var member in element.EnumerateObject())
        {
            switch (member.Name)
            {
                case "specversion":
                    break;
                case "data" or "data_base64" when (member.Name == "data" ? data : encoded) is not null:
                    return AttributeRules.Wrong(member.Name, "is given twice");
                case "data":
                    data = member.Value;
                    break;
                case "data_base64":
                    encoded = member.Value;
                    break;
                default:
                    if (member.Value.ValueKind == JsonValueKind.Null)
                    {
                        break;
                    }

                    if (Canonical(member.Value) is not { } text)
                    {
                        return AttributeRules.Wrong(member.Name.Length <= 40 ? member.Name : member.Name[..40], "must be a string, a whole number or true or false");
                    }

                    attributes.Add(new(member.Name, text));
                    break;
            }
        }

        if (data is not null && encoded is not null)
        {
            return AttributeRules.Wrong("data_base64", "stands beside data; an event has one of them");
        }

        var bytes = encoded is { } base64 ? FromBase64(base64) : data is { } given ? Raw(attributes, given) : null;
        if (encoded is not null && bytes is null)
        {
            return AttributeRules.Wrong("data_base64", "must be base64 text");
        }

        if (bytes?.Length > AttributeRules.EventBytesMax)
        {
            return new Failure(FailureKind.Exhausted, "event-too-large", $"An event's data may have {AttributeRules.EventBytesMax} bytes.");
        }

        var whole = new CloudEvent(attributes, bytes is null ? default(ReadOnlyMemory<byte>?) : new ReadOnlyMemory<byte>(bytes));
        return AttributeRules.Check(whole) is { } failure ? failure : whole;
    }

    private static string? Canonical(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        JsonValueKind.Number when value.TryGetInt64(out var whole) => whole.ToString(CultureInfo.InvariantCulture),
        _ => null,
    };

    private static byte[]? Raw(List<KeyValuePair<string, string>> attributes, JsonElement data)
    {
        if (data.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        var type = attributes.Find(attribute => attribute.Key == "datacontenttype").Value;
        return type is not null && !MediaTypes.IsJson(type) && data.ValueKind == JsonValueKind.String
            ? Encoding.UTF8.GetBytes(data.GetString()!)
            : JsonMarshal.GetRawUtf8Value(data).ToArray();
    }

    private static byte[]? FromBase64(JsonElement text) =>
        text.ValueKind == JsonValueKind.String && text.TryGetBytesFromBase64(out var bytes) ? bytes : null;

    private static bool IsJson(ReadOnlySpan<byte> data)
    {
        var reader = new Utf8JsonReader(data);
        try
        {
            if (!reader.Read())
            {
                return false;
            }

            reader.Skip();
            return !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static Failure NoJson(Exception wrong) =>
        new(FailureKind.Malformed, "event-malformed", $"The body is not JSON: {wrong.Message}");
}
