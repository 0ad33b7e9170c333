using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Retail.Cart.Checkout;

namespace Retail.Cart.Endpoints;

/// <summary>Everything this service reads and writes as JSON, under the documented names.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    Converters = [typeof(InstantConverter)])]
[JsonSerializable(typeof(CartDocument))]
[JsonSerializable(typeof(CheckoutDocument))]
[JsonSerializable(typeof(LiveDocument))]
[JsonSerializable(typeof(AddItemBody))]
[JsonSerializable(typeof(QuantityBody))]
[JsonSerializable(typeof(MergeBody))]
[JsonSerializable(typeof(CheckoutBody))]
[JsonSerializable(typeof(JsonObject))]
internal sealed partial class CartJson : JsonSerializerContext;

/// <summary>Instants on the wire: UTC with Z and milliseconds.</summary>
internal sealed class InstantConverter : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDateTimeOffset();

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options)
    {
        Span<char> text = stackalloc char[32];
        value.UtcDateTime.TryFormat(text, out var length, "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        writer.WriteStringValue(text[..length]);
    }
}
