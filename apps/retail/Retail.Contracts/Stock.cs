namespace Retail.Contracts;

/// <summary>The stock of a SKU over all locations after a change.</summary>
public sealed record StockChanged(string Sku, Guid? ProductId, long Available, long Quantity, long Reserved, long Version);

public sealed record StockLow(string Sku, Guid? ProductId, long Available, long Threshold);

public sealed record StockReserved(Guid OrderId, Guid ReservationId, IReadOnlyList<OrderedPiece> Lines, DateTimeOffset ExpiresAt);

/// <summary>Nothing was reserved; <see cref="Lines"/> are those that were too many.</summary>
public sealed record ReservationFailed(Guid OrderId, string Reason, IReadOnlyList<MissingPiece> Lines);

/// <summary>What was held or sold is for sale again. <see cref="Reason"/> is <c>cancelled</c>, <c>expired</c> or <c>returned</c>.</summary>
public sealed record StockReleased(Guid OrderId, string Reason, IReadOnlyList<OrderedPiece> Lines, Guid? ReturnId);

/// <summary>What was held is sold.</summary>
public sealed record StockCommitted(Guid OrderId, IReadOnlyList<OrderedPiece> Lines);

public sealed record OrderedPiece(string Sku, int Quantity);

public sealed record MissingPiece(string Sku, int Requested, long Available);
