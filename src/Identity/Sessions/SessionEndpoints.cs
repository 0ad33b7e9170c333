using Slipway.Identity.Accounts;
using Slipway.Identity.Registrations;
using Slipway.Identity.SignIns;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Database;
using Slipway.Sdk.Documents;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Replies;
using Slipway.Sdk.Requests;

namespace Slipway.Identity.Sessions;

internal sealed record SignInBody
{
    public string? Email { get; set; }

    public string? Password { get; set; }
}

internal sealed record SecondFactorBody
{
    public Guid? ChallengeId { get; set; }

    public string? Code { get; set; }

    public string? RecoveryCode { get; set; }
}

/// <summary><see cref="State"/> is <c>signedIn</c>, <c>twoFactorRequired</c> or <c>enrolTwoFactor</c>.</summary>
internal sealed record SignInReply(string State, Guid? ChallengeId, string? CsrfToken, AccountView? User);

internal sealed record SessionReply(bool Authenticated, string? State, AccountView? User, string? CsrfToken);

/// <summary><c>/api/v1/session</c>: the browser's own sign-in at this service, by cookie.</summary>
internal static class SessionEndpoints
{
    private const string Client = "identity";

    private static readonly Problem s_foreign = Problem.Forbidden("Signing in is possible from this service's own pages only.");

    public static void Map(WebApplication app)
    {
        var session = app.MapGroup("/api/v1/session").OpenToAll("it is how people sign in").TakesNoParameters();
        session.MapPost("/", SignInAsync).WithName("signIn")
            .Example("""{"email":"ada@example.org","password":"seven quiet lighthouses"}""").Refuses("badCredentials", "tooManyAttempts", "passwordChecksBusy")
            .Accepts<SignInBody>("application/json").Produces<SignInReply>(200);
        session.MapPost("/two-factor", SecondFactorAsync).WithName("answerSecondFactor").Refuses("badCode", "challengeExpired", "tooManyCodes")
            .Accepts<SecondFactorBody>("application/json").Produces<SignInReply>(200);
        session.MapGet("/", ReadAsync).WithName("readSession").Produces<SessionReply>(200);
        session.MapDelete("/", SignOutAsync).WithName("endSession").Produces(204);
    }

    private static async Task<IResult> SignInAsync(
        HttpContext http, PasswordSignIn signIn, SessionOpening opening, IdentityCookie cookie, CancellationToken cancellation)
    {
        if (!IsOwnPage(http, cookie))
        {
            return s_foreign.ToResult();
        }

        if (!(await Body.ReadAsync(http.Request, IdentityJson.Default.SignInBody, 4096, cancellation)).Is(out var body, out var problem))
        {
            return problem.ToResult();
        }

        var findings = new Findings();
        var email = findings.Text("/email", body.Email, EmailAddress.LengthMax);
        var password = SignUpForm.ShownPassword(findings, "/password", body.Password);
        if (findings.Any)
        {
            return findings.ToProblem().ToResult();
        }

        var step = await signIn.AttemptAsync(
            new PasswordAttempt(email, password, Client, ClientAddress.Of(http), http.Request.Headers.UserAgent), cancellation);
        return step switch
        {
            SignInStep.Refused refused => refused.Problem.ToResult(),
            SignInStep.SecondFactor second => Reply.Ok(
                new SignInReply("twoFactorRequired", second.ChallengeId, null, null), IdentityJson.Default.SignInReply),
            SignInStep.Complete done => await opening.OpenAsync(http, done, cancellation),
            _ => throw new InvalidOperationException($"There is no answer for {step.GetType().Name}."),
        };
    }

    private static async Task<IResult> SecondFactorAsync(
        HttpContext http, ISecondFactor secondFactor, AccountStore accounts, SessionOpening opening, IdentityCookie cookie, CancellationToken cancellation)
    {
        if (!IsOwnPage(http, cookie))
        {
            return s_foreign.ToResult();
        }

        if (!(await Body.ReadAsync(http.Request, IdentityJson.Default.SecondFactorBody, 4096, cancellation)).Is(out var body, out var problem))
        {
            return problem.ToResult();
        }

        var findings = new Findings();
        if (body.ChallengeId is null)
        {
            findings.Add("/challengeId", "required", "challengeId is required; the first step of the sign-in gives it.");
        }

        if (string.IsNullOrEmpty(body.Code) == string.IsNullOrEmpty(body.RecoveryCode))
        {
            findings.Add("/code", "required", "Send either code or recoveryCode.");
        }

        if (findings.Any)
        {
            return findings.ToProblem().ToResult();
        }

        if (!(await secondFactor.AnswerAsync(body.ChallengeId!.Value, body.Code, body.RecoveryCode, cancellation)).Is(out var answered, out problem))
        {
            return problem.ToResult();
        }

        return await accounts.FindAsync(answered.UserId, cancellation) is { IsActive: true } account
            ? await opening.OpenAsync(http, new SignInStep.Complete(account, [Methods.Password, answered.Method], MustEnrol: false), cancellation)
            : PasswordSignIn.BadCredentials.ToResult();
    }

    private static async Task<IResult> ReadAsync(HttpContext http, BrowserSessions browsers, IdentityCookie cookie, CancellationToken cancellation)
    {
        http.Response.Headers.CacheControl = "no-store";
        return Reply.Ok(
            await browsers.CurrentAsync(http, cancellation) is { } browser
                ? new SessionReply(true, SessionOpening.StateOf(browser.Session), AccountView.Of(browser.Account), cookie.CsrfToken(browser.CookieValue))
                : new SessionReply(false, null, null, null),
            IdentityJson.Default.SessionReply);
    }

    private static async Task<IResult> SignOutAsync(
        HttpContext http, BrowserSessions browsers, IdentityCookie cookie, Database database, SessionStore sessions, CancellationToken cancellation)
    {
        if (await browsers.CurrentAsync(http, cancellation) is { } browser)
        {
            if (!cookie.IsOurs(http.Request, browser.CookieValue))
            {
                return AccountCallers.Forged.ToResult();
            }

            await database.WriteAsync(
                (transaction, c) => sessions.RevokeAsync(transaction, browser.Account.Id, browser.Session.Id, "signedOut", c), cancellation);
        }

        cookie.Clear(http.Response);
        return Reply.NoContent();
    }

    /// <summary>
    /// Somebody else's page must not sign the browser in under an account of its choice. Browsers name the origin of such calls; a
    /// program that names none is no browser.
    /// </summary>
    private static bool IsOwnPage(HttpContext http, IdentityCookie cookie) =>
        http.Request.Headers.Origin.Count == 0 || http.Request.Headers.Origin.ToString() == cookie.Origin;
}
