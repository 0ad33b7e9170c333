using Slipway.Identity.Administration;
using Slipway.Identity.Passwords;
using Slipway.Identity.Registrations;
using Slipway.Identity.Sessions;
using Slipway.Sdk.Database;
using Slipway.Sdk.Documents;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Replies;
using Slipway.Sdk.Requests;

namespace Slipway.Identity.Accounts;

internal sealed record PasswordBody
{
    public string? CurrentPassword { get; set; }

    public string? NewPassword { get; set; }
}

/// <summary><c>/api/v1/account</c>: one's own profile and password.</summary>
internal static class AccountEndpoints
{
    public static void Map(WebApplication app)
    {
        var account = app.MapGroup("/api/v1/account").TakesNoParameters();
        account.MapGet("/", Read).WithName("readAccount").Produces<AccountView>(200).RequiresAccount(IdentityScopes.Read);
        account.MapPatch("/", PatchAsync).WithName("changeAccount").Example("""{"firstName":"Ada","locale":"de"}""").Refuses("usernameTaken", "versionMismatch", "versionRequired")
            .Accepts<AccountPatch>("application/merge-patch+json", "application/json").Produces<AccountView>(200)
            .ProducesProblem(409).ProducesProblem(412).ProducesProblem(428).RequiresAccount(IdentityScopes.Write);
        account.MapPut("/password", ChangePasswordAsync).WithName("changePassword")
            .Example("""{"currentPassword":"seven quiet lighthouses","newPassword":"eleven silent submarines"}""").Refuses("tooManyAttempts", "passwordChecksBusy")
            .Accepts<PasswordBody>("application/json").Produces(204).RequiresAccount(IdentityScopes.Write);
        AccountSessionEndpoints.Map(account);
    }

    private static IResult Read(HttpContext http)
    {
        var account = http.Account().Account;
        var etag = Versions.ETag(account.Version);
        return Versions.NotModified(http.Request, etag)
            ? Results.StatusCode(StatusCodes.Status304NotModified)
            : Reply.Ok(AccountView.Of(account), IdentityJson.Default.AccountView, etag);
    }

    private static async Task<IResult> PatchAsync(HttpContext http, Database database, AccountStore accounts, ActivityLog activity, CancellationToken cancellation)
    {
        if (!(await MergePatch.ReadAsync(http.Request, ProfilePatch.Members, cancellation)).Is(out var patch, out var problem))
        {
            return problem.ToResult();
        }

        var id = http.Account().Account.Id;
        var changing = await database.WriteAsync<Outcome<Account>>(
            async (transaction, c) =>
            {
                // Locked first, so that the version compared is the version changed.
                if (await AccountStore.LockAsync(transaction, id, c) is not { } current)
                {
                    return Problem.NotFound("account");
                }

                if (Versions.RequireMatch(http.Request, current.Version) is { } stale)
                {
                    return stale;
                }

                if (!ProfilePatch.Apply(patch, current).Is(out var change, out var invalid))
                {
                    return invalid;
                }

                var profile = await accounts.ChangeProfileAsync(transaction, id, change, c) ?? Problem.NotFound("account");
                if (profile.Is(out _, out _))
                {
                    // Which fields, not what they say: the trail outlives the account.
                    var changes = patch.Select(member => new ActivityChange("/" + member.Key, null, null)).ToList();
                    await activity.AddAsync(transaction, http, id, new Activity("account.profileChanged", "account", id.ToString()) { Changes = changes }, c);
                }

                return profile;
            },
            cancellation);
        return changing.Is(out var changed, out problem)
            ? Reply.Ok(AccountView.Of(changed), IdentityJson.Default.AccountView, Versions.ETag(changed.Version))
            : problem.ToResult();
    }

    internal static async Task<IResult> ChangePasswordAsync(
        HttpContext http, PasswordChanges passwords, CancellationToken cancellation)
    {
        if (!(await Body.ReadAsync(http.Request, IdentityJson.Default.PasswordBody, 4096, cancellation)).Is(out var body, out var problem))
        {
            return problem.ToResult();
        }

        var findings = new Findings();
        var current = SignUpForm.ShownPassword(findings, "/currentPassword", body.CurrentPassword);
        PasswordRules.Judge(findings, "/newPassword", body.NewPassword, http.Account().Account.Email);
        if (findings.Any)
        {
            return findings.ToProblem().ToResult();
        }

        return await passwords.ChangeAsync(http, current, body.NewPassword!, cancellation) is { } refused
            ? refused.ToResult()
            : Reply.NoContent();
    }
}
