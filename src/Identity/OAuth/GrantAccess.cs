using Slipway.Identity.Accounts;
using Slipway.Identity.Sessions;
using Slipway.Identity.Tokens;
using Slipway.Identity.TwoFactor;

namespace Slipway.Identity.OAuth;

/// <summary>The short-lived access tokens of grants.</summary>
internal static class GrantAccess
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(600);

    /// <summary>
    /// Null when the account may no longer get tokens this way: it was made an administrator's since and the sign-in of the grant showed
    /// no second factor.
    /// </summary>
    public static TokenRequest? For(Account account, Session session, IReadOnlyCollection<string> scopes)
    {
        if (account.Role == Roles.Admin && SecondFactorRule.Of(account, session.Methods) != SecondFactorNeed.None)
        {
            return null;
        }

        return new TokenRequest
        {
            Subject = account.ToSubject(),
            Audience = session.Audience,
            Lifetime = Lifetime,
            ClientId = session.ClientId,
            Scopes = ScopePolicy.Grantable(scopes, account.Role),
            SessionId = session.Id,
            Methods = session.Methods,
            AuthenticatedAt = session.AuthenticatedAt,
        };
    }
}
