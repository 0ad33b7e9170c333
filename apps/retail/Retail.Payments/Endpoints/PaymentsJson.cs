using System.Text.Json.Serialization;

namespace Retail.Payments.Endpoints;

/// <summary>Everything this service reads and writes as JSON.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    Converters = [typeof(InstantConverter)])]
[JsonSerializable(typeof(PaymentBody))]
[JsonSerializable(typeof(PaymentDocument))]
[JsonSerializable(typeof(PaymentPage))]
[JsonSerializable(typeof(RefundBody))]
[JsonSerializable(typeof(RefundDocument))]
[JsonSerializable(typeof(ReasonBody))]
[JsonSerializable(typeof(TokenBody))]
[JsonSerializable(typeof(TokenDocument))]
[JsonSerializable(typeof(WebhookDocument))]
[JsonSerializable(typeof(BalanceDocument))]
[JsonSerializable(typeof(LedgerPage))]
[JsonSerializable(typeof(ReconciliationDocument))]
[JsonSerializable(typeof(IReadOnlyList<DifferenceDocument>))]
[JsonSerializable(typeof(AccessPage))]
internal sealed partial class PaymentsJson : JsonSerializerContext;
