using Microsoft.Net.Http.Headers;
using Slipway.Identity.Accounts;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Problems;

namespace Slipway.Identity.Sessions;

/// <summary>Finds out who calls and whether the sign-in behind the call still stands, in the database: a revoked one ends here at once.</summary>
internal sealed class AccountCallers(
    BrowserSessions browsers, IdentityCookie cookie, SessionStore sessions, AccountStore accounts, TokenVerifier tokens, TimeProvider time)
{
    public static readonly Problem Forged = new(
        403, "csrf", "The request did not come from our pages", $"Changes by cookie need the header {IdentityCookie.CsrfHeader} with the session's token and a matching Origin.");

    public async Task<Outcome<AccountCaller>> FindAsync(HttpContext http, string scope, CancellationToken cancellation)
    {
        var found = http.Request.Headers.ContainsKey(HeaderNames.Authorization)
            ? await ByTokenAsync(http, cancellation)
            : await ByCookieAsync(http, cancellation);
        return found.Is(out var caller, out var problem) ? caller.Scopes.Contains(scope) ? caller : Problem.MissingScope(scope) : problem;
    }

    private async Task<Outcome<AccountCaller>> ByCookieAsync(HttpContext http, CancellationToken cancellation)
    {
        if (await browsers.CurrentAsync(http, cancellation) is not { } browser)
        {
            return Problem.Unauthenticated("Sign in to continue.");
        }

        return !ChangesSomething(http.Request) || cookie.IsOurs(http.Request, browser.CookieValue)
            ? new AccountCaller(browser.Account, browser.Session, browser.Session.Scopes.ToHashSet(StringComparer.Ordinal), ByCookie: true)
            : Forged;
    }

    private async Task<Outcome<AccountCaller>> ByTokenAsync(HttpContext http, CancellationToken cancellation)
    {
        var header = http.Request.Headers.Authorization.ToString();
        if (!header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
        {
            return Problem.Unauthenticated("Send an access token as Authorization: Bearer.");
        }

        var verified = await tokens.VerifyAsync(header["Bearer ".Length..].Trim(), cancellation);
        if (!verified.Is(out var caller, out var problem))
        {
            return problem;
        }

        if (caller.SessionId is not { } sessionId
            || await sessions.FindAsync(sessionId, cancellation) is not { } session
            || session.UserId != caller.UserId
            || !session.IsOpenAt(time.GetUtcNow())
            || await accounts.FindAsync(session.UserId, cancellation) is not { IsActive: true } account)
        {
            return Problem.Unauthenticated("The sign-in this token belongs to has ended.");
        }

        return new AccountCaller(account, session, caller.Scopes, ByCookie: false);
    }

    private static bool ChangesSomething(HttpRequest request) => !HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method);
}

internal static class RequiresAccountExtension
{
    /// <summary>Lets only the owner of an account through; the handler finds it with <c>http.Account()</c>.</summary>
    public static TBuilder RequiresAccount<TBuilder>(this TBuilder endpoint, string scope)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint
            .OpenToAll($"an account is asked for by cookie or token, with the scope {scope}")
            .AddEndpointFilter(async (invocation, next) =>
            {
                var http = invocation.HttpContext;
                var callers = http.RequestServices.GetRequiredService<AccountCallers>();
                if (!(await callers.FindAsync(http, scope, http.RequestAborted)).Is(out var caller, out var problem))
                {
                    return problem.ToResult();
                }

                AccountCallerOfRequest.Set(http, caller);
                return await next(invocation);
            });
}
