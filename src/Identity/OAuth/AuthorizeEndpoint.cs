using System.Net;
using Microsoft.AspNetCore.WebUtilities;
using Slipway.Identity.Sessions;
using Slipway.Identity.Tokens;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Problems;

namespace Slipway.Identity.OAuth;

/// <summary><c>GET /oauth2/authorize</c>: where a client sends the browser of somebody who shall sign in.</summary>
internal static class AuthorizeEndpoint
{
    public const string Path = "/oauth2/authorize";

    public static void Map(IEndpointRouteBuilder app) =>
        app.MapGet(Path, HandleAsync).WithName("authorize").OpenToAll("Who is not signed in is sent to the sign-in page.");

    private static async Task<IResult> HandleAsync(
        HttpContext http, Authorization authorization, BrowserSessions browsers, ITokenIssuer issuer, CancellationToken cancellation)
    {
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers["Referrer-Policy"] = "no-referrer";
        var query = http.Request.QueryString.Value;
        switch (await authorization.ReadAsync(query, cancellation))
        {
            case AuthorizeReading.Good(var request):
                var browser = await browsers.CurrentAsync(http, cancellation);
                return Results.Redirect(await NextAsync(http, authorization, request, browser, query, cancellation));
            case AuthorizeReading.ForClient refusal:
                return Results.Redirect(RedirectAnswer.WithError(refusal.RedirectUri, refusal.Error, refusal.Detail, refusal.State, issuer.Issuer));
            case AuthorizeReading.ForPerson refusal:
                return Tell(http, new Problem(400, refusal.Code, "This sign-in link does not work", refusal.Detail));
            default:
                throw new InvalidOperationException("An authorisation request was read in an unknown way.");
        }
    }

    private static async Task<string> NextAsync(
        HttpContext http, Authorization authorization, AuthorizeRequest request, BrowserSession? browser, string? query, CancellationToken cancellation)
    {
        var resume = Authorization.Resume(query);
        return await authorization.DecideAsync(request, browser, cancellation) switch
        {
            AuthorizeStep.IssueCode => await authorization.IssueAsync(http, request, browser!, consents: false, cancellation),
            AuthorizeStep.SignIn => Page("/sign-in", resume, request.LoginHint),
            AuthorizeStep.Register => Page("/register", resume, request.LoginHint),
            AuthorizeStep.Enrol => Page("/account/two-factor", resume, null),
            AuthorizeStep.AskConsent => "/consent" + query,
            AuthorizeStep.ConsentRequired => authorization.Refuse(request, "consent_required", "The person has to agree first."),
            AuthorizeStep.InteractionRequired => authorization.Refuse(request, "interaction_required", "The person has to set up a second factor first."),
            _ => authorization.Refuse(request, "login_required", "The person has to sign in first."),
        };
    }

    private static string Page(string page, string resume, string? hint)
    {
        var address = QueryHelpers.AddQueryString(page, "continue", resume);
        return hint is null ? address : QueryHelpers.AddQueryString(address, "email", hint);
    }

    /// <summary>Browsers get words on a page, everything else the usual document.</summary>
    private static IResult Tell(HttpContext http, Problem problem)
    {
        if (!http.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase))
        {
            return problem.ToResult();
        }

        http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'";
        var (title, detail) = (WebUtility.HtmlEncode(problem.Title), WebUtility.HtmlEncode(problem.Detail));
        return Results.Text(
            $"<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title}</title></head><body><h1>{title}</h1><p>{detail}</p></body></html>",
            "text/html; charset=utf-8",
            statusCode: problem.Status);
    }
}
