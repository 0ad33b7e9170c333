using System.Text.Json;

namespace Retail.Payments.Provider;

/// <summary>Reads what a Stripe-like bank writes. Pure; what it does not know it leaves out.</summary>
internal static class StripeDocuments
{
    public static ProviderIntent? Intent(JsonElement document)
    {
        if (Text(document, "id") is not { } id || Text(document, "object") != "payment_intent")
        {
            return null;
        }

        var card = Member(Member(document, "payment_method"), "card");
        if (card.ValueKind != JsonValueKind.Object)
        {
            card = Member(Member(Member(document, "latest_charge"), "payment_method_details"), "card");
        }

        var error = Member(document, "last_payment_error");
        return new ProviderIntent
        {
            Reference = id,
            Status = Status(Text(document, "status")),
            Amount = Number(document, "amount"),
            Captured = Number(document, "amount_received"),
            Refunded = Math.Max(Number(document, "amount_refunded"), Number(Member(document, "latest_charge"), "amount_refunded")),
            CardBrand = Text(card, "brand"),
            Last4 = Text(card, "last4") is { Length: 4 } last4 && last4.All(char.IsAsciiDigit) ? last4 : null,
            ActionUrl = Text(Member(Member(document, "next_action"), "redirect_to_url"), "url"),
            FailureCode = Text(error, "decline_code") is { } code && code != "generic_decline" ? code : Text(error, "code"),
            FailureMessage = Text(error, "message"),
            OrderId = Guid.TryParse(Text(Member(document, "metadata"), "order_id"), out var order) ? order : null,
            CreatedAt = DateTimeOffset.FromUnixTimeSeconds(Number(document, "created")),
        };
    }

    public static JsonElement Member(JsonElement document, string name) =>
        document.ValueKind == JsonValueKind.Object && document.TryGetProperty(name, out var value) ? value : default;

    public static string? Text(JsonElement document, string name) =>
        Member(document, name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    public static long Number(JsonElement document, string name) =>
        Member(document, name) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt64(out var number) ? number : 0;

    private static ProviderStatus Status(string? status) => status switch
    {
        "requires_capture" => ProviderStatus.Authorized,
        "requires_action" => ProviderStatus.ActionRequired,
        "requires_payment_method" => ProviderStatus.Declined,
        "succeeded" => ProviderStatus.Captured,
        "canceled" => ProviderStatus.Canceled,
        _ => ProviderStatus.Processing,
    };
}
