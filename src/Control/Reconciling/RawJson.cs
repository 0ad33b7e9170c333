using System.Text.Json;

namespace Slipway.Control.Reconciling;

/// <summary>
/// Parts of objects as the text they are. Templates are copied this way from a Service down to its revisions, so that
/// fields this version of Slipway has no type for survive.
/// </summary>
internal static class RawJson
{
    /// <summary>The text of one field of a JSON object, empty when absent.</summary>
    public static ReadOnlyMemory<byte> Field(ReadOnlyMemory<byte> json, string field)
    {
        if (json.IsEmpty)
        {
            return default;
        }

        var reader = new Utf8JsonReader(json.Span);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var found = reader.ValueTextEquals(field);
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            if (found)
            {
                return json[start..(int)reader.BytesConsumed];
            }
        }

        return default;
    }

    /// <summary>An object with one field.</summary>
    public static ReadOnlyMemory<byte> Object(string field, ReadOnlyMemory<byte> value)
    {
        using var buffer = new MemoryStream(value.Length + field.Length + 8);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            if (!value.IsEmpty)
            {
                writer.WritePropertyName(field);
                writer.WriteRawValue(value.Span, skipInputValidation: true);
            }

            writer.WriteEndObject();
        }

        return buffer.ToArray();
    }

    /// <summary>Whether two texts say the same; the order of fields says nothing.</summary>
    public static bool Same(ReadOnlyMemory<byte> one, ReadOnlyMemory<byte> other)
    {
        if (one.Span.SequenceEqual(other.Span))
        {
            return true;
        }

        if (one.IsEmpty || other.IsEmpty)
        {
            return false;
        }

        using var left = JsonDocument.Parse(one);
        using var right = JsonDocument.Parse(other);
        return JsonElement.DeepEquals(left.RootElement, right.RootElement);
    }
}
