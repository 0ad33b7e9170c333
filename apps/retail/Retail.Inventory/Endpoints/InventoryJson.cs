using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Retail.Contracts;

namespace Retail.Inventory.Endpoints;

/// <summary>Everything this service reads and writes as JSON.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    Converters = [typeof(InstantConverter)])]
[JsonSerializable(typeof(InventoryPage))]
[JsonSerializable(typeof(ItemPage))]
[JsonSerializable(typeof(ItemDocument))]
[JsonSerializable(typeof(StockHints))]
[JsonSerializable(typeof(StockHint))]
[JsonSerializable(typeof(MovementPage))]
[JsonSerializable(typeof(OrderReservation))]
[JsonSerializable(typeof(ReconciliationDocument))]
[JsonSerializable(typeof(NewStockBody))]
[JsonSerializable(typeof(CountedBody))]
[JsonSerializable(typeof(AdjustBody))]
[JsonSerializable(typeof(ReserveBody))]
[JsonSerializable(typeof(OrderBody))]
[JsonSerializable(typeof(IReadOnlyList<MissingPiece>))]
internal sealed partial class InventoryJson : JsonSerializerContext;

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
