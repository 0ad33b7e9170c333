using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Slipway.Sdk.Sessions;

/// <summary><c>GET /session/sign-in?returnTo=/x[&amp;screen=register]</c>: sends the browser to the identity service.</summary>
internal sealed class SignInEndpoint(SessionOptions options, SessionAddresses addresses, SessionCookie cookie, SessionKeys keys, IdentityTokens identity, TimeProvider time)
{
    private const int SignInsMax = 5;
    private const int ReturnToMax = 2000;

    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);

    public async Task<IResult> AnswerAsync(HttpContext http)
    {
        http.Response.Headers.CacheControl = "no-store";
        var attempt = new SignInAttempt(Random(), Random(), Random(), Local(http.Request.Query["returnTo"]), time.GetUtcNow() + Patience);
        var seal = await keys.SealAsync(http.RequestAborted);

        // A browser has room for few cookies; the oldest tab's sign-in gives way.
        foreach (var stale in cookie.SignIns(http.Request).Skip(SignInsMax - 1))
        {
            cookie.Clear(http.Response, stale);
        }

        cookie.Write(
            http.Response, cookie.SignInName(attempt.State), seal.SealSignIn(attempt.State, JsonSerializer.SerializeToUtf8Bytes(attempt, SessionJson.Default.SignInAttempt)), Patience);
        var query = new Dictionary<string, string?>
        {
            ["response_type"] = "code",
            ["client_id"] = options.ClientId,
            ["redirect_uri"] = addresses.Callback.AbsoluteUri,
            ["scope"] = options.Scopes,
            ["resource"] = options.Audience.Length > 0 ? options.Audience : null,
            ["state"] = attempt.State,
            ["nonce"] = attempt.Nonce,
            ["code_challenge"] = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(attempt.Verifier))),
            ["code_challenge_method"] = "S256",
            ["prompt"] = http.Request.Query["screen"] == "register" ? "create" : null,
        };
        return Results.Redirect(QueryHelpers.AddQueryString(identity.Issuer + "/oauth2/authorize", query.Where(pair => pair.Value is not null)));
    }

    /// <summary>Only to a place of our own: an address elsewhere would lend this page's good name to whoever made the link.</summary>
    internal static string Local(string? returnTo)
    {
        if (returnTo is not { Length: > 0 and <= ReturnToMax } || returnTo[0] != '/' || returnTo.Contains('\\', StringComparison.Ordinal) || returnTo.Any(char.IsControl))
        {
            return "/";
        }

        return returnTo.StartsWith("//", StringComparison.Ordinal) || returnTo.StartsWith("/session/", StringComparison.Ordinal) ? "/" : returnTo;
    }

    private static string Random() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
}
