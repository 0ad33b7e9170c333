using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;
using Slipway.Identity.Accounts;
using Slipway.Identity.Administration;
using Slipway.Identity.Secrets;
using Slipway.Identity.Sessions;
using Slipway.Identity.Tokens;
using Slipway.Identity.TwoFactor;
using Slipway.Sdk.Database;

namespace Slipway.Identity.OAuth;

/// <summary>Authorisation requests, from the query a browser brings to the address it leaves with.</summary>
internal sealed class Authorization(Database database, ActivityLog activity, ITokenIssuer issuer, TimeProvider time)
{
    public async Task<AuthorizeReading> ReadAsync(string? query, CancellationToken cancellation)
    {
        var parameters = QueryHelpers.ParseQuery(query);
        var id = parameters.TryGetValue("client_id", out var values) && values is [{ Length: > 0 and <= 100 } one] && !one.Contains('\0', StringComparison.Ordinal) ? one : null;
        var client = id is null ? null : await database.ReadAsync((connection, c) => ClientStore.FindAsync(connection, id, c), cancellation);
        return AuthorizeReader.Read(parameters, client);
    }

    public async Task<AuthorizeStep> DecideAsync(AuthorizeRequest request, BrowserSession? browser, CancellationToken cancellation)
    {
        if (browser is null)
        {
            return AuthorizeDecision.Decide(request, null, [], time.GetUtcNow());
        }

        var consented = request.Client.FirstParty
            ? []
            : await database.ReadAsync((connection, c) => ConsentStore.OfAsync(connection, browser.Account.Id, request.Client.Id, c), cancellation);
        var facts = new BrowserFacts(SecondFactorRule.Of(browser.Account, browser.Session.Methods), browser.Session.AuthenticatedAt);
        return AuthorizeDecision.Decide(request, facts, consented, time.GetUtcNow());
    }

    /// <summary>Makes a code and says where the browser takes it. With <paramref name="consents"/> the person has just agreed.</summary>
    public async Task<string> IssueAsync(HttpContext http, AuthorizeRequest request, BrowserSession browser, bool consents, CancellationToken cancellation)
    {
        var code = Opaque.Create();
        var now = time.GetUtcNow();
        var scopes = ScopePolicy.Grantable(request.Scopes, browser.Account.Role);
        var grant = new CodeGrant
        {
            Code = new IssuedCode
            {
                ClientId = request.Client.Id,
                RedirectUri = request.RedirectUri,
                Challenge = request.Challenge,
                ExpiresAt = now + CodeUse.Lifetime,
            },
            UserId = browser.Account.Id,
            SessionId = browser.Session.Id,
            Scopes = scopes,
            Audiences = request.Audiences,
            Nonce = request.Nonce,
            Methods = browser.Session.Methods,
            AuthenticatedAt = browser.Session.AuthenticatedAt,
            SecurityVersion = browser.Account.SecurityVersion,
        };
        await database.WriteAsync(
            async (tx, c) =>
            {
                await CodeStore.AddAsync(tx, code, grant, now, c);
                if (consents)
                {
                    await ConsentStore.GrantAsync(tx, browser.Account.Id, request.Client.Id, request.Scopes, now, c);
                    await activity.AddAsync(tx, http, browser.Account.Id, new Activity("oauth.consented", "client", request.Client.Id), c);
                }
            },
            cancellation);
        return RedirectAnswer.WithCode(request.RedirectUri, code, request.State, issuer.Issuer);
    }

    public string Refuse(AuthorizeRequest request, string error, string detail) =>
        RedirectAnswer.WithError(request.RedirectUri, error, detail, request.State, issuer.Issuer);

    /// <summary>The same request for after a page; what asked for that page is left out, or it would be shown for ever.</summary>
    public static string Resume(string? query)
    {
        var parameters = QueryHelpers.ParseQuery(query);
        parameters.Remove("prompt");
        return QueryHelpers.AddQueryString(
            AuthorizeEndpoint.Path, parameters.SelectMany(pair => pair.Value.Select(value => new KeyValuePair<string, StringValues>(pair.Key, value))));
    }
}
