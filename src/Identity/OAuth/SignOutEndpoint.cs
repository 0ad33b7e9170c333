using Microsoft.AspNetCore.WebUtilities;
using Slipway.Identity.Sessions;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Database;

namespace Slipway.Identity.OAuth;

/// <summary>
/// <c>GET /oauth2/logout</c> (OpenID Connect RP-Initiated Logout). For the installation's own pages, returning to an address they
/// registered, the session ends at once; a foreign page could at worst make somebody sign in again. In every other case the person
/// decides on the account page.
/// </summary>
internal static class SignOutEndpoint
{
    public const string Path = "/oauth2/logout";

    public static void Map(IEndpointRouteBuilder app) =>
        app.MapGet(Path, HandleAsync).WithName("signOutOfEverything").OpenToAll("Ends at most the session of the browser that calls.");

    private static async Task<IResult> HandleAsync(
        HttpContext http, Database database, BrowserSessions browsers, SessionStore sessions, IdentityCookie cookie, CancellationToken cancellation)
    {
        http.Response.Headers.CacheControl = "no-store";
        var (clientId, returnTo, state) = (Single(http, "client_id"), Single(http, "post_logout_redirect_uri"), Single(http, "state"));
        var client = clientId is { Length: <= 100 } && !clientId.Contains('\0', StringComparison.Ordinal)
            ? await database.ReadAsync((connection, c) => ClientStore.FindAsync(connection, clientId, c), cancellation)
            : null;
        if (client is not { Active: true, FirstParty: true } || returnTo is null || !client.SignOutUris.Contains(returnTo, StringComparer.Ordinal))
        {
            return Results.Redirect("/account?signOut=ask");
        }

        if (await browsers.CurrentAsync(http, cancellation) is { } browser)
        {
            await database.WriteAsync((tx, c) => sessions.RevokeAsync(tx, browser.Account.Id, browser.Session.Id, "signedOut", c), cancellation);
        }

        cookie.Clear(http.Response);
        return Results.Redirect(state is { Length: <= 500 } ? QueryHelpers.AddQueryString(returnTo, "state", state) : returnTo);
    }

    private static string? Single(HttpContext http, string name) => http.Request.Query[name] is [{ Length: > 0 } value] ? value : null;
}
