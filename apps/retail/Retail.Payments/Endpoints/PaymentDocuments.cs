using System.Text.Json.Serialization;
using Retail.Payments.Payments;
using Slipway.Sdk.Paging;

namespace Retail.Payments.Endpoints;

/// <summary>A payment as its owner and admins read it. There is nothing of the card in it but brand and last digits.</summary>
internal sealed record PaymentDocument
{
    public required Guid Id { get; init; }

    public required Guid OrderId { get; init; }

    public required Guid? UserId { get; init; }

    public required decimal Amount { get; init; }

    public required string Currency { get; init; }

    public required string Status { get; init; }

    public required string Method { get; init; }

    public required string? CardToken { get; init; }

    public required string? CardBrand { get; init; }

    public required string? Last4 { get; init; }

    public required string? ProviderReference { get; init; }

    public required decimal CapturedAmount { get; init; }

    public required decimal RefundedAmount { get; init; }

    public required string? ActionUrl { get; init; }

    public required FailureDocument? Failure { get; init; }

    public required IReadOnlyList<RefundDocument>? Refunds { get; init; }

    public required long Version { get; init; }

    [JsonPropertyName("created_at")]
    public required DateTimeOffset CreatedAt { get; init; }

    [JsonPropertyName("updated_at")]
    public required DateTimeOffset UpdatedAt { get; init; }

    public static PaymentDocument Of(Payment payment, IReadOnlyList<Refund>? refunds = null) => new()
    {
        Id = payment.Id,
        OrderId = payment.OrderId,
        UserId = payment.UserId,
        Amount = Amounts.Shown(payment.State.Amount),
        Currency = payment.Currency,
        Status = payment.State.Status.Name(),
        Method = "card",
        CardToken = payment.CardToken,
        CardBrand = payment.CardBrand,
        Last4 = payment.Last4,
        ProviderReference = payment.ProviderReference,
        CapturedAmount = Amounts.Shown(payment.State.Captured),
        RefundedAmount = Amounts.Shown(payment.State.Refunded),
        ActionUrl = payment.State.ActionUrl,
        Failure = payment.State.Failure is { } failure ? new FailureDocument(failure.Stage, failure.Code, failure.Message) : null,
        Refunds = refunds?.Select(RefundDocument.Of).ToList(),
        Version = payment.Version,
        CreatedAt = payment.CreatedAt,
        UpdatedAt = payment.UpdatedAt,
    };
}

internal sealed record FailureDocument(string Stage, string Code, string Message);

internal sealed record RefundDocument(
    Guid Id, Guid? ReturnId, decimal Amount, string Status, string Reason, string? FailureCode,
    [property: JsonPropertyName("created_at")] DateTimeOffset CreatedAt, [property: JsonPropertyName("ended_at")] DateTimeOffset? EndedAt)
{
    public static RefundDocument Of(Refund refund) =>
        new(refund.Id, refund.ReturnId, Amounts.Shown(refund.Amount), refund.Status, refund.Reason, refund.FailureCode, refund.CreatedAt, refund.EndedAt);
}

internal sealed record PaymentPage(IReadOnlyList<PaymentDocument> Items, Page Page);

internal sealed record PaymentBody
{
    public Guid? OrderId { get; set; }

    public Guid? UserId { get; set; }

    public decimal? Amount { get; set; }

    public string? Currency { get; set; }

    public string? CardToken { get; set; }
}

internal sealed record RefundBody
{
    public decimal? Amount { get; set; }

    public string? Reason { get; set; }
}

internal sealed record ReasonBody
{
    public string? Reason { get; set; }
}

internal sealed record TokenBody
{
    public string? ProviderToken { get; set; }
}

internal sealed record TokenDocument(string Token, string CardBrand, string Last4, [property: JsonPropertyName("expires_at")] DateTimeOffset ExpiresAt);

internal sealed record WebhookDocument(bool Received, bool Repeated);

internal sealed record BalanceDocument(string Currency, decimal CustomerReceivable, decimal ProviderClearing, decimal Revenue, decimal Refunds, decimal Sum, bool Balanced, long Entries);

internal sealed record LedgerEntryDocument(long Number, string Transfer, string Account, decimal Amount, string Currency, Guid PaymentId, DateTimeOffset At);

internal sealed record LedgerPage(IReadOnlyList<LedgerEntryDocument> Items, Page Page);

internal sealed record DifferenceDocument(string Kind, Guid? PaymentId, Guid? OrderId, string? ProviderReference, string Ours, string Theirs);

internal sealed record ReconciliationDocument(Guid Id, DateTimeOffset At, DateTimeOffset Since, int Compared, bool Complete, IReadOnlyList<DifferenceDocument> Differences);

internal sealed record AccessDocument(DateTimeOffset At, string ActorType, string ActorId, string Action, string? Reason, string? RequestId, IReadOnlyList<ChangeDocument> Changes);

internal sealed record ChangeDocument(string Pointer, string? Before, string? After);

internal sealed record AccessPage(IReadOnlyList<AccessDocument> Items, Page Page);
