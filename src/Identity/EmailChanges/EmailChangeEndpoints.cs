using Slipway.Identity.Registrations;
using Slipway.Identity.Sessions;
using Slipway.Identity.TwoFactor;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Documents;
using Slipway.Sdk.Limits;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Replies;
using Slipway.Sdk.Requests;

namespace Slipway.Identity.EmailChanges;

internal sealed record EmailChangeBody
{
    public string? Email { get; set; }

    public string? Password { get; set; }
}

internal sealed record EmailState(string Email, bool EmailVerified, PendingEmail? Pending);

/// <summary><c>/api/v1/account/email</c>: another address for one's account, and <c>/api/v1/email-changes/confirm</c>, where the mail's link leads.</summary>
internal static class EmailChangeEndpoints
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/api/v1/account/email", ReadAsync).WithName("readEmail").Produces<EmailState>(200).RequiresAccount(IdentityScopes.Read);
        app.MapPost("/api/v1/account/email", BeginAsync).WithName("beginEmailChange").Example("""{"email":"countess@example.org","password":"seven quiet lighthouses"}""").Refuses("sameEmail", "wrongPassword", "tooManyAttempts")
            .Accepts<EmailChangeBody>("application/json").Produces<StateReply>(202)
            .ProducesProblem(409).RequiresAccount(IdentityScopes.Write).Limited(IdentityService.MailLimit);
        app.MapDelete("/api/v1/account/email", WithdrawAsync).WithName("withdrawEmailChange").Produces(204).RequiresAccount(IdentityScopes.Write);
        app.MapPost("/api/v1/email-changes/confirm", ConfirmAsync).WithName("confirmEmailChange").Refuses("emailTaken", "linkInvalid").Accepts<TokenBody>("application/json").Produces<ConfirmedReply>(200)
            .ProducesProblem(409).ProducesProblem(410).OpenToAll("the link in the mail proves who calls").Limited(IdentityService.MailLimit);
    }

    private static async Task<IResult> ReadAsync(HttpContext http, EmailChanges changes, CancellationToken cancellation)
    {
        var account = http.Account().Account;
        return Reply.Ok(
            new EmailState(account.EmailTyped, account.EmailVerified, await changes.PendingAsync(account.Id, cancellation)), IdentityJson.Default.EmailState);
    }

    private static async Task<IResult> BeginAsync(HttpContext http, EmailChanges changes, PasswordProof proof, CancellationToken cancellation)
    {
        if (!(await Body.ReadAsync(http.Request, IdentityJson.Default.EmailChangeBody, 4096, cancellation)).Is(out var body, out var problem))
        {
            return problem.ToResult();
        }

        var findings = new Findings();
        var email = SignUpForm.Email(findings, body.Email);
        if (findings.Any)
        {
            return findings.ToProblem().ToResult();
        }

        // Whoever finds a browser signed in could otherwise take the account over for good.
        if (await proof.RefusalAsync(http, http.Account().Account, body.Password, cancellation) is { } refusal)
        {
            return refusal.ToResult();
        }

        return await changes.BeginAsync(http, email, cancellation) is { } refused
            ? refused.ToResult()
            : Reply.Accepted("/api/v1/account/email", new StateReply("confirmationSent"), IdentityJson.Default.StateReply);
    }

    private static async Task<IResult> WithdrawAsync(HttpContext http, EmailChanges changes, CancellationToken cancellation)
    {
        await changes.WithdrawAsync(http, cancellation);
        return Reply.NoContent();
    }

    private static async Task<IResult> ConfirmAsync(HttpContext http, EmailChanges changes, CancellationToken cancellation)
    {
        if (!(await Body.ReadAsync(http.Request, IdentityJson.Default.TokenBody, 4096, cancellation)).Is(out var body, out var problem))
        {
            return problem.ToResult();
        }

        return (await changes.ConfirmAsync(http, body.Token, cancellation)).Is(out var account, out problem)
            ? Reply.Ok(new ConfirmedReply("changed", account.EmailTyped), IdentityJson.Default.ConfirmedReply)
            : problem.ToResult();
    }
}
