namespace Retail.Sandbox.Bank;

/// <summary>Why the bank does not do what it is asked, in the words of the wire.</summary>
internal sealed record Refusal(int Status, string Type, string Code, string Message, string? DeclineCode = null)
{
    public static Refusal Invalid(string message) => new(400, "invalid_request_error", "parameter_invalid", message);

    public static Refusal Missing(string what) => new(404, "invalid_request_error", "resource_missing", $"No such {what}.");

    public static Refusal State(string message) => new(400, "invalid_request_error", "payment_intent_unexpected_state", message);
}

/// <summary>What becomes of an intent. Pure.</summary>
internal static class IntentRules
{
    /// <summary>The bank's first answer to a new intent.</summary>
    public static Intent Confirm(Intent intent, string challenge, DateTimeOffset decideAt) => intent.Behaviour switch
    {
        Behaviour.Declined => intent with { Status = IntentStatus.NeedsCard, DeclineCode = "generic_decline" },
        Behaviour.InsufficientFunds => intent with { Status = IntentStatus.NeedsCard, DeclineCode = "insufficient_funds" },
        Behaviour.Challenge => intent with { Status = IntentStatus.NeedsAction, Challenge = challenge },
        Behaviour.WebhookLater => intent with { Status = IntentStatus.Processing, DecideAt = decideAt },
        _ => intent with { Status = IntentStatus.NeedsCapture },
    };

    /// <summary>The holder of the card has decided. Null when it was decided before.</summary>
    public static Intent? Decide(Intent intent, bool approved) => intent.Status is not IntentStatus.NeedsAction
        ? null
        : approved
            ? intent with { Status = IntentStatus.NeedsCapture }
            : intent with { Status = IntentStatus.NeedsCard, DeclineCode = "authentication_failed" };

    public static Intent? DecideLater(Intent intent) =>
        intent.Status is IntentStatus.Processing ? intent with { Status = IntentStatus.NeedsCapture, DecideAt = null } : null;

    public static (Intent? Next, Refusal? Refusal) Capture(Intent intent, long? amount)
    {
        if (intent.Status != IntentStatus.NeedsCapture)
        {
            return (null, Refusal.State($"The intent is {intent.Status}; only one that requires_capture can be captured."));
        }

        var wanted = amount ?? intent.Amount;
        return wanted < 1 || wanted > intent.Amount
            ? (null, Refusal.Invalid($"amount_to_capture must be from 1 to {intent.Amount}."))
            : (intent with { Status = IntentStatus.Succeeded, Captured = wanted }, null);
    }

    public static (Intent? Next, Refusal? Refusal) Cancel(Intent intent) => intent.Status switch
    {
        IntentStatus.Succeeded => (null, Refusal.State("The intent has succeeded; refund it instead.")),
        IntentStatus.Canceled => (null, Refusal.State("The intent is canceled already.")),
        _ => (intent with { Status = IntentStatus.Canceled, DecideAt = null }, null),
    };

    public static (Intent? Next, Refusal? Refusal) Refund(Intent intent, long amount)
    {
        var left = intent.Captured - intent.Refunded;
        return amount < 1 || amount > left
            ? (null, new Refusal(400, "invalid_request_error", left == 0 ? "charge_already_refunded" : "amount_too_large", $"At most {left} can be refunded."))
            : (intent with { Refunded = intent.Refunded + amount }, null);
    }
}
