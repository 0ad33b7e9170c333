using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Slipway.Sdk.Problems;

namespace Slipway.Sdk.Sessions;

/// <summary><c>GET /session/callback</c>: the browser comes back from the identity service with a code.</summary>
internal sealed class SignInCallback(
    SessionAddresses addresses, SessionCookie cookie, SessionKeys keys, SessionStore store, IdentityTokens identity, SessionOptions options, TimeProvider time)
{
    public async Task<IResult> AnswerAsync(HttpContext http)
    {
        http.Response.Headers.CacheControl = "no-store";
        if (await AttemptAsync(http) is not { } attempt)
        {
            return Page(400, "This sign-in was begun in another browser, or too long ago.", "/");
        }

        cookie.Clear(http.Response, cookie.SignInName(attempt.State));
        var query = http.Request.Query;
        if (query["iss"] is [{ } issuer] && issuer != identity.Issuer)
        {
            return Page(400, "The answer does not come from the identity service.", attempt.ReturnTo);
        }

        if (query["error"] is [{ } error])
        {
            // Somebody who changed their mind is simply back where they were.
            return error == "access_denied" ? Results.LocalRedirect(attempt.ReturnTo) : Page(400, $"The identity service refused: {error}.", attempt.ReturnTo);
        }

        if (query["code"] is not [{ Length: > 0 and <= 4096 } code])
        {
            return Page(400, "The identity service sent no code.", attempt.ReturnTo);
        }

        var granted = await GrantAsync(code, attempt, http.RequestAborted);
        if (!granted.Is(out var tokens, out var problem))
        {
            return Page(problem.Status == 401 ? 400 : problem.Status, problem.Detail, attempt.ReturnTo);
        }

        // Always a new value: one that was planted before the sign-in must not become somebody's session.
        var value = await store.CreateAsync(tokens.User, tokens.Tokens, time.GetUtcNow() + tokens.Lifetime, cookie.Read(http.Request), http.RequestAborted);
        cookie.Write(http.Response, cookie.Name, value, options.Absolute);
        return Results.LocalRedirect(attempt.ReturnTo);
    }

    private async Task<Outcome<GrantedTokens>> GrantAsync(string code, SignInAttempt attempt, CancellationToken cancellation)
    {
        try
        {
            return await identity.ExchangeAsync(code, attempt, addresses.Callback, cancellation);
        }
        catch (ProblemException exception)
        {
            return exception.Problem;
        }
    }

    private async Task<SignInAttempt?> AttemptAsync(HttpContext http)
    {
        if (http.Request.Query["state"] is not [{ Length: > 8 and <= 200 } state] || http.Request.Cookies[cookie.SignInName(state)] is not { } text)
        {
            return null;
        }

        var seal = await keys.SealAsync(http.RequestAborted);
        return seal.OpenSignIn(state, text) is { } plain
            && JsonSerializer.Deserialize(plain, SessionJson.Default.SignInAttempt) is { } attempt
            && attempt.State == state
            && attempt.ExpiresAt > time.GetUtcNow()
                ? attempt
                : null;
    }

    /// <summary>A person looks at this answer, so it is a page, with a way on.</summary>
    private static IResult Page(int status, string reason, string returnTo)
    {
        var again = "/session/sign-in?returnTo=" + Uri.EscapeDataString(returnTo);
        return Results.Text(
            $"""
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Not signed in</title></head>
            <body><main><h1>You are not signed in</h1><p>{WebUtility.HtmlEncode(reason)}</p>
            <p><a href="{WebUtility.HtmlEncode(again)}">Try again</a> · <a href="/">Go to the start page</a></p></main></body></html>
            """,
            "text/html; charset=utf-8",
            statusCode: status);
    }
}
