using Slipway.Identity.Accounts;
using Slipway.Identity.SignIns;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Replies;
using Slipway.Sdk.Requests;

namespace Slipway.Identity.Sessions;

/// <summary>The last step of a sign-in in a browser, however it was proven: session, cookie, a note of it, and the answer.</summary>
internal sealed class SessionOpening(BrowserSessions browsers, IdentityCookie cookie, LoginTracking tracking, TimeProvider time)
{
    public const string SignedIn = "signedIn";
    public const string EnrolTwoFactor = "enrolTwoFactor";

    public static string StateOf(Session session) => session.Scopes.Contains(IdentityScopes.Read) ? SignedIn : EnrolTwoFactor;

    public async Task<IResult> OpenAsync(HttpContext http, SignInStep.Complete done, CancellationToken cancellation)
    {
        var scopes = done.MustEnrol ? IdentityScopes.EnrolOnly : IdentityScopes.Full;
        if (await browsers.OpenAsync(http, done.Account, done.Methods, scopes, cancellation) is not { } browser)
        {
            return PasswordSignIn.BadCredentials.ToResult();
        }

        await tracking.NoteAsync(
            new SignedIn(done.Account.Id, time.GetUtcNow(), "identity", done.Methods, ClientAddress.Of(http)?.ToString(), http.Request.Headers.UserAgent),
            cancellation);
        http.Response.Headers.CacheControl = "no-store";
        return Reply.Ok(
            new SignInReply(StateOf(browser.Session), null, cookie.CsrfToken(browser.CookieValue), AccountView.Of(browser.Account)),
            IdentityJson.Default.SignInReply);
    }
}
