using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Slipway.Telemetry.Otlp.Wire;

namespace Slipway.Telemetry.Otlp.Json;

/// <summary>
/// Turns the JSON form of a message into its protobuf form, so that there is one decoder for both: ids are hexadecimal digits, numbers
/// of 64 bits may be texts, names may be spelled in both ways, unknown names are passed over. What is read is never kept.
/// </summary>
internal sealed class JsonReading
{
    private const int DepthMax = 64;

    private readonly ProtoWriter _output;
    private readonly List<FieldShape> _path = [];
    private string? _mistake;

    private JsonReading(ProtoWriter output) => _output = output;

    /// <returns>What is wrong with the JSON, or nothing.</returns>
    public static string? Read(ReadOnlySpan<byte> json, MessageShape shape, ProtoWriter output)
    {
        var reading = new JsonReading(output);
        try
        {
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = DepthMax });
            if (!reader.Read())
            {
                return "the body is empty";
            }

            if (reading.Message(ref reader, shape) && !reader.Read())
            {
                return null;
            }

            return reading._mistake ?? "there is more after the end of the object";
        }
        catch (JsonException broken)
        {
            return $"no JSON: {broken.Message}";
        }
        catch (InvalidOperationException broken)
        {
            // A text with half a surrogate pair or bytes that are no UTF-8.
            return $"no JSON: {broken.Message}";
        }
    }

    private bool Message(ref Utf8JsonReader json, MessageShape shape)
    {
        if (json.TokenType != JsonTokenType.StartObject)
        {
            return Mistake(null, "an object");
        }

        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var field = shape.Find(ref json);
            json.Read();
            if (field is null)
            {
                json.Skip();
            }
            else if (json.TokenType != JsonTokenType.Null && !(field.Repeated ? List(ref json, field) : Value(ref json, field)))
            {
                return false;
            }
        }

        return true;
    }

    private bool List(ref Utf8JsonReader json, FieldShape field)
    {
        if (json.TokenType != JsonTokenType.StartArray)
        {
            return Mistake(field, "a list");
        }

        var begun = field.Form == FieldForm.Message ? 0 : _output.Begin(field.Number);
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (field.Form == FieldForm.Message)
            {
                if (!Value(ref json, field))
                {
                    return false;
                }
            }
            else if (!Number(ref json, field.Form, out var number))
            {
                return Mistake(field, "numbers");
            }
            else if (field.Form == FieldForm.Whole)
            {
                _output.Raw(number);
            }
            else
            {
                _output.RawFixed64(number);
            }
        }

        if (field.Form != FieldForm.Message)
        {
            _output.End(begun);
        }

        return true;
    }

    private bool Value(ref Utf8JsonReader json, FieldShape field)
    {
        switch (field.Form)
        {
            case FieldForm.Message:
                var begun = _output.Begin(field.Number);
                _path.Add(field);
                if (!Message(ref json, field.Message))
                {
                    return false;
                }

                _path.RemoveAt(_path.Count - 1);
                _output.End(begun);
                return true;
            case FieldForm.Text or FieldForm.Hex or FieldForm.Base64:
                return Text(ref json, field) || Mistake(field, field.Form switch
                {
                    FieldForm.Text => "a text",
                    FieldForm.Hex => "hexadecimal digits",
                    _ => "bytes in base64",
                });
            case FieldForm.Flag:
                if (json.TokenType is not (JsonTokenType.True or JsonTokenType.False))
                {
                    return Mistake(field, "true or false");
                }

                _output.Varint(field.Number, json.GetBoolean() ? 1UL : 0);
                return true;
            case FieldForm.Choice when json.TokenType == JsonTokenType.String && IndexOf(field.Choices, ref json) is >= 0 and var choice:
                _output.Varint(field.Number, (ulong)choice);
                return true;
            default:
                if (!Number(ref json, field.Form, out var number))
                {
                    return Mistake(field, "a number");
                }

                switch (field.Form)
                {
                    case FieldForm.Fixed64 or FieldForm.SignedFixed64 or FieldForm.Double:
                        _output.Fixed64(field.Number, number);
                        break;
                    case FieldForm.Fixed32:
                        _output.Fixed32(field.Number, (uint)number);
                        break;
                    default:
                        _output.Varint(field.Number, number);
                        break;
                }

                return true;
        }
    }

    private bool Text(ref Utf8JsonReader json, FieldShape field)
    {
        if (json.TokenType != JsonTokenType.String)
        {
            return false;
        }

        var text = json.GetString()!;
        if (field.Form == FieldForm.Text)
        {
            _output.Text(field.Number, text);
            return true;
        }

        var bytes = new byte[text.Length];
        int written;
        if (field.Form == FieldForm.Base64 ? !Convert.TryFromBase64String(text, bytes, out written) : Convert.FromHexString(text, bytes, out _, out written) != OperationStatus.Done)
        {
            return false;
        }

        _output.Bytes(field.Number, bytes.AsSpan(0, written));
        return true;
    }

    /// <summary>The bits protobuf writes for a number, which may stand in JSON as it is or as a text.</summary>
    private static bool Number(ref Utf8JsonReader json, FieldForm form, out ulong number)
    {
        number = 0;
        if (json.TokenType is not (JsonTokenType.Number or JsonTokenType.String))
        {
            return false;
        }

        var text = json.TokenType == JsonTokenType.String ? json.GetString()! : Encoding.ASCII.GetString(json.HasValueSequence ? json.ValueSequence.ToArray() : json.ValueSpan);
        if (form == FieldForm.Double)
        {
            var parsed = text switch
            {
                "NaN" => double.NaN,
                "Infinity" => double.PositiveInfinity,
                "-Infinity" => double.NegativeInfinity,
                _ when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) => value,
                _ => (double?)null,
            };
            number = BitConverter.DoubleToUInt64Bits(parsed ?? 0);
            return parsed is not null;
        }

        if (form == FieldForm.Fixed64)
        {
            return ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
        }

        if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var signed))
        {
            return form == FieldForm.Whole && ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
        }

        number = form == FieldForm.ZigZag ? (ulong)((signed << 1) ^ (signed >> 63)) : (ulong)signed;
        return true;
    }

    private static int IndexOf(IReadOnlyList<string> choices, ref Utf8JsonReader json)
    {
        for (var index = 0; index < choices.Count; index++)
        {
            if (json.ValueTextEquals(choices[index]))
            {
                return index;
            }
        }

        return -1;
    }

    private bool Mistake(FieldShape? field, string wanted)
    {
        var path = string.Join('.', (field is null ? _path : [.. _path, field]).Select(part => Encoding.UTF8.GetString(part.CamelName)));
        _mistake ??= $"{(path.Length == 0 ? "the body" : path)} must be {wanted}";
        return false;
    }
}
