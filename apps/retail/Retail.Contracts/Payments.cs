namespace Retail.Contracts;

public sealed record PaymentAuthorized(Guid OrderId, Guid PaymentId, long AmountMinor, string Currency, string? CardBrand, string? Last4);

/// <summary>The buyer has to confirm at <see cref="Url"/>; the order waits.</summary>
public sealed record PaymentActionRequired(Guid OrderId, Guid PaymentId, string Url);

/// <summary>The money was captured.</summary>
public sealed record PaymentCompleted(Guid OrderId, Guid PaymentId, long AmountMinor, string Currency);

/// <summary><see cref="Stage"/> is <c>authorize</c>, <c>capture</c> or <c>refund</c>; <see cref="Code"/> such as <c>card_declined</c>.</summary>
public sealed record PaymentFailed(Guid OrderId, Guid PaymentId, string Stage, string Code, string Message);

/// <summary>The authorisation was given back before any money moved.</summary>
public sealed record PaymentVoided(Guid OrderId, Guid PaymentId);

/// <summary>Money went back; <see cref="ReturnId"/> is empty when the whole order was.</summary>
public sealed record PaymentRefunded(Guid OrderId, Guid PaymentId, Guid RefundId, Guid? ReturnId, long AmountMinor, string Currency, long RefundedTotalMinor);
