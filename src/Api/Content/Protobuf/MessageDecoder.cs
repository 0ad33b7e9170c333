using System.Globalization;
using System.Text.Json.Nodes;
using Slipway.Model.Resources;

namespace Slipway.Api.Content.Protobuf;

/// <summary>Turns one message into the JSON object it stands for. Field numbers nobody here knows are skipped.</summary>
internal static class MessageDecoder
{
    private const int DepthMax = 32;

    public static JsonObject Decode(MessageShape shape, ReadOnlySpan<byte> message)
    {
        var result = new JsonObject();
        Decode(shape, message, result, 0);
        return result;
    }

    private static void Decode(MessageShape shape, ReadOnlySpan<byte> message, JsonObject into, int depth)
    {
        if (depth > DepthMax)
        {
            throw new FormatException($"messages are nested deeper than {DepthMax}");
        }

        var reader = new ProtobufReader(message);
        while (reader.Next())
        {
            if (shape.Find(reader.Field) is not { } field)
            {
                continue;
            }

            var wantsContent = field.Type is not (WireType.Whole or WireType.Flag);
            if (wantsContent != reader.IsContent)
            {
                throw new FormatException($"field {field.Number} ({field.Name}) has another wire type than published");
            }

            switch (field.Type)
            {
                case WireType.Inline:
                    Decode(field.Message!, reader.Content, into, depth + 1);
                    break;
                case WireType.TextMap or WireType.BytesMap or WireType.QuantityMap:
                    AddEntry(field, reader.Content, into);
                    break;
                default:
                    Add(field, Value(field, ref reader, depth), into);
                    break;
            }
        }
    }

    private static void Add(WireField field, JsonNode? value, JsonObject into)
    {
        if (field.Repeated)
        {
            if (into[field.Name] is not JsonArray list)
            {
                list = [];
                into[field.Name] = list;
            }

            list.Add(value);
        }
        else if (value is not null && (field.KeepsZero || !IsZero(value)))
        {
            into[field.Name] = value;
        }
    }

    private static JsonNode? Value(WireField field, ref ProtobufReader reader, int depth)
    {
        switch (field.Type)
        {
            case WireType.Text:
                return JsonValue.Create(reader.Text);
            case WireType.Whole:
                return JsonValue.Create((long)reader.Number);
            case WireType.Flag:
                return JsonValue.Create(reader.Number != 0);
            case WireType.Bytes:
                return JsonValue.Create(Convert.ToBase64String(reader.Content));
            case WireType.Time:
                return Time(reader.Content);
            case WireType.Quantity:
                return JsonValue.Create(FirstText(reader.Content));
            case WireType.IntOrText:
                return IntOrText(reader.Content);
            default:
                var message = new JsonObject();
                Decode(field.Message!, reader.Content, message, depth + 1);
                return message;
        }
    }

    private static void AddEntry(WireField field, ReadOnlySpan<byte> entry, JsonObject into)
    {
        var key = "";
        JsonNode value = JsonValue.Create("")!;
        var reader = new ProtobufReader(entry);
        while (reader.Next())
        {
            if (reader.Field == 1)
            {
                key = reader.Text;
            }
            else if (reader.Field == 2)
            {
                value = field.Type switch
                {
                    WireType.BytesMap => JsonValue.Create(Convert.ToBase64String(reader.Content))!,
                    WireType.QuantityMap => JsonValue.Create(FirstText(reader.Content))!,
                    _ => JsonValue.Create(reader.Text)!,
                };
            }
        }

        if (into[field.Name] is not JsonObject map)
        {
            map = [];
            into[field.Name] = map;
        }

        map[key] = value;
    }

    private static JsonValue? Time(ReadOnlySpan<byte> message)
    {
        long seconds = 0;
        var reader = new ProtobufReader(message);
        while (reader.Next())
        {
            seconds = reader.Field == 1 ? (long)reader.Number : seconds;
        }

        // The zero instant is how "not set" travels; anything outside the calendar is nonsense.
        return seconds <= 0 || seconds > DateTimeOffset.MaxValue.ToUnixTimeSeconds()
            ? null
            : JsonValue.Create(DateTimeOffset.FromUnixTimeSeconds(seconds).UtcDateTime.ToString(TimestampConverter.Format, CultureInfo.InvariantCulture));
    }

    private static string FirstText(ReadOnlySpan<byte> message)
    {
        var reader = new ProtobufReader(message);
        while (reader.Next())
        {
            if (reader.Field == 1)
            {
                return reader.Text;
            }
        }

        return "";
    }

    private static JsonValue IntOrText(ReadOnlySpan<byte> message)
    {
        var isText = false;
        long number = 0;
        var text = "";
        var reader = new ProtobufReader(message);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    isText = reader.Number == 1;
                    break;
                case 2:
                    number = (int)reader.Number;
                    break;
                case 3:
                    text = reader.Text;
                    break;
            }
        }

        return isText ? JsonValue.Create(text)! : JsonValue.Create(number);
    }

    private static bool IsZero(JsonNode value) => value switch
    {
        JsonObject fields => fields.Count == 0,
        JsonValue scalar when scalar.TryGetValue<string>(out var text) => text.Length == 0,
        JsonValue scalar when scalar.TryGetValue<long>(out var number) => number == 0,
        JsonValue scalar when scalar.TryGetValue<bool>(out var flag) => !flag,
        _ => false,
    };
}
