namespace Retail.Contracts;

/// <summary>An order was placed; stock is to be held for it.</summary>
public sealed record OrderCreated(Guid OrderId, string OrderNumber, Guid? UserId, IReadOnlyList<OrderLine> Lines, long TotalMinor, string Currency);

public sealed record OrderLine(string Sku, Guid ProductId, Guid VendorId, string Name, long UnitPriceMinor, int Quantity);

/// <summary>Stock is held; the money is to be authorised. Asked again under the same order id, it is the same payment.</summary>
public sealed record OrderPaymentRequested(Guid OrderId, Guid? UserId, long AmountMinor, string Currency, string PaymentToken);

/// <summary>Stock is to be taken out for good and the money captured.</summary>
public sealed record OrderConfirmed(Guid OrderId, long AmountMinor, string Currency);

/// <summary>A status that others only look at: <c>processing</c>, <c>shipped</c>, <c>delivered</c>, and what the saga ends with.</summary>
public sealed record OrderUpdated(Guid OrderId, Guid? UserId, string Status, string? Previous);

/// <summary>Held stock is to be released and money given back, whatever of it there is.</summary>
public sealed record OrderCancelled(Guid OrderId, string Reason, IReadOnlyList<OrderedPiece> Lines);

/// <summary>Pieces come back: this much money is to be refunded and, when <see cref="Restock"/>, the pieces are for sale again.</summary>
public sealed record OrderReturnRequested(Guid OrderId, Guid ReturnId, IReadOnlyList<OrderedPiece> Lines, long AmountMinor, string Currency, bool Restock);
