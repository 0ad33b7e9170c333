using System.Text.Json;
using Slipway.Telemetry.Traces;

namespace Slipway.Telemetry.Otlp.Decoding;

internal static class AttributeWriting
{
    /// <summary>A value as a property: numbers as numbers, lists and maps as they came.</summary>
    public static void Json(Utf8JsonWriter json, string name, AttributeValue value)
    {
        switch (value.Kind)
        {
            case AttributeKind.Flag:
                json.WriteBoolean(name, value.Flag);
                break;
            case AttributeKind.Whole:
                json.WriteNumber(name, value.Whole);
                break;
            case AttributeKind.Fraction when double.IsFinite(value.Fraction):
                json.WriteNumber(name, value.Fraction);
                break;
            case AttributeKind.Json:
                json.WritePropertyName(name);
                json.WriteRawValue(value.ToString());
                break;
            default:
                json.WriteString(name, value.ToString());
                break;
        }
    }
}
