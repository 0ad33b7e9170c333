using System.Text.Json.Nodes;

namespace Retail.Sandbox.Bank;

/// <summary>How the bank writes down what it knows.</summary>
internal sealed class BankDocuments(Uri publicAddress)
{
    public Uri ChallengeAddress(string challenge) => new(publicAddress, $"/challenge/{challenge}");

    public JsonObject Of(Intent intent)
    {
        var document = new JsonObject
        {
            ["id"] = intent.Id,
            ["object"] = "payment_intent",
            ["amount"] = intent.Amount,
            ["amount_capturable"] = intent.Status == IntentStatus.NeedsCapture ? intent.Amount : 0,
            ["amount_received"] = intent.Captured,
            ["amount_refunded"] = intent.Refunded,
            ["capture_method"] = "manual",
            ["created"] = intent.CreatedAt.ToUnixTimeSeconds(),
            ["currency"] = intent.Currency,
            ["livemode"] = false,
            ["metadata"] = intent.Metadata.DeepClone(),
            ["status"] = intent.Status,
            ["payment_method"] = new JsonObject
            {
                ["type"] = "card",
                ["card"] = new JsonObject { ["brand"] = intent.Brand, ["last4"] = intent.Last4 },
            },
            ["last_payment_error"] = intent.DeclineCode is { } code ? Error(Decline(code)) : null,
            ["next_action"] = null,
        };
        if (intent is { Status: IntentStatus.NeedsAction, Challenge: { } challenge })
        {
            document["next_action"] = new JsonObject
            {
                ["type"] = "redirect_to_url",
                ["redirect_to_url"] = new JsonObject { ["url"] = ChallengeAddress(challenge).ToString(), ["return_url"] = intent.ReturnUrl },
            };
        }

        return document;
    }

    public static JsonObject Of(Refund refund, string currency) => new()
    {
        ["id"] = refund.Id,
        ["object"] = "refund",
        ["amount"] = refund.Amount,
        ["currency"] = currency,
        ["payment_intent"] = refund.IntentId,
        ["status"] = refund.Status,
        ["metadata"] = refund.Metadata.DeepClone(),
        ["created"] = refund.CreatedAt.ToUnixTimeSeconds(),
    };

    public static JsonObject Of(string token, BankCard card) => new()
    {
        ["id"] = token,
        ["object"] = "token",
        ["type"] = "card",
        ["livemode"] = false,
        ["card"] = new JsonObject { ["brand"] = card.Brand, ["last4"] = card.Last4, ["exp_month"] = card.ExpiryMonth, ["exp_year"] = card.ExpiryYear },
    };

    public static Refusal Decline(string code) => new(402, "card_error", code == "authentication_failed" ? "payment_intent_authentication_failure" : "card_declined", code switch
    {
        "insufficient_funds" => "The card has insufficient funds.",
        "authentication_failed" => "The holder of the card did not approve the payment.",
        _ => "The card was declined.",
    }, code);

    public static JsonObject Error(Refusal refusal)
    {
        var error = new JsonObject { ["type"] = refusal.Type, ["code"] = refusal.Code, ["message"] = refusal.Message };
        if (refusal.DeclineCode is { } code)
        {
            error["decline_code"] = code;
        }

        return error;
    }

    /// <summary>A decline tells the intent along with it, as the holder may try another card.</summary>
    public static JsonObject ErrorBody(Refusal refusal, JsonObject? intent = null)
    {
        var error = Error(refusal);
        if (intent is not null)
        {
            error["payment_intent"] = intent;
        }

        return new JsonObject { ["error"] = error };
    }

    public static JsonObject Event(string id, string type, DateTimeOffset at, JsonObject subject) => new()
    {
        ["id"] = id,
        ["object"] = "event",
        ["type"] = type,
        ["created"] = at.ToUnixTimeSeconds(),
        ["livemode"] = false,
        ["data"] = new JsonObject { ["object"] = subject },
    };
}
