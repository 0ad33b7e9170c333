using Slipway.Identity.Accounts;
using Slipway.Identity.Retail;
using Slipway.Identity.Sessions;
using Slipway.Sdk.Documents;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Replies;
using Slipway.Sdk.Requests;

namespace Slipway.Identity.TwoFactor;

/// <summary>The second factor under its two documented names: the account's own API and the one of the shop.</summary>
internal static class TwoFactorEndpoints
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/api/v1/account/two-factor", ReadAsync).WithName("readTwoFactor").Produces<TwoFactorState>(200).RequiresAccount(IdentityScopes.Read);
        app.MapPost("/api/v1/account/two-factor", BeginAsync).WithName("beginTwoFactor").Refuses("twoFactorEnabled", "stepUpRequired").Produces<TwoFactorSetup>(200).ProducesProblem(409).RequiresAccount(IdentityScopes.Enrol);
        app.MapPost("/api/v1/account/two-factor/confirm", ConfirmAsync).WithName("confirmTwoFactor").Example("""{"code":"123456"}""").Refuses("twoFactorNotBegun").Accepts<CodeBody>("application/json").Produces<TwoFactorState>(200).RequiresAccount(IdentityScopes.Enrol);
        app.MapDelete("/api/v1/account/two-factor", RemoveAsync).WithName("removeTwoFactor").Refuses("twoFactorMandatory", "wrongPassword").Accepts<RemovalBody>("application/json").Produces(204).ProducesProblem(409).RequiresAccount(IdentityScopes.Write);
        app.MapPost("/api/v1/account/two-factor/recovery-codes", RenewAsync).WithName("renewRecoveryCodes").Produces<RecoveryCodeList>(200).RequiresAccount(IdentityScopes.Write);
        foreach (var users in RetailSurface.Spellings(app))
        {
            users.MapPost("/2fa/setup", BeginAsync).Produces<TwoFactorSetup>(200).RequiresAccount(IdentityScopes.Enrol);
            users.MapPost("/2fa/verify", VerifyAsync).Accepts<CodeBody>("application/json").Produces<TwoFactorState>(200).RequiresAccount(IdentityScopes.Enrol);
            users.MapDelete("/2fa", RemoveAsync).Accepts<RemovalBody>("application/json").Produces(204).RequiresAccount(IdentityScopes.Write);
        }
    }

    private static async Task<IResult> ReadAsync(HttpContext http, Enrolment enrolment, CancellationToken cancellation)
    {
        var account = http.Account().Account;
        var left = account.TwoFactorEnabled ? await enrolment.RecoveryCodesLeftAsync(account.Id, cancellation) : 0;
        return Reply.Ok(new TwoFactorState(account.TwoFactorEnabled, account.Role == Roles.Admin, left), TwoFactorJson.Default.TwoFactorState);
    }

    private static async Task<IResult> BeginAsync(HttpContext http, Enrolment enrolment, CancellationToken cancellation)
    {
        http.Response.Headers.CacheControl = "no-store";
        return (await enrolment.BeginAsync(http, http.Account().Account, cancellation)).Is(out var setup, out var problem)
            ? Reply.Ok(setup, TwoFactorJson.Default.TwoFactorSetup)
            : problem.ToResult();
    }

    private static async Task<IResult> ConfirmAsync(HttpContext http, Enrolment enrolment, CancellationToken cancellation)
    {
        if (!(await Body.ReadAsync(http.Request, TwoFactorJson.Default.CodeBody, cancellation: cancellation)).Is(out var body, out var problem))
        {
            return problem.ToResult();
        }

        var findings = new Findings();
        var code = findings.Text("/code", body.Code, 20);
        if (!findings.Any && !Totp.IsCode(code))
        {
            findings.Add("/code", "sixDigits", "code is the six digits your authenticator app shows.");
        }

        if (findings.Any)
        {
            return findings.ToProblem().ToResult();
        }

        return await enrolment.ConfirmAsync(http, http.Account(), code, cancellation) is { } refusal
            ? WithinASession(refusal).ToResult()
            : Reply.Ok(new TwoFactorState(true, http.Account().Account.Role == Roles.Admin, await enrolment.RecoveryCodesLeftAsync(http.Account().Account.Id, cancellation)), TwoFactorJson.Default.TwoFactorState);
    }

    /// <summary>The shop's way in counts against its strict limit too.</summary>
    private static async Task<IResult> VerifyAsync(HttpContext http, Enrolment enrolment, AuthWindow window, CancellationToken cancellation) =>
        await window.EnterAsync(http, http.Account().Account.Email, cancellation) is { } tooMany
            ? tooMany.ToResult()
            : await ConfirmAsync(http, enrolment, cancellation);

    private static async Task<IResult> RemoveAsync(HttpContext http, Enrolment enrolment, PasswordProof proof, CancellationToken cancellation)
    {
        if (!(await Body.ReadAsync(http.Request, TwoFactorJson.Default.RemovalBody, cancellation: cancellation)).Is(out var body, out var problem))
        {
            return problem.ToResult();
        }

        var caller = http.Account();
        if (await proof.RefusalAsync(http, caller.Account, body.Password, cancellation) is { } wrong)
        {
            return wrong.ToResult();
        }

        return await enrolment.RemoveAsync(http, caller, body.Code, cancellation) is { } refusal ? WithinASession(refusal).ToResult() : Results.NoContent();
    }

    private static async Task<IResult> RenewAsync(HttpContext http, Enrolment enrolment, TimeProvider time, CancellationToken cancellation)
    {
        http.Response.Headers.CacheControl = "no-store";
        if (StepUp.Require(http.Account(), time.GetUtcNow()) is { } stale)
        {
            return stale.ToResult();
        }

        return (await enrolment.RenewRecoveryCodesAsync(http, http.Account().Account, cancellation)).Is(out var codes, out var problem)
            ? Reply.Ok(codes, TwoFactorJson.Default.RecoveryCodeList)
            : problem.ToResult();
    }

    /// <summary>Whoever sends a wrong code here is signed in all the same; 401 would tell their page otherwise.</summary>
    private static Problem WithinASession(Problem refusal) => refusal.Status != 401 ? refusal : refusal with
    {
        Status = 422,
        Errors = [new Finding(refusal.Code, refusal.Detail) { Pointer = "/code" }],
    };
}
