using System.Text.Json;
using Slipway.Telemetry.Otlp.Wire;

namespace Slipway.Telemetry.Otlp.Json;

/// <summary>Turns the protobuf form of a message into its JSON form. For what this room has written itself: the depth is known.</summary>
internal static class JsonWriting
{
    public static void Write(ReadOnlySpan<byte> message, MessageShape shape, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        Fields(message, shape, json);
        json.WriteEndObject();
    }

    public static void Fields(ReadOnlySpan<byte> message, MessageShape shape, Utf8JsonWriter json)
    {
        foreach (var field in shape.Fields)
        {
            var reader = new ProtoReader(message);
            var begun = false;
            while (reader.Next())
            {
                if (reader.Field != field.Number)
                {
                    continue;
                }

                if (!begun)
                {
                    json.WritePropertyName(field.CamelName);
                    begun = true;
                    if (field.Repeated)
                    {
                        json.WriteStartArray();
                    }
                }

                if (field is { Repeated: true, Form: FieldForm.Fixed64 or FieldForm.Double } && reader.Wire == WireType.Bytes)
                {
                    Packed(reader.Bytes, field.Form, json);
                }
                else if (field is { Repeated: true, Form: FieldForm.Whole } && reader.Wire == WireType.Bytes)
                {
                    foreach (var number in ProtoReader.Varints(reader.Bytes, int.MaxValue) ?? [])
                    {
                        json.WriteStringValue(number.ToString());
                    }
                }
                else
                {
                    Value(ref reader, field, json);
                }

                if (!field.Repeated)
                {
                    break;
                }
            }

            if (begun && field.Repeated)
            {
                json.WriteEndArray();
            }
        }
    }

    private static void Packed(ReadOnlySpan<byte> list, FieldForm form, Utf8JsonWriter json)
    {
        for (var index = 0; index + 8 <= list.Length; index += 8)
        {
            var bits = BitConverter.ToUInt64(list[index..]);
            if (form == FieldForm.Double)
            {
                Double(BitConverter.UInt64BitsToDouble(bits), json);
            }
            else
            {
                json.WriteStringValue(bits.ToString());
            }
        }
    }

    private static void Value(ref ProtoReader reader, FieldShape field, Utf8JsonWriter json)
    {
        switch (field.Form)
        {
            case FieldForm.Text:
                json.WriteStringValue(reader.Bytes);
                break;
            case FieldForm.Hex:
                json.WriteStringValue(Convert.ToHexStringLower(reader.Bytes));
                break;
            case FieldForm.Base64:
                json.WriteBase64StringValue(reader.Bytes);
                break;
            case FieldForm.Message:
                Write(reader.Bytes, field.Message, json);
                break;
            case FieldForm.Flag:
                json.WriteBooleanValue(reader.Number != 0);
                break;
            case FieldForm.Choice:
                json.WriteNumberValue((int)reader.Number);
                break;
            case FieldForm.ZigZag:
                json.WriteNumberValue((long)(reader.Number >> 1) ^ -(long)(reader.Number & 1));
                break;
            case FieldForm.Fixed32:
                json.WriteNumberValue((uint)reader.Number);
                break;
            case FieldForm.Double:
                Double(reader.Double, json);
                break;
            case FieldForm.Fixed64:
                json.WriteStringValue(reader.Number.ToString());
                break;
            default:
                json.WriteStringValue(reader.Signed.ToString());
                break;
        }
    }

    private static void Double(double value, Utf8JsonWriter json)
    {
        if (double.IsFinite(value))
        {
            json.WriteNumberValue(value);
        }
        else
        {
            json.WriteStringValue(double.IsNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity");
        }
    }
}
