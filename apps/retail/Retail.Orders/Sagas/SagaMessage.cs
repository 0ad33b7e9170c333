using Retail.Orders.Ordering;

namespace Retail.Orders.Sagas;

/// <summary>What a saga hears.</summary>
internal abstract record SagaMessage
{
    internal sealed record Reserved(Guid ReservationId, DateTimeOffset ExpiresAt) : SagaMessage;

    internal sealed record NotReserved(string Reason, IReadOnlyList<ShortLine> Lines) : SagaMessage;

    /// <param name="Reason"><c>cancelled</c>, <c>expired</c> or <c>returned</c>.</param>
    internal sealed record Released(string Reason, Guid? ReturnId) : SagaMessage;

    internal sealed record Committed : SagaMessage;

    internal sealed record Authorized(Guid PaymentId, long AmountMinor) : SagaMessage;

    internal sealed record ActionRequired(Guid PaymentId, string Url) : SagaMessage;

    internal sealed record Captured(Guid PaymentId, long AmountMinor) : SagaMessage;

    /// <param name="Stage"><c>authorize</c>, <c>capture</c> or <c>refund</c>.</param>
    internal sealed record PaymentFailed(Guid PaymentId, string Stage, string Code) : SagaMessage;

    internal sealed record Voided(Guid PaymentId) : SagaMessage;

    internal sealed record Refunded(Guid RefundId, Guid? ReturnId, long AmountMinor, long RefundedTotalMinor) : SagaMessage;

    /// <summary>Somebody no longer wants the order.</summary>
    internal sealed record CancelAsked(string Reason) : SagaMessage;

    /// <summary>The present step has taken its time.</summary>
    internal sealed record TimeIsUp : SagaMessage;
}

/// <summary>What a saga tells the other services. Each may be said again; they answer the same.</summary>
internal enum SagaRequest
{
    ReserveStock,
    Pay,
    Confirm,
    Cancel,
}

/// <summary>The state after a message, what it means for the order, and what is to be told.</summary>
internal sealed record SagaTurnout(SagaState State, IReadOnlyList<OrderEvent> Facts, IReadOnlyList<SagaRequest> Requests);
