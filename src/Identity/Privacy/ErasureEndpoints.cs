using Slipway.Identity.Accounts;
using Slipway.Identity.Passwords;
using Slipway.Identity.Retail;
using Slipway.Identity.Sessions;
using Slipway.Identity.SignIns;
using Slipway.Identity.TwoFactor;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Replies;
using Slipway.Sdk.Requests;

namespace Slipway.Identity.Privacy;

/// <summary>The right to erasure, and thirty days to think again. Closed accounts cannot sign in, so taking it back is open and proven.</summary>
internal static class ErasureEndpoints
{
    private const string Path = "/api/v1/account/erasure";

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapPost(Path, RequestAsync).WithName("requestErasure").Accepts<ErasureBody>("application/json").Produces<ErasureAnswer>(202).RequiresAccount(IdentityScopes.Write);
        app.MapDelete(Path, WithdrawAsync).WithName("withdrawErasure").Accepts<WithdrawalBody>("application/json").Produces(204).ProducesProblem(409).OpenToAll("The account is closed; a token or its password is the proof.");
        foreach (var users in RetailSurface.Spellings(app))
        {
            users.MapDelete("/profile", DeleteProfileAsync).Accepts<ErasureBody>(isOptional: true, "application/json").Produces<ErasureAnswer>(202).RequiresAccount(IdentityScopes.Write);
        }
    }

    private static async Task<IResult> RequestAsync(
        HttpContext http, PasswordProof proof, Erasures erasures, WithdrawalToken token, IdentityCookie cookie, CancellationToken cancellation)
    {
        if (!(await Body.ReadAsync(http.Request, PrivacyJson.Default.ErasureBody, cancellation: cancellation)).Is(out var body, out var problem))
        {
            return problem.ToResult();
        }

        var account = http.Account().Account;
        return await proof.RefusalAsync(http, account, body.Password, cancellation) is { } wrong
            ? wrong.ToResult()
            : await EraseAsync(http, account, erasures, token, cookie, cancellation);
    }

    /// <summary>A call without a body is documented here; without the password it takes a fresh sign-in.</summary>
    private static async Task<IResult> DeleteProfileAsync(
        HttpContext http, PasswordProof proof, Erasures erasures, WithdrawalToken token, IdentityCookie cookie, TimeProvider time, CancellationToken cancellation)
    {
        if (http.Request.ContentLength is > 0 || http.Request.Headers.TransferEncoding.Count > 0)
        {
            return await RequestAsync(http, proof, erasures, token, cookie, cancellation);
        }

        return StepUp.Require(http.Account(), time.GetUtcNow()) is { } stale
            ? stale.ToResult()
            : await EraseAsync(http, http.Account().Account, erasures, token, cookie, cancellation);
    }

    private static async Task<IResult> EraseAsync(
        HttpContext http, Account account, Erasures erasures, WithdrawalToken token, IdentityCookie cookie, CancellationToken cancellation)
    {
        http.Response.Headers.CacheControl = "no-store";
        var erasure = await erasures.RequestAsync(http, account, cancellation);
        if (http.Account().ByCookie)
        {
            cookie.Clear(http.Response);
        }

        return Reply.Accepted(Path, new ErasureAnswer(erasure.RequestedAt, erasure.DueAt, token.Write(erasure)), PrivacyJson.Default.ErasureAnswer);
    }

    private static async Task<IResult> WithdrawAsync(
        HttpContext http, Erasures erasures, WithdrawalToken token, Owners owners, CancellationToken cancellation)
    {
        if (!(await Body.ReadAsync(http.Request, PrivacyJson.Default.WithdrawalBody, cancellation: cancellation)).Is(out var body, out var problem))
        {
            return problem.ToResult();
        }

        if (body.Token is not null)
        {
            return token.Read(body.Token) is var (userId, moment)
                ? Answer(await erasures.WithdrawAsync(http, userId, moment, cancellation))
                : Problem.Invalid([new Finding("invalid", "token is not one this service made.") { Pointer = "/token" }]).ToResult();
        }

        return (await owners.ProveAsync(http, body, cancellation)).Is(out var account, out var refusal)
            ? Answer(await erasures.WithdrawAsync(http, account.Id, null, cancellation))
            : refusal.ToResult();
    }

    private static IResult Answer(Problem? problem) => problem?.ToResult() ?? Results.NoContent();
}

/// <summary>Finds out whether somebody owns an account that is closed, by everything a sign-in would ask for.</summary>
internal sealed class Owners(AccountStore accounts, PasswordHashing hashing, PasswordProof proof, SecondFactors factors)
{
    public async Task<Outcome<Account>> ProveAsync(HttpContext http, WithdrawalBody body, CancellationToken cancellation)
    {
        var findings = new Findings();
        var email = findings.Text("/email", body.Email, 254);
        var password = body.Password is { Length: > 0 and <= 200 } given ? given : "";
        if (password.Length == 0)
        {
            findings.Add("/password", "required", "Give token, or email and password.");
        }

        if (findings.Any)
        {
            return findings.ToProblem();
        }

        if (await accounts.FindByEmailAsync(EmailAddress.Normalise(email), cancellation) is not { } account)
        {
            return (await hashing.CheckStrangerAsync(password, cancellation)).Is(out _, out var busy) ? PasswordSignIn.BadCredentials : busy;
        }

        if (await proof.RefusalAsync(http, account, password, cancellation) is { } refusal)
        {
            return refusal.Status == 422 ? PasswordSignIn.BadCredentials : refusal;
        }

        if (account.TwoFactorEnabled && (await factors.CheckAsync(account, body.Code ?? "", cancellation)).Problem is { } wrong)
        {
            return wrong;
        }

        return account;
    }
}
