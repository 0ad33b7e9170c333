using Slipway.Identity.Sessions;
using Slipway.Identity.Tokens;
using Slipway.Sdk.Callers;

namespace Slipway.Identity.OAuth;

/// <summary><c>POST /oauth2/token</c>: a code, a refresh token or a client's secret becomes an access token. Without the database the answer is the
/// usual 503 and no <c>error</c> of OAuth, which clients would take for the end of somebody's sign-in.</summary>
internal static class TokenEndpoint
{
    public const string Path = "/oauth2/token";

    public static void Map(IEndpointRouteBuilder app) =>
        app.MapPost(Path, HandleAsync).WithName("exchangeToken").OpenToAll("Clients prove themselves with their secret, their code or their refresh token.");

    private static async Task<IResult> HandleAsync(
        HttpContext http, ClientGate gate, CodeExchange codes, RefreshTokens refreshTokens, ITokenIssuer issuer, CancellationToken cancellation)
    {
        if (await TokenForm.ReadAsync(http.Request, cancellation) is not { } form)
        {
            return OAuthReply.Error("invalid_request", "The body must be a form (application/x-www-form-urlencoded) of at most 16 KiB that names nothing twice.");
        }

        if (await gate.AuthenticateAsync(http.Request, form, cancellation) is not { } client)
        {
            return OAuthReply.InvalidClient();
        }

        var grant = form["grant_type"];
        if (grant is not (Grant.AuthorizationCode or Grant.RefreshToken or Grant.ClientCredentials))
        {
            return OAuthReply.Error("unsupported_grant_type", "grant_type is one of authorization_code, refresh_token, client_credentials.");
        }

        if (!client.Grants.Contains(grant))
        {
            return OAuthReply.Error("unauthorized_client", $"This client may not use {grant}.");
        }

        return grant switch
        {
            Grant.AuthorizationCode => await codes.RunAsync(client, form, http, cancellation),
            Grant.RefreshToken => await RefreshAsync(client, form, refreshTokens, issuer, cancellation),
            _ => await ServiceAsync(client, form, issuer, cancellation),
        };
    }

    private static async Task<IResult> RefreshAsync(
        Client client, TokenForm form, RefreshTokens refreshTokens, ITokenIssuer issuer, CancellationToken cancellation)
    {
        // A text that is no scope must not use the token up.
        if (ScopeSet.Read(form["scope"]) is not { } narrowed)
        {
            return OAuthReply.Error("invalid_scope", "scope must be scopes separated by single spaces.");
        }

        var refused = OAuthReply.Error("invalid_grant", "The refresh token is unknown, expired, revoked or belongs to another client.");
        if (!(await refreshTokens.RotateAsync(form["refresh_token"], client.Id, cancellation)).Is(out var refreshed, out _))
        {
            return refused;
        }

        var scopes = refreshed.Session.Scopes;
        if (narrowed.Count > 0)
        {
            if (narrowed.Any(scope => !ScopeSet.Covers(scopes, scope)))
            {
                return OAuthReply.Error("invalid_scope", "A refreshed token can have fewer scopes than the first one, not more.");
            }

            scopes = narrowed;
        }

        if (GrantAccess.For(refreshed.Account, refreshed.Session, scopes) is not { } request)
        {
            return refused;
        }

        var access = await issuer.IssueAsync(request, cancellation);
        return OAuthReply.Ok(
            new TokenAnswer(access.Value, "Bearer", access.ExpiresIn, ScopeSet.Write(request.Scopes)) { RefreshToken = refreshed.RefreshToken },
            OAuthJson.Default.TokenAnswer);
    }

    private static async Task<IResult> ServiceAsync(Client client, TokenForm form, ITokenIssuer issuer, CancellationToken cancellation)
    {
        if (!client.Confidential)
        {
            return OAuthReply.Error("unauthorized_client", "Only a client with a secret may act for itself.");
        }

        var asked = ScopeSet.Read(form["scope"]);
        if (asked is null || asked.Any(scope => ScopeSet.OpenIdScopes.Contains(scope) || scope.EndsWith('*') || !ScopeSet.Covers(client.Scopes, scope)))
        {
            return OAuthReply.Error("invalid_scope", "The client may not ask for one of the scopes.");
        }

        var scopes = asked.Count > 0 ? asked : [.. client.Scopes.Where(scope => !scope.EndsWith(".*", StringComparison.Ordinal))];
        if (!Audience.Read(form["resource"], scopes, out var audiences))
        {
            return OAuthReply.Error("invalid_target", "resource must be an app that one of the scopes belongs to.");
        }

        var access = await issuer.IssueAsync(
            new TokenRequest { Audience = audiences, Lifetime = GrantAccess.Lifetime, ClientId = client.Id, Scopes = scopes }, cancellation);
        return OAuthReply.Ok(new TokenAnswer(access.Value, "Bearer", access.ExpiresIn, ScopeSet.Write(scopes)), OAuthJson.Default.TokenAnswer);
    }
}
