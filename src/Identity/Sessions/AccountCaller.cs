using Slipway.Identity.Accounts;

namespace Slipway.Identity.Sessions;

/// <summary>Who calls the account's own API: by the cookie of this service, or by a token whose audience includes it.</summary>
internal sealed record AccountCaller(Account Account, Session Session, IReadOnlySet<string> Scopes, bool ByCookie)
{
    public bool HasRecentlyAuthenticated(DateTimeOffset now, TimeSpan within) => now - Session.AuthenticatedAt <= within;

    public bool UsedSecondFactor => Session.Methods.Contains("otp") || Session.Methods.Contains("webauthn");
}

internal static class AccountCallerOfRequest
{
    private static readonly object s_key = new();

    /// <summary>The caller of an endpoint that was marked with <c>RequiresAccount</c>.</summary>
    public static AccountCaller Account(this HttpContext http) =>
        http.Items[s_key] as AccountCaller ?? throw new InvalidOperationException("The endpoint is not marked with RequiresAccount.");

    public static void Set(HttpContext http, AccountCaller caller) => http.Items[s_key] = caller;
}

/// <summary>What a sign-in may do at this service itself.</summary>
internal static class IdentityScopes
{
    public const string Read = "identity.account:read";
    public const string Write = "identity.account:write";

    /// <summary>All that an administrator without a second factor may do.</summary>
    public const string Enrol = "identity.twoFactor:enrol";

    public static readonly IReadOnlyList<string> Full = [Read, Write, Enrol];
    public static readonly IReadOnlyList<string> EnrolOnly = [Enrol];
}
