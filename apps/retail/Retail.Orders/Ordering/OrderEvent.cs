using System.Text.Json.Serialization;

namespace Retail.Orders.Ordering;

/// <summary>
/// What has happened to an order. The stream of these is the order; everything else can be made from it again. Names and
/// addresses are in no event, so that a person can be forgotten without touching the books.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(OrderPlaced), "placed")]
[JsonDerivedType(typeof(StockHeld), "stockHeld")]
[JsonDerivedType(typeof(StockRefused), "stockRefused")]
[JsonDerivedType(typeof(PaymentAsked), "paymentAsked")]
[JsonDerivedType(typeof(BuyerAsked), "buyerAsked")]
[JsonDerivedType(typeof(PaymentHeld), "paymentHeld")]
[JsonDerivedType(typeof(PaymentRefused), "paymentRefused")]
[JsonDerivedType(typeof(StockSold), "stockSold")]
[JsonDerivedType(typeof(MoneyTaken), "moneyTaken")]
[JsonDerivedType(typeof(OrderCompleted), "completed")]
[JsonDerivedType(typeof(OrderCalledOff), "calledOff")]
[JsonDerivedType(typeof(StockGivenBack), "stockGivenBack")]
[JsonDerivedType(typeof(MoneyVoided), "moneyVoided")]
[JsonDerivedType(typeof(MoneyRefunded), "moneyRefunded")]
[JsonDerivedType(typeof(UndoingEnded), "undoingEnded")]
[JsonDerivedType(typeof(UndoingStuck), "undoingStuck")]
[JsonDerivedType(typeof(StatusAdvanced), "statusAdvanced")]
[JsonDerivedType(typeof(ReturnAsked), "returnAsked")]
internal abstract record OrderEvent;

internal sealed record OrderPlaced(
    string OrderNumber, Guid? UserId, IReadOnlyList<PlacedLine> Lines, OrderTotals Totals, string Currency, string Country) : OrderEvent;

internal sealed record StockHeld(Guid ReservationId, DateTimeOffset ExpiresAt) : OrderEvent;

internal sealed record StockRefused(string Reason, IReadOnlyList<ShortLine> Lines) : OrderEvent;

internal sealed record PaymentAsked(long AmountMinor) : OrderEvent;

/// <summary>The buyer has to confirm the payment at the provider.</summary>
internal sealed record BuyerAsked(Guid PaymentId, string Url) : OrderEvent;

internal sealed record PaymentHeld(Guid PaymentId, long AmountMinor) : OrderEvent;

internal sealed record PaymentRefused(string Stage, string Code) : OrderEvent;

internal sealed record StockSold : OrderEvent;

internal sealed record MoneyTaken(Guid PaymentId, long AmountMinor) : OrderEvent;

internal sealed record OrderCompleted : OrderEvent;

internal sealed record OrderCalledOff(string Reason) : OrderEvent;

internal sealed record StockGivenBack(string Reason, Guid? ReturnId) : OrderEvent;

internal sealed record MoneyVoided(Guid PaymentId) : OrderEvent;

internal sealed record MoneyRefunded(Guid RefundId, Guid? ReturnId, long AmountMinor, long RefundedTotalMinor) : OrderEvent;

/// <summary>Everything that had been done for a cancelled order is undone.</summary>
internal sealed record UndoingEnded : OrderEvent;

/// <summary>What had been done for a cancelled order could not be undone; somebody has to look.</summary>
internal sealed record UndoingStuck(string Reason) : OrderEvent;

internal sealed record StatusAdvanced(OrderStatus Status) : OrderEvent;

internal sealed record ReturnAsked(Guid ReturnId, IReadOnlyList<ReturnedLine> Lines, long AmountMinor, long ShippingMinor, bool Restock) : OrderEvent;

internal sealed record PlacedLine(string Sku, Guid ProductId, Guid VendorId, string Name, long UnitPriceMinor, int Quantity);

internal sealed record ShortLine(string Sku, int Requested, long Available);

internal sealed record ReturnedLine(string Sku, int Quantity);

/// <summary>Minor units. Prices contain the tax, so the total is items and shipping; the tax tells how much of it is tax.</summary>
internal sealed record OrderTotals(long SubtotalMinor, long TaxMinor, long ShippingMinor, long TotalMinor);
