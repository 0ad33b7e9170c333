namespace Retail.Payments.Payments;

/// <summary>What can happen to a payment: wishes of the order, and what the bank was seen to have done.</summary>
internal abstract record Trigger
{
    /// <summary>The order asks for its money again, having heard no answer.</summary>
    internal sealed record AskedAgain : Trigger;

    internal sealed record CaptureAsked(long Amount) : Trigger;

    internal sealed record CancelAsked : Trigger;

    internal sealed record RefundAsked(Guid RefundId, Guid? ReturnId, long Amount, string Reason, string By) : Trigger;

    internal sealed record Authorized : Trigger;

    internal sealed record ActionRequired(string Url) : Trigger;

    internal sealed record Declined(string Code, string Message) : Trigger;

    internal sealed record Captured(long Amount) : Trigger;

    internal sealed record CaptureFailed(string Code, string Message) : Trigger;

    /// <summary>The bank holds nothing any more, or never did.</summary>
    internal sealed record Canceled : Trigger;

    internal sealed record Refunded(Guid RefundId, Guid? ReturnId, long Amount) : Trigger;

    internal sealed record RefundFailed(Guid RefundId, long Amount, string Code, string Message) : Trigger;
}

/// <summary>What follows from a decision, to be written in the same transaction as the new state.</summary>
internal abstract record Effect
{
    internal sealed record AskCapture(long Amount) : Effect;

    internal sealed record AskVoid : Effect;

    internal sealed record AskRefund(Guid RefundId, Guid? ReturnId, long Amount, string Reason, string By) : Effect;

    internal sealed record BookCapture(long Amount) : Effect;

    internal sealed record BookRefund(Guid RefundId, long Amount) : Effect;

    internal sealed record EndRefund(Guid RefundId, string? FailureCode) : Effect;

    internal sealed record TellAuthorized : Effect;

    internal sealed record TellActionRequired(string Url) : Effect;

    internal sealed record TellCompleted : Effect;

    internal sealed record TellFailed(Failure Failure) : Effect;

    internal sealed record TellVoided : Effect;

    internal sealed record TellRefunded(Guid RefundId, Guid? ReturnId, long Amount) : Effect;
}

internal sealed record Decision(PaymentState State, params IReadOnlyList<Effect> Effects);
