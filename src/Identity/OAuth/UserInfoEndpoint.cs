using System.Text.Json.Nodes;
using Slipway.Identity.Accounts;
using Slipway.Identity.Sessions;
using Slipway.Identity.Tokens;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Problems;

namespace Slipway.Identity.OAuth;

/// <summary>
/// <c>GET /oauth2/userinfo</c>: who the token speaks for, as far as its scopes reach. Any access token with the scope <c>openid</c>
/// opens it, whichever app it is meant for.
/// </summary>
internal static class UserInfoEndpoint
{
    public const string Path = "/oauth2/userinfo";

    public static void Map(IEndpointRouteBuilder app) => app.MapMethods(Path, ["GET", "POST"], HandleAsync).WithName("readUserInfo").OpenToAll("The token is verified here, since its audience may be any app.");

    private static async Task<IResult> HandleAsync(
        HttpContext http, AnyAudience verifier, SessionStore sessions, AccountStore accounts, TimeProvider time, CancellationToken cancellation)
    {
        http.Response.Headers.CacheControl = "no-store";
        var header = http.Request.Headers.Authorization.ToString();
        if (!header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
        {
            return Problem.Unauthenticated("Send an access token as Authorization: Bearer.").ToResult();
        }

        if (!(await verifier.VerifyAsync(header["Bearer ".Length..].Trim(), cancellation)).Is(out var caller, out var problem))
        {
            return problem.ToResult();
        }

        if (!caller.Scopes.Contains(ScopeSet.OpenId))
        {
            return Problem.MissingScope(ScopeSet.OpenId).ToResult();
        }

        if (caller.SessionId is not { } sessionId
            || await sessions.FindAsync(sessionId, cancellation) is not { } session
            || !session.IsOpenAt(time.GetUtcNow())
            || await accounts.FindAsync(caller.UserId, cancellation) is not { IsActive: true } account
            || session.UserId != account.Id)
        {
            return Problem.Unauthenticated("The sign-in this token belongs to has ended.").ToResult();
        }

        var claims = new JsonObject { ["sub"] = account.Id.ToString() };
        IdToken.AddPerson(claims, account, [.. caller.Scopes]);
        return Results.Text(claims.ToJsonString(), "application/json");
    }
}

/// <summary>Verifies access tokens of this issuer whichever of the installation's apps they are meant for.</summary>
internal sealed class AnyAudience(IKeySource keys, ITokenIssuer issuer, TimeProvider time)
{
    private readonly TokenVerifier[] _verifiers =
        [.. new[] { Audience.Own, "todo", "retail", "slipway", "titanic" }.Select(app => new TokenVerifier(keys, new TokenRules(issuer.Issuer, app), time))];

    public async ValueTask<Outcome<Caller>> VerifyAsync(string token, CancellationToken cancellation)
    {
        Problem? last = null;
        foreach (var verifier in _verifiers)
        {
            if ((await verifier.VerifyAsync(token, cancellation)).Is(out var caller, out last))
            {
                return caller;
            }
        }

        return last!;
    }
}
