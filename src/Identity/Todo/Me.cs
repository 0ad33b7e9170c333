using Slipway.Identity.Accounts;
using Slipway.Identity.Registrations;
using Slipway.Identity.Sessions;
using Slipway.Sdk.Database;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Replies;
using Slipway.Sdk.Requests;

namespace Slipway.Identity.Todo;

internal sealed record TodoProfileBody
{
    public string? Username { get; set; }

    public string? FirstName { get; set; }

    public string? LastName { get; set; }
}

/// <summary>What a token proves, after session and account were looked up.</summary>
internal sealed record VerifiedClaims(
    bool Valid,
    string Sub,
    Guid UserId,
    string Email,
    bool EmailVerified,
    string? Username,
    string? Name,
    string Role,
    IReadOnlyList<string> Scopes,
    Guid Sid,
    string ClientId,
    DateTimeOffset AuthenticatedAt);

/// <summary><c>/auth/me</c>, <c>/auth/password</c>, <c>/auth/logout</c> and <c>/auth/verify</c>: a person's own account.</summary>
internal static class Me
{
    public static void Map(RouteGroupBuilder auth)
    {
        auth.MapGet("/me", Read).WithName("readMe").Produces<TodoUser>(200).RequiresAccount(IdentityScopes.Read);
        auth.MapPut("/me", ChangeAsync).WithName("changeMe").Accepts<TodoProfileBody>("application/json").Produces<TodoUser>(200).RequiresAccount(IdentityScopes.Write);
        auth.MapPut("/password", AccountEndpoints.ChangePasswordAsync).WithName("changeMyPassword").Accepts<PasswordBody>("application/json").Produces(204).RequiresAccount(IdentityScopes.Write);
        auth.MapPost("/logout", LogoutAsync).WithName("signOut").Produces(204).RequiresAccount(IdentityScopes.Enrol);
        auth.MapGet("/verify", Verify).WithName("verifyToken").Produces<VerifiedClaims>(200).RequiresAccount(IdentityScopes.Enrol);
    }

    private static Reply Read(HttpContext http) => Reply.Ok(TodoUser.Of(http.Account().Account), IdentityJson.Default.TodoUser);

    private static async Task<IResult> ChangeAsync(HttpContext http, Database database, AccountStore accounts, CancellationToken cancellation)
    {
        if (!(await Body.ReadAsync(http.Request, IdentityJson.Default.TodoProfileBody, 16_384, cancellation)).Is(out var body, out var problem))
        {
            return problem.ToResult();
        }

        var account = http.Account().Account;
        var findings = new Findings();
        var change = new ProfileChange(
            SignUpForm.Username(findings, body.Username),
            SignUpForm.FirstName(findings, body.FirstName),
            SignUpForm.LastName(findings, body.LastName),
            account.Locale);
        if (findings.Any)
        {
            return findings.ToProblem().ToResult();
        }

        var changing = await database.WriteAsync((transaction, c) => accounts.ChangeProfileAsync(transaction, account.Id, change, c), cancellation);
        return (changing ?? Problem.NotFound("account")).Is(out var changed, out problem)
            ? Reply.Ok(TodoUser.Of(changed), IdentityJson.Default.TodoUser)
            : problem.ToResult();
    }

    internal static async Task<IResult> LogoutAsync(HttpContext http, Database database, SessionStore sessions, CancellationToken cancellation)
    {
        var caller = http.Account();
        await database.WriteAsync(
            (transaction, c) => sessions.RevokeAsync(transaction, caller.Account.Id, caller.Session.Id, "signedOut", c), cancellation);
        return Reply.NoContent();
    }

    private static Reply Verify(HttpContext http)
    {
        var (account, session, scopes, _) = http.Account();
        return Reply.Ok(
            new VerifiedClaims(
                true,
                account.Id.ToString(),
                account.Id,
                account.EmailTyped,
                account.EmailVerified,
                account.Username,
                account.Name,
                account.Role,
                [.. scopes.Order(StringComparer.Ordinal)],
                session.Id,
                session.ClientId,
                session.AuthenticatedAt),
            IdentityJson.Default.VerifiedClaims);
    }
}
