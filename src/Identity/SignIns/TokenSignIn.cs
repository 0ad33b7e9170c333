using Slipway.Identity.Accounts;
using Slipway.Identity.Sessions;
using Slipway.Identity.Tokens;
using Slipway.Sdk.Database;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Requests;

namespace Slipway.Identity.SignIns;

/// <summary>One of the surfaces that hand out tokens for a password at once: for whom, for how long and good for what.</summary>
internal sealed record TokenSurface(string ClientId, IReadOnlyList<string> Audience, IReadOnlyList<string> Scopes, TimeSpan Lifetime);

internal sealed record SignedInTokens(IssuedToken Access, string RefreshToken, Account Account, Session Session, bool MustEnrol);

/// <summary>Turns a completed sign-in into a session, an access token and a refresh token.</summary>
internal sealed class TokenSignIn(
    Database database, SessionStore sessions, RefreshTokens refreshTokens, ITokenIssuer issuer, LoginTracking tracking, TimeProvider time)
{
    public async Task<Outcome<SignedInTokens>> OpenAsync(
        HttpContext http, SignInStep.Complete done, TokenSurface surface, CancellationToken cancellation)
    {
        var account = done.Account;
        var scopes = done.MustEnrol ? IdentityScopes.EnrolOnly : surface.Scopes;
        var network = ClientAddress.Of(http)?.ToString();
        string? userAgent = http.Request.Headers.UserAgent;
        var opened = await database.WriteAsync<(Session Session, string Token)?>(
            async (transaction, c) =>
            {
                var session = await sessions.OpenAsync(
                    transaction,
                    new NewSession
                    {
                        UserId = account.Id,
                        SecurityVersion = account.SecurityVersion,
                        Kind = SessionKind.Token,
                        ClientId = surface.ClientId,
                        // Without the second factor an administrator's token is for this service alone, where its one scope sets the factor up.
                        Audience = done.MustEnrol ? [IdentityService.Name] : surface.Audience,
                        Scopes = scopes,
                        Methods = done.Methods,
                        Network = network,
                        UserAgent = userAgent,
                    },
                    c);
                return session is null ? null : (session, await refreshTokens.IssueAsync(transaction, session, c));
            },
            cancellation);
        if (opened is not var (session, token))
        {
            // The account was changed while the password was being checked; what was checked is no longer true.
            return PasswordSignIn.BadCredentials;
        }

        var access = await issuer.IssueAsync(Request(account, session, surface.Lifetime), cancellation);
        await tracking.NoteAsync(
            new SignedIn(account.Id, time.GetUtcNow(), surface.ClientId, done.Methods, network, userAgent), cancellation);
        return new SignedInTokens(access, token, account, session, done.MustEnrol);
    }

    /// <summary>The next pair of tokens. The access token tells of the account as it is now, not as it was at the sign-in.</summary>
    public async Task<Outcome<SignedInTokens>> RefreshAsync(string? refreshToken, TokenSurface surface, CancellationToken cancellation)
    {
        if (!(await refreshTokens.RotateAsync(refreshToken, surface.ClientId, cancellation)).Is(out var refreshed, out var problem))
        {
            return problem;
        }

        var access = await issuer.IssueAsync(Request(refreshed.Account, refreshed.Session, surface.Lifetime), cancellation);
        return new SignedInTokens(access, refreshed.RefreshToken, refreshed.Account, refreshed.Session, MustEnrol: false);
    }

    private static TokenRequest Request(Account account, Session session, TimeSpan lifetime) => new()
    {
        Subject = account.ToSubject(),
        Audience = session.Audience,
        Lifetime = lifetime,
        ClientId = session.ClientId,
        Scopes = session.Scopes,
        SessionId = session.Id,
        Methods = session.Methods,
        AuthenticatedAt = session.AuthenticatedAt,
        Type = TokenRequest.PlainType,
    };
}
