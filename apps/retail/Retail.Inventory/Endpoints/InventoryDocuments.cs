using System.Text.Json.Serialization;
using Retail.Contracts;
using Retail.Inventory.Reserving;
using Retail.Inventory.Stock;
using Slipway.Sdk.Paging;

namespace Retail.Inventory.Endpoints;

/// <summary>What lies at one place, under the documented names.</summary>
internal sealed record InventoryDocument(
    Guid Id,
    string Sku,
    [property: JsonPropertyName("product_id")] Guid? ProductId,
    [property: JsonPropertyName("warehouse_location")] string WarehouseLocation,
    long Quantity,
    long Reserved,
    long Available,
    int ReorderThreshold,
    long Version,
    [property: JsonPropertyName("updated_at")] DateTimeOffset UpdatedAt)
{
    public static InventoryDocument Of(StockItem item, Place place) => new(
        place.Id, item.Sku, item.ProductId, place.Location, place.Quantity, place.Reserved, place.Available, item.Threshold, place.Version, place.UpdatedAt);
}

/// <summary>A SKU over all its places.</summary>
internal sealed record ItemDocument(
    string Sku,
    [property: JsonPropertyName("product_id")] Guid? ProductId,
    string? Name,
    bool Active,
    long Quantity,
    long Reserved,
    long Available,
    int ReorderThreshold,
    bool Low,
    long Version,
    [property: JsonPropertyName("updated_at")] DateTimeOffset UpdatedAt,
    IReadOnlyList<InventoryDocument> Locations)
{
    public static ItemDocument Of(StockItem item) => new(
        item.Sku, item.ProductId, item.Name, item.Active, item.Quantity, item.Reserved, item.Available, item.Threshold, item.Low, item.Version, item.UpdatedAt,
        [.. item.Places.Select(place => InventoryDocument.Of(item, place))]);
}

internal sealed record InventoryPage(IReadOnlyList<InventoryDocument> Items, Page Page);

internal sealed record ItemPage(IReadOnlyList<ItemDocument> Items, Page Page);

/// <summary>What everybody may know: whether there is some, and how much only when it is little.</summary>
internal sealed record StockHint(string Sku, string Stock, long? Left)
{
    public static StockHint Of(string sku, long available, int threshold) => available switch
    {
        <= 0 => new(sku, "out", 0),
        _ when available <= Math.Max(threshold, 1) => new(sku, "low", available),
        _ => new(sku, "in_stock", null),
    };
}

internal sealed record StockHints(IReadOnlyList<StockHint> Items);

internal sealed record MovementDocument(
    long Id,
    string Sku,
    [property: JsonPropertyName("warehouse_location")] string WarehouseLocation,
    string Kind,
    long QuantityDelta,
    long ReservedDelta,
    string Reason,
    string Actor,
    Guid? OrderId,
    Guid? ReturnId,
    DateTimeOffset At);

internal sealed record MovementPage(IReadOnlyList<MovementDocument> Items, Page Page);

/// <summary>One line of a reservation, under the documented names.</summary>
internal sealed record ReservationDocument(Guid Id, Guid OrderId, string ProductId, string Location, int Quantity, string Status, DateTimeOffset ExpiresAt);

internal sealed record OrderReservation(
    Guid OrderId, Guid ReservationId, string Status, string? Reason, DateTimeOffset ExpiresAt, IReadOnlyList<ReservationDocument> Reservations)
{
    public static OrderReservation Of(Reservation reservation) => new(
        reservation.OrderId, reservation.Id, reservation.Status, reservation.Reason, reservation.ExpiresAt,
        [.. reservation.Lines.Select(line => new ReservationDocument(
            line.Id, reservation.OrderId, line.Sku, line.Location, line.Quantity, reservation.Status, reservation.ExpiresAt))]);
}

internal sealed record FindingDocument(
    string Kind, string? Sku, [property: JsonPropertyName("warehouse_location")] string? WarehouseLocation, Guid? OrderId, long? Expected, long? Actual);

internal sealed record ReconciliationDocument(Guid Id, DateTimeOffset At, long RowsChecked, IReadOnlyList<FindingDocument> Findings);

internal sealed record NewStockBody
{
    public string? ProductId { get; set; }

    public string? Sku { get; set; }

    [JsonPropertyName("warehouse_location")]
    public string? WarehouseLocation { get; set; }

    public long Quantity { get; set; }

    public int? ReorderThreshold { get; set; }

    public string? Reason { get; set; }
}

internal sealed record CountedBody
{
    [JsonPropertyName("warehouse_location")]
    public string? WarehouseLocation { get; set; }

    public long? Quantity { get; set; }

    public int? ReorderThreshold { get; set; }

    public string? Reason { get; set; }
}

internal sealed record AdjustBody
{
    public long Delta { get; set; }

    public string? Reason { get; set; }

    public string? Location { get; set; }
}

internal sealed record ReserveLine
{
    public string? ProductId { get; set; }

    public string? Sku { get; set; }

    public int Quantity { get; set; }
}

internal sealed record ReserveBody
{
    public Guid OrderId { get; set; }

    public IReadOnlyList<ReserveLine> Items { get; set; } = [];
}

internal sealed record OrderBody
{
    public Guid OrderId { get; set; }

    public string? Reason { get; set; }
}
