using Slipway.Identity.TwoFactor;

namespace Slipway.Identity.OAuth;

/// <summary>Who sits at the browser, as far as an authorisation request cares.</summary>
internal sealed record BrowserFacts(SecondFactorNeed Need, DateTimeOffset AuthenticatedAt);

/// <summary>What happens next to an authorisation request.</summary>
internal enum AuthorizeStep
{
    SignIn,
    Register,

    /// <summary>An administrator without a second factor sets one up before any client gets anything.</summary>
    Enrol,
    AskConsent,
    IssueCode,

    /// <summary>The client forbade pages (<c>prompt=none</c>) and one would be needed.</summary>
    LoginRequired,
    ConsentRequired,
    InteractionRequired,
}

internal static class AuthorizeDecision
{
    /// <summary>A fresh sign-in takes the person some seconds to come back from, so no smaller age can ever be met.</summary>
    private static readonly TimeSpan s_ageMin = TimeSpan.FromMinutes(1);

    public static AuthorizeStep Decide(AuthorizeRequest request, BrowserFacts? browser, IReadOnlyList<string> consented, DateTimeOffset now)
    {
        var silent = request.Prompt == Prompt.None;
        if (request.Prompt == Prompt.Create)
        {
            return AuthorizeStep.Register;
        }

        if (browser is null || request.Prompt == Prompt.Login || IsTooOld(request, browser, now))
        {
            return silent ? AuthorizeStep.LoginRequired : AuthorizeStep.SignIn;
        }

        switch (browser.Need)
        {
            case SecondFactorNeed.Enrol:
                return silent ? AuthorizeStep.InteractionRequired : AuthorizeStep.Enrol;
            case SecondFactorNeed.Prove:
                return silent ? AuthorizeStep.LoginRequired : AuthorizeStep.SignIn;
        }

        var asks = request.Prompt == Prompt.Consent || (!request.Client.FirstParty && !ConsentStore.Covers(consented, request.Scopes));
        return (asks, silent) switch
        {
            (false, _) => AuthorizeStep.IssueCode,
            (true, true) => AuthorizeStep.ConsentRequired,
            (true, false) => AuthorizeStep.AskConsent,
        };
    }

    private static bool IsTooOld(AuthorizeRequest request, BrowserFacts browser, DateTimeOffset now) =>
        request.AgeMax is { } most && now - browser.AuthenticatedAt > (most < s_ageMin ? s_ageMin : most);
}
