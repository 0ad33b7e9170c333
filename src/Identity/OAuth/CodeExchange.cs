using Npgsql;
using Slipway.Identity.Accounts;
using Slipway.Identity.Secrets;
using Slipway.Identity.Sessions;
using Slipway.Identity.Tokens;
using Slipway.Sdk.Database;

namespace Slipway.Identity.OAuth;

/// <summary>Turns an authorisation code into tokens, exactly once.</summary>
internal sealed partial class CodeExchange(
    Database database, SessionStore sessions, RefreshTokens refreshTokens, ITokenIssuer issuer, TimeProvider time, ILogger<CodeExchange> log)
{
    public async Task<OAuthReply> RunAsync(Client client, TokenForm form, HttpContext http, CancellationToken cancellation)
    {
        if (form["code"] is not { } code || !Opaque.IsWellFormed(code))
        {
            return Refused();
        }

        var opened = await database.WriteAsync((tx, c) => OpenAsync(tx, client, form, code, http, c), cancellation);
        if (opened is null || GrantAccess.For(opened.Account, opened.Session, opened.Grant.Scopes) is not { } request)
        {
            return Refused();
        }

        var access = await issuer.IssueAsync(request, cancellation);
        var idToken = opened.Grant.Scopes.Contains(ScopeSet.OpenId)
            ? await issuer.SignAsync(
                IdToken.Claims(opened.Account, opened.Grant, opened.Session.Id, issuer.Issuer, access.Value, time.GetUtcNow()), IdToken.Type, cancellation)
            : null;
        return OAuthReply.Ok(
            new TokenAnswer(access.Value, "Bearer", access.ExpiresIn, ScopeSet.Write(request.Scopes)) { RefreshToken = opened.RefreshToken, IdToken = idToken },
            OAuthJson.Default.TokenAnswer);
    }

    private async Task<Opened?> OpenAsync(NpgsqlTransaction tx, Client client, TokenForm form, string code, HttpContext http, CancellationToken cancellation)
    {
        if (await CodeStore.TakeAsync(tx, code, cancellation) is not { } grant)
        {
            return null;
        }

        var now = time.GetUtcNow();
        switch (CodeUse.Decide(grant.Code, now, client.Id, form["redirect_uri"], form["code_verifier"]))
        {
            case CodeVerdict.Replay:
                CodeReplayed(client.Id);
                if (grant.GrantId is { } given)
                {
                    await sessions.RevokeAsync(tx, grant.UserId, given, "codeReplay", cancellation);
                }

                return null;
            case CodeVerdict.Refuse:
                return null;
        }

        var account = await AccountStore.LockAsync(tx, grant.UserId, cancellation);
        var session = account is null ? null : await sessions.OpenAsync(tx, SessionFor(grant, http), cancellation);
        await CodeStore.UsedAsync(tx, code, session?.Id, now, cancellation);
        if (account is null || session is null || (grant.SessionId is { } parent && !await IsOpenAsync(tx, parent, now, cancellation)))
        {
            return null;
        }

        var keeps = client.Grants.Contains(Grant.RefreshToken) && (client.FirstParty || grant.Scopes.Contains(ScopeSet.OfflineAccess));
        return new Opened(account, grant, session, keeps ? await refreshTokens.IssueAsync(tx, session, cancellation) : null);
    }

    private static NewSession SessionFor(CodeGrant grant, HttpContext http) => new()
    {
        UserId = grant.UserId,
        SecurityVersion = grant.SecurityVersion,
        Kind = SessionKind.Grant,
        ClientId = grant.Code.ClientId,
        ParentId = grant.SessionId,
        Audience = grant.Audiences,
        Scopes = grant.Scopes,
        Methods = grant.Methods,
        AuthenticatedAt = grant.AuthenticatedAt,
        Network = Sdk.Requests.ClientAddress.Of(http)?.ToString(),
        UserAgent = http.Request.Headers.UserAgent.ToString(),
    };

    /// <summary>Somebody who signed out within the minute a code lives wants nothing to begin any more.</summary>
    private static async Task<bool> IsOpenAsync(NpgsqlTransaction tx, Guid session, DateTimeOffset now, CancellationToken cancellation) =>
        await tx.Command("select 1 from sessions where id = $1 and revoked_at is null and expires_at > $2", session, now)
            .OneAsync(_ => true, cancellation);

    private static OAuthReply Refused() =>
        OAuthReply.Error("invalid_grant", "The code is unknown, used, expired, or was given to another client, address or verifier.");

    [LoggerMessage(EventId = 4401, Level = LogLevel.Warning, Message = "A code of client {ClientId} was shown a second time; what it gave out the first time is revoked.")]
    private partial void CodeReplayed(string clientId);

    private sealed record Opened(Account Account, CodeGrant Grant, Session Session, string? RefreshToken);
}
