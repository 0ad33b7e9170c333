using Slipway.Identity.Sessions;
using Slipway.Sdk.Problems;

namespace Slipway.Identity.TwoFactor;

/// <summary>Sensitive changes ask for a proof of identity that is fresh, not for one from this morning.</summary>
internal static class StepUp
{
    public static readonly TimeSpan Freshness = TimeSpan.FromMinutes(5);

    public static Problem? Require(AccountCaller caller, DateTimeOffset now) =>
        IsFresh(caller.Session.AuthenticatedAt, now) ? null : new Problem(
            403, "stepUpRequired", "Confirm that it is you",
            $"This change needs a sign-in not older than {(int)Freshness.TotalMinutes} minutes. Sign in again and repeat it.")
        {
            Headers = [new("WWW-Authenticate", $"Bearer error=\"insufficient_user_authentication\", max_age=\"{(int)Freshness.TotalSeconds}\"")],
        };

    public static bool IsFresh(DateTimeOffset authenticatedAt, DateTimeOffset now) => now - authenticatedAt <= Freshness;
}
