using Retail.Payments.Payments;
using Retail.Payments.Provider;

namespace Retail.Payments.Operations;

/// <summary>What an operation's outcome means for the payment. Pure.</summary>
internal abstract record Meaning
{
    /// <summary>It is over, and this is what it was; null if it changes nothing.</summary>
    internal sealed record Over(Trigger? Trigger, ProviderIntent? Seen = null, string? RefundReference = null) : Meaning;

    /// <summary>Nobody knows yet; it is looked up and asked again.</summary>
    internal sealed record Later(string Why) : Meaning;
}

internal static class Understanding
{
    public static Trigger? Of(ProviderIntent intent) => intent.Status switch
    {
        ProviderStatus.Authorized => new Trigger.Authorized(),
        ProviderStatus.ActionRequired => new Trigger.ActionRequired(intent.ActionUrl ?? ""),
        ProviderStatus.Declined => new Trigger.Declined(intent.FailureCode ?? "card_declined", intent.FailureMessage ?? "The card was declined."),
        ProviderStatus.Captured => new Trigger.Captured(intent.Captured),
        ProviderStatus.Canceled => new Trigger.Canceled(),
        _ => null,
    };

    public static Meaning OfAuthorize(ProviderAnswer answer) => answer switch
    {
        ProviderAnswer.Seen seen => new Meaning.Over(Of(seen.Intent), seen.Intent),
        ProviderAnswer.Refused refused => new Meaning.Over(new Trigger.Declined(refused.Code, refused.Message)),
        ProviderAnswer.Unknown unknown => new Meaning.Later(unknown.Error),
        _ => new Meaning.Later("The provider's answer fits no authorisation."),
    };

    /// <summary>A refusal to capture means what the bank says about the payment when it is asked next.</summary>
    public static Meaning OfRefusedCapture(ProviderAnswer.Refused refused, ProviderAnswer looked) => looked switch
    {
        ProviderAnswer.Seen { Intent.Status: ProviderStatus.Authorized } seen => new Meaning.Over(new Trigger.CaptureFailed(refused.Code, refused.Message), seen.Intent),
        ProviderAnswer.Seen seen => new Meaning.Over(Of(seen.Intent), seen.Intent),
        ProviderAnswer.Refused => new Meaning.Over(new Trigger.CaptureFailed(refused.Code, refused.Message)),
        _ => new Meaning.Later("The provider refused to capture and cannot be asked why."),
    };

    public static Meaning OfRefusedVoid(ProviderAnswer.Refused refused, ProviderAnswer looked) => looked switch
    {
        ProviderAnswer.Seen { Intent.Status: ProviderStatus.Canceled or ProviderStatus.Declined } seen => new Meaning.Over(new Trigger.Canceled(), seen.Intent),
        ProviderAnswer.Seen { Intent.Status: ProviderStatus.Captured } seen => new Meaning.Over(new Trigger.Captured(seen.Intent.Captured), seen.Intent),
        ProviderAnswer.Refused => new Meaning.Over(new Trigger.Canceled()),
        _ => new Meaning.Later($"The provider does not let the money go yet: {refused.Message}"),
    };
}
