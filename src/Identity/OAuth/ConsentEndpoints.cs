using Slipway.Identity.Administration;
using Slipway.Identity.Sessions;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Database;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Replies;
using Slipway.Sdk.Requests;

namespace Slipway.Identity.OAuth;

/// <summary>
/// What the consent page asks and answers. It hands on the query of the authorisation request as it came; everything in it is checked
/// again, so the page cannot be made to agree to something else than it shows.
/// </summary>
internal static class ConsentEndpoints
{
    private const int QueryMax = 8_000;

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/api/v1/oauth/consent", AskAsync).WithName("readConsentQuestion").Produces<ConsentQuestion>(200).RequiresAccount(IdentityScopes.Read);
        app.MapPost("/api/v1/oauth/consent", DecideAsync).WithName("decideConsent").Accepts<ConsentDecision>("application/json").Produces<ConsentResult>(200).RequiresAccount(IdentityScopes.Write);
        app.MapGet("/api/v1/account/programs", ListAsync).WithName("listPrograms").Produces<ProgramList>(200).RequiresAccount(IdentityScopes.Read);
        app.MapDelete("/api/v1/account/programs/{id}", RevokeAsync).WithName("revokeProgram").Produces(204).RequiresAccount(IdentityScopes.Write);
    }

    private static async Task<IResult> AskAsync(HttpContext http, Authorization authorization, CancellationToken cancellation)
    {
        http.Response.Headers.CacheControl = "no-store";
        return await authorization.ReadAsync(http.Request.QueryString.Value, cancellation) is AuthorizeReading.Good(var request)
            ? Reply.Ok(
                new ConsentQuestion(
                    new ConsentClient(request.Client.Id, request.Client.Name, request.Client.FirstParty, new Uri(request.RedirectUri).GetLeftPart(UriPartial.Authority)),
                    http.Account().Account.EmailTyped,
                    request.Scopes),
                OAuthJson.Default.ConsentQuestion)
            : Broken().ToResult();
    }

    private static async Task<IResult> DecideAsync(
        HttpContext http, Authorization authorization, BrowserSessions browsers, CancellationToken cancellation)
    {
        if (!(await Body.ReadAsync(http.Request, OAuthJson.Default.ConsentDecision, cancellation: cancellation)).Is(out var decision, out var problem))
        {
            return problem.ToResult();
        }

        var findings = new Findings();
        var query = findings.Text("/query", decision.Query, QueryMax);
        if (decision.Allow is null)
        {
            findings.Add("/allow", "required", "allow is required: true or false.");
        }

        if (findings.Any)
        {
            return findings.ToProblem().ToResult();
        }

        // A token cannot agree in the name of the person: only the browser they sit at can.
        if (!http.Account().ByCookie || await browsers.CurrentAsync(http, cancellation) is not { } browser)
        {
            return Problem.Forbidden("Agreeing is done on the page, by somebody who is signed in there.").ToResult();
        }

        if (await authorization.ReadAsync(query, cancellation) is not AuthorizeReading.Good(var request))
        {
            return Broken().ToResult();
        }

        if (decision.Allow == false)
        {
            return Answer(authorization.Refuse(request, "access_denied", "The person did not agree."));
        }

        return await authorization.DecideAsync(request with { Prompt = Prompt.Consent }, browser, cancellation) == AuthorizeStep.AskConsent
            ? Answer(await authorization.IssueAsync(http, request, browser, consents: true, cancellation))
            : new Problem(403, "stepUpRequired", "Sign in again", "This request needs a fresh sign-in or a second factor first.").ToResult();
    }

    private static async Task<IResult> ListAsync(HttpContext http, Database database, CancellationToken cancellation)
    {
        var userId = http.Account().Account.Id;
        var programs = await database.ReadAsync((connection, c) => ConsentStore.ProgramsAsync(connection, userId, c), cancellation);
        return Reply.Ok(new ProgramList(programs), OAuthJson.Default.ProgramList);
    }

    private static async Task<IResult> RevokeAsync(
        string id, HttpContext http, Database database, ActivityLog activity, TimeProvider time, CancellationToken cancellation)
    {
        var userId = http.Account().Account.Id;
        await database.WriteAsync(
            async (tx, c) =>
            {
                if (await ConsentStore.WithdrawAsync(tx, userId, id, time.GetUtcNow(), c))
                {
                    await activity.AddAsync(tx, http, userId, new Activity("oauth.withdrawn", "client", id), c);
                }
            },
            cancellation);
        return Results.NoContent();
    }

    private static Reply Answer(string location) => Reply.Ok(new ConsentResult(location), OAuthJson.Default.ConsentResult);

    private static Problem Broken() =>
        new(400, "brokenAuthorization", "The request is not complete", "The authorisation request is not valid. Go back to the program and begin again.");
}
