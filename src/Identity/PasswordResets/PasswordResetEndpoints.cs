using Slipway.Identity.Passwords;
using Slipway.Identity.Registrations;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Documents;
using Slipway.Sdk.Limits;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Replies;
using Slipway.Sdk.Requests;

namespace Slipway.Identity.PasswordResets;

internal sealed record PasswordResetBody
{
    public string? Token { get; set; }

    public string? NewPassword { get; set; }
}

/// <summary><c>/api/v1/password-resets</c>: a link by mail, and the new password it lets somebody choose.</summary>
internal static class PasswordResetEndpoints
{
    public static void Map(WebApplication app)
    {
        var resets = app.MapGroup("/api/v1/password-resets").OpenToAll("people who cannot sign in call it").TakesNoParameters();
        resets.MapPost("/", BeginAsync).WithName("beginPasswordReset").Example("""{"email":"ada@example.org"}""").Accepts<EmailBody>("application/json").Produces<StateReply>(202)
            .Limited(IdentityService.MailLimit);
        resets.MapPost("/confirm", ConfirmAsync).WithName("confirmPasswordReset").Refuses("linkInvalid").Accepts<PasswordResetBody>("application/json").Produces(204).ProducesProblem(410)
            .Limited(IdentityService.RegisterLimit);
    }

    private static async Task<IResult> BeginAsync(HttpContext http, PasswordChanges passwords, CancellationToken cancellation)
    {
        if (!(await Body.ReadAsync(http.Request, IdentityJson.Default.EmailBody, 4096, cancellation)).Is(out var body, out var problem))
        {
            return problem.ToResult();
        }

        var findings = new Findings();
        var email = SignUpForm.Email(findings, body.Email);
        if (findings.Any)
        {
            return findings.ToProblem().ToResult();
        }

        await passwords.BeginResetAsync(email, cancellation);
        return Reply.Accepted("/reset", new StateReply("linkSent"), IdentityJson.Default.StateReply);
    }

    private static async Task<IResult> ConfirmAsync(HttpContext http, PasswordChanges passwords, CancellationToken cancellation)
    {
        if (!(await Body.ReadAsync(http.Request, IdentityJson.Default.PasswordResetBody, 4096, cancellation)).Is(out var body, out var problem))
        {
            return problem.ToResult();
        }

        var findings = new Findings();
        PasswordRules.Judge(findings, "/newPassword", body.NewPassword, null);
        if (findings.Any)
        {
            return findings.ToProblem().ToResult();
        }

        return await passwords.ResetAsync(http, body.Token, body.NewPassword!, cancellation) is { } refused ? refused.ToResult() : Reply.NoContent();
    }
}
