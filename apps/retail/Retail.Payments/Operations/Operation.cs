namespace Retail.Payments.Operations;

internal enum OperationKind
{
    Authorize,
    Capture,
    Void,
    Refund,

    /// <summary>Only looks at what the bank has done by itself, for instance because it sent word.</summary>
    Look,
}

/// <summary>Something to be asked of the bank, until its outcome is known.</summary>
/// <param name="Attempts">This one included.</param>
/// <param name="FirstSentAt">When the bank may first have heard of it.</param>
internal sealed record Operation(
    long Number, Guid PaymentId, OperationKind Kind, string Key, long Amount, Guid? RefundId, string? ProviderReference, int Attempts, DateTimeOffset? FirstSentAt);
