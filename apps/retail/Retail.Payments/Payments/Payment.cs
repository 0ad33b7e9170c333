namespace Retail.Payments.Payments;

/// <summary>A payment with everything that decisions do not depend on.</summary>
internal sealed record Payment
{
    public required Guid Id { get; init; }

    public required Guid OrderId { get; init; }

    public Guid? UserId { get; init; }

    public required string Currency { get; init; }

    public required PaymentState State { get; init; }

    /// <summary>The token by which the bank knows the card.</summary>
    public string? CardToken { get; init; }

    public string? CardBrand { get; init; }

    public string? Last4 { get; init; }

    public string? ProviderReference { get; init; }

    public long Version { get; init; } = 1;

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }
}

/// <summary>Money that goes back.</summary>
internal sealed record Refund(
    Guid Id, Guid PaymentId, Guid? ReturnId, long Amount, string Status, string Reason, string? FailureCode, DateTimeOffset CreatedAt, DateTimeOffset? EndedAt);
