using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Replies;

namespace Slipway.Sdk.Sessions;

/// <summary><c>GET /session</c> and <c>POST /session/sign-out</c>: what the page's scripts use of a session.</summary>
internal sealed class SessionEndpoints(
    SessionOptions options, SessionAddresses addresses, SessionCookie cookie, SessionKeys keys, SessionStore store, IdentityTokens identity, OriginCheck origin)
{
    public async Task<IResult> ShowAsync(HttpContext http)
    {
        http.Response.Headers.CacheControl = "no-store";
        if (cookie.Read(http.Request) is not { } value)
        {
            return Reply.Ok(new SessionView(false, null, null, null), SessionJson.Default.SessionView);
        }

        if (await store.FindAsync(value, http.RequestAborted) is not { } session)
        {
            cookie.Clear(http.Response, cookie.Name);
            return Reply.Ok(new SessionView(false, null, null, null), SessionJson.Default.SessionView);
        }

        var seal = await keys.SealAsync(http.RequestAborted);
        return Reply.Ok(new SessionView(true, session.User, seal.CsrfToken(value), Instant(session.ExpiresAt(options))), SessionJson.Default.SessionView);
    }

    private static string Instant(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>Ends the session here. The address it answers ends the one at the identity service too, for who wants that.</summary>
    public async Task<IResult> SignOutAsync(HttpContext http)
    {
        http.Response.Headers.CacheControl = "no-store";
        // Another site's form comes without the cookie. Clearing it in that answer would sign the person out all the same.
        if (cookie.Read(http.Request) is { } value)
        {
            if (await store.FindAsync(value, http.RequestAborted) is { } session)
            {
                var seal = await keys.SealAsync(http.RequestAborted);
                if (origin.Refuse(http.Request, seal, value) is { } problem)
                {
                    return problem.ToResult();
                }

                await store.DeleteAsync(session.Id, http.RequestAborted);
                if (session.Tokens.Refresh is { } refresh)
                {
                    await identity.RevokeAsync(refresh, http.RequestAborted);
                }
            }

            cookie.Clear(http.Response, cookie.Name);
        }

        var everywhere = QueryHelpers.AddQueryString(identity.Issuer + "/oauth2/logout", new Dictionary<string, string?>
        {
            ["client_id"] = options.ClientId,
            ["post_logout_redirect_uri"] = addresses.Public.AbsoluteUri,
        });
        return Reply.Ok(new SignedOutView(false, new Uri(everywhere)), SessionJson.Default.SignedOutView);
    }
}

/// <summary>The application's own addresses as a browser knows them.</summary>
internal sealed record SessionAddresses(Uri Public)
{
    public Uri Callback { get; } = new(Public, "/session/callback");
}
