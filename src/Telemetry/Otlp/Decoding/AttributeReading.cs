using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Slipway.Telemetry.Otlp.Wire;
using Slipway.Telemetry.Traces;

namespace Slipway.Telemetry.Otlp.Decoding;

/// <summary>Reads attributes and the values they have. Lists and maps become JSON; what is nested deeper than 16 becomes null.</summary>
internal static class AttributeReading
{
    public const int CountMax = 256;
    public const int TextMax = 65_536;
    private const int DepthMax = 16;

    private static readonly JsonWriterOptions s_json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <returns>Nothing if the bytes are no attribute.</returns>
    public static SpanAttribute? Pair(ReadOnlySpan<byte> message, TextCache texts)
    {
        var reader = new ProtoReader(message);
        var name = "";
        var value = AttributeValue.Of("");
        while (reader.Next())
        {
            if (reader.Field == 1)
            {
                name = texts.Get(Cut(reader.Bytes));
            }
            else if (reader.Field == 2)
            {
                if (Value(reader.Bytes, texts) is not { } read)
                {
                    return null;
                }

                value = read;
            }
        }

        return reader.Failed ? null : new SpanAttribute(name, value);
    }

    public static AttributeValue? Value(ReadOnlySpan<byte> message, TextCache texts)
    {
        var reader = new ProtoReader(message);
        var value = AttributeValue.Of("");
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    value = AttributeValue.Of(texts.Get(Cut(reader.Bytes)));
                    break;
                case 2:
                    value = AttributeValue.Of(reader.Number != 0);
                    break;
                case 3:
                    value = AttributeValue.Of(reader.Signed);
                    break;
                case 4:
                    value = AttributeValue.Of(reader.Double);
                    break;
                case 5 or 6:
                    var buffer = new ArrayBufferWriter<byte>(256);
                    using (var json = new Utf8JsonWriter(buffer, s_json))
                    {
                        if (!Nested(reader.Bytes, json, reader.Field == 6, 1))
                        {
                            return null;
                        }
                    }

                    value = AttributeValue.Json(Encoding.UTF8.GetString(buffer.WrittenSpan));
                    break;
                case 7:
                    value = AttributeValue.Of(Convert.ToBase64String(Cut(reader.Bytes)));
                    break;
                default:
                    break;
            }
        }

        return reader.Failed ? null : value;
    }

    /// <summary>A list or a map as JSON.</summary>
    private static bool Nested(ReadOnlySpan<byte> message, Utf8JsonWriter json, bool map, int depth)
    {
        if (depth > DepthMax)
        {
            json.WriteNullValue();
            return true;
        }

        var reader = new ProtoReader(message);
        if (map)
        {
            json.WriteStartObject();
        }
        else
        {
            json.WriteStartArray();
        }

        while (reader.Next())
        {
            if (reader.Field == 1 && !(map ? Entry(reader.Bytes, json, depth) : Any(reader.Bytes, json, depth)))
            {
                return false;
            }
        }

        if (map)
        {
            json.WriteEndObject();
        }
        else
        {
            json.WriteEndArray();
        }

        return !reader.Failed;
    }

    private static bool Entry(ReadOnlySpan<byte> message, Utf8JsonWriter json, int depth)
    {
        var reader = new ProtoReader(message);
        ReadOnlySpan<byte> name = default, value = default;
        while (reader.Next())
        {
            if (reader.Field == 1)
            {
                name = reader.Bytes;
            }
            else if (reader.Field == 2)
            {
                value = reader.Bytes;
            }
        }

        json.WritePropertyName(Encoding.UTF8.GetString(Cut(name)));
        return !reader.Failed && Any(value, json, depth);
    }

    private static bool Any(ReadOnlySpan<byte> message, Utf8JsonWriter json, int depth)
    {
        var reader = new ProtoReader(message);
        var written = false;
        while (!written && reader.Next())
        {
            written = true;
            switch (reader.Field)
            {
                case 1:
                    json.WriteStringValue(Encoding.UTF8.GetString(Cut(reader.Bytes)));
                    break;
                case 2:
                    json.WriteBooleanValue(reader.Number != 0);
                    break;
                case 3:
                    json.WriteNumberValue(reader.Signed);
                    break;
                case 4 when double.IsFinite(reader.Double):
                    json.WriteNumberValue(reader.Double);
                    break;
                case 5 or 6:
                    if (!Nested(reader.Bytes, json, reader.Field == 6, depth + 1))
                    {
                        return false;
                    }

                    break;
                case 7:
                    json.WriteBase64StringValue(Cut(reader.Bytes));
                    break;
                default:
                    written = false;
                    break;
            }
        }

        if (!written)
        {
            json.WriteNullValue();
        }

        return !reader.Failed;
    }

    /// <summary>Texts longer than 64 KiB are cut, at the start of a character.</summary>
    private static ReadOnlySpan<byte> Cut(ReadOnlySpan<byte> text)
    {
        if (text.Length <= TextMax)
        {
            return text;
        }

        var end = TextMax;
        while (end > TextMax - 4 && (text[end] & 0xc0) == 0x80)
        {
            end--;
        }

        return text[..end];
    }
}
