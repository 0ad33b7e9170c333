using System.Text.Json;
using Slipway.Telemetry.Otlp.Wire;

namespace Slipway.Telemetry.Otlp;

/// <summary>Lists and maps, which are kept as JSON, as the values they came as.</summary>
internal static class NestedValues
{
    public static void Write(string json, ProtoWriter output)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            Value(document.RootElement, output);
        }
        catch (JsonException)
        {
            // Somebody called it JSON and it is none: it goes on as the text it is.
            output.Text(1, json);
        }
    }

    private static void Value(JsonElement element, ProtoWriter output)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.String:
                output.Text(1, element.GetString()!);
                break;
            case JsonValueKind.True or JsonValueKind.False:
                output.Varint(2, element.GetBoolean() ? 1UL : 0);
                break;
            case JsonValueKind.Number when element.TryGetInt64(out var whole):
                output.Signed(3, whole);
                break;
            case JsonValueKind.Number:
                output.Double(4, element.GetDouble());
                break;
            case JsonValueKind.Array:
                var list = output.Begin(5);
                foreach (var item in element.EnumerateArray())
                {
                    var value = output.Begin(1);
                    Value(item, output);
                    output.End(value);
                }

                output.End(list);
                break;
            case JsonValueKind.Object:
                var map = output.Begin(6);
                foreach (var property in element.EnumerateObject())
                {
                    var pair = output.Begin(1);
                    output.Text(1, property.Name);
                    var value = output.Begin(2);
                    Value(property.Value, output);
                    output.End(value);
                    output.End(pair);
                }

                output.End(map);
                break;
            default:
                break;
        }
    }
}
