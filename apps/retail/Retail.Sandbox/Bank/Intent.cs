using System.Text.Json.Nodes;

namespace Retail.Sandbox.Bank;

/// <summary>Money that somebody wants from a card, from the first question to the last refund.</summary>
internal sealed record Intent
{
    public required string Id { get; init; }

    public required long Amount { get; init; }

    public long Captured { get; init; }

    public long Refunded { get; init; }

    public required string Currency { get; init; }

    public required string Status { get; init; }

    public required Behaviour Behaviour { get; init; }

    public required string Brand { get; init; }

    public required string Last4 { get; init; }

    public string? DeclineCode { get; init; }

    /// <summary>The secret part of the address where the holder of the card decides.</summary>
    public string? Challenge { get; init; }

    public string? ReturnUrl { get; init; }

    public required JsonObject Metadata { get; init; }

    public DateTimeOffset? DecideAt { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>Money that goes back.</summary>
internal sealed record Refund(string Id, string IntentId, long Amount, string Status, JsonObject Metadata, DateTimeOffset CreatedAt);

/// <summary>The words of the wire.</summary>
internal static class IntentStatus
{
    public const string NeedsCard = "requires_payment_method";
    public const string NeedsAction = "requires_action";
    public const string NeedsCapture = "requires_capture";
    public const string Processing = "processing";
    public const string Succeeded = "succeeded";
    public const string Canceled = "canceled";
}
