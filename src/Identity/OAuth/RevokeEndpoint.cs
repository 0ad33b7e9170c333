using Slipway.Identity.Sessions;
using Slipway.Sdk.Callers;

namespace Slipway.Identity.OAuth;

/// <summary>
/// <c>POST /oauth2/revoke</c> (RFC 7009): ends a refresh token and everything of its sign-in. Access tokens are not kept anywhere and
/// end by themselves within ten minutes. The answer is the same for a token that never was.
/// </summary>
internal static class RevokeEndpoint
{
    public const string Path = "/oauth2/revoke";

    public static void Map(IEndpointRouteBuilder app) =>
        app.MapPost(Path, HandleAsync).WithName("revokeToken").OpenToAll("Clients prove themselves with their secret; the token is the proof of the rest.");

    private static async Task<IResult> HandleAsync(HttpContext http, ClientGate gate, RefreshTokens refreshTokens, CancellationToken cancellation)
    {
        if (await TokenForm.ReadAsync(http.Request, cancellation) is not { } form || form["token"] is not { } token)
        {
            return OAuthReply.Error("invalid_request", "The body must be a form with token.");
        }

        if (await gate.AuthenticateAsync(http.Request, form, cancellation) is not { } client)
        {
            return OAuthReply.InvalidClient();
        }

        await refreshTokens.RevokeAsync(token, client.Id, cancellation);
        return OAuthReply.Empty();
    }
}
