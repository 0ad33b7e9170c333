using System.Text.Json.Serialization;
using Retail.Cart.Carts;

namespace Retail.Cart.Endpoints;

/// <summary>A price that is not the one the buyer was shown.</summary>
internal sealed record PriceChange(decimal Yours, decimal Now);

internal sealed record ItemDocument(
    int Id,
    string ProductId,
    string Sku,
    string ProductName,
    decimal Price,
    int Quantity,
    decimal Subtotal,
    string? ImageUrl,
    string? StockHint,
    bool Sold,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] PriceChange? PriceChanged);

/// <param name="TotalAmount">All items; <paramref name="Shipping"/> comes on top, and both contain <paramref name="Tax"/>.</param>
internal sealed record CartDocument(
    int? Id,
    string CustomerId,
    IReadOnlyList<ItemDocument> Items,
    int TotalItems,
    decimal TotalAmount,
    decimal Shipping,
    decimal Tax,
    string Currency,
    DateTimeOffset? CreatedAt,
    DateTimeOffset? UpdatedAt,
    long Version,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] MergeDocument? Merged = null)
{
    public static CartDocument Of(CartState cart, MergeDocument? merged = null) => new(
        cart.Id, cart.CustomerId, [.. cart.Lines.Select(Item)], cart.TotalItems, CartRows.Amount(cart.TotalMinor),
        CartRows.Amount(CartRules.ShippingOf(cart.TotalMinor)), CartRows.Amount(CartRules.TaxWithin(cart.TotalMinor + CartRules.ShippingOf(cart.TotalMinor))), "EUR", cart.CreatedAt, cart.UpdatedAt, cart.Version, merged);

    private static ItemDocument Item(CartLine line) => new(
        line.Id, line.ProductId, line.Sku, line.Name, CartRows.Amount(line.PriceMinor), line.Quantity, CartRows.Amount(line.SubtotalMinor), line.ImageUrl,
        CartRules.StockHint(line.Available), line.Sold,
        line.SeenMinor == line.PriceMinor ? null : new PriceChange(CartRows.Amount(line.SeenMinor), CartRows.Amount(line.PriceMinor)));
}

/// <summary>What did not fit when two carts became one.</summary>
internal sealed record MergeDocument(IReadOnlyList<string> Cut, IReadOnlyList<string> Left);

internal sealed record LiveDocument(string CustomerId, long Version, long TotalItems);

internal sealed record OrderedItem(string? ProductId, string? Sku, string? ProductName, decimal Price, int Quantity, decimal Subtotal);

internal sealed record CheckoutDocument(
    string OrderId,
    string? OrderNumber,
    string Status,
    decimal TotalAmount,
    string Currency,
    decimal? Subtotal,
    decimal? Tax,
    decimal? Shipping,
    IReadOnlyList<OrderedItem> Items,
    DateTimeOffset? CreatedAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? GuestToken);

internal sealed record AddItemBody
{
    public string? CustomerId { get; set; }

    public string? ProductId { get; set; }

    /// <summary>Documented, and never used: the catalogue knows the name.</summary>
    public string? ProductName { get; set; }

    /// <summary>What the buyer was shown. It is never what they pay.</summary>
    public decimal? Price { get; set; }

    public int? Quantity { get; set; }
}

internal sealed record QuantityBody
{
    public int? Quantity { get; set; }
}

internal sealed record MergeBody
{
    public string? From { get; set; }
}
