namespace Retail.Payments.Payments;

internal enum PaymentStatus
{
    Pending,
    ActionRequired,
    Authorized,
    Completed,
    Failed,
    Voided,
    Refunded,
    PartiallyRefunded,
}

/// <summary>What the order wants to become of the payment, whatever the bank is doing at the moment.</summary>
internal enum Wish
{
    Authorize,
    Capture,
    Cancel,
}

/// <summary>All that decisions are made of. Amounts are minor units.</summary>
internal sealed record PaymentState
{
    public PaymentStatus Status { get; init; } = PaymentStatus.Pending;

    public Wish Wish { get; init; } = Wish.Authorize;

    /// <summary>Zero for an order that was cancelled before anybody asked for its money.</summary>
    public required long Amount { get; init; }

    public long Captured { get; init; }

    public long Refunded { get; init; }

    /// <summary>Refunds on their way.</summary>
    public long Promised { get; init; }

    /// <summary>The bank is being asked to capture.</summary>
    public bool Capturing { get; init; }

    /// <summary>The bank is being asked to let the money go.</summary>
    public bool Voiding { get; init; }

    public Failure? Failure { get; init; }

    public string? ActionUrl { get; init; }

    public long Refundable => Captured - Refunded - Promised;

    public bool IsTombstone => Amount == 0;
}

/// <summary><see cref="Stage"/> is <c>authorize</c>, <c>capture</c> or <c>refund</c>.</summary>
internal sealed record Failure(string Stage, string Code, string Message);

internal static class PaymentStatusNames
{
    private static readonly string[] s_names = ["pending", "action_required", "authorized", "completed", "failed", "voided", "refunded", "partially_refunded"];

    public static string Name(this PaymentStatus status) => s_names[(int)status];

    public static PaymentStatus? Parse(string name) => Array.IndexOf(s_names, name) is >= 0 and var at ? (PaymentStatus)at : null;

    public static IReadOnlyList<string> All => s_names;
}
