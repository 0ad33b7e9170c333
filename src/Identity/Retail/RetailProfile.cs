using Slipway.Identity.Accounts;
using Slipway.Identity.Registrations;
using Slipway.Identity.Sessions;
using Slipway.Sdk.Database;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Replies;
using Slipway.Sdk.Requests;

namespace Slipway.Identity.Retail;

internal sealed record RetailProfileBody
{
    public string? FirstName { get; set; }

    public string? LastName { get; set; }
}

/// <summary><c>GET</c> and <c>PUT /api/v1/users/profile</c></summary>
internal static class RetailProfile
{
    public static void Map(RouteGroupBuilder users)
    {
        users.MapGet("/profile", Read).Produces<RetailUser>(200).RequiresAccount(IdentityScopes.Read);
        users.MapPut("/profile", ChangeAsync).Accepts<RetailProfileBody>("application/json").Produces<RetailUser>(200).RequiresAccount(IdentityScopes.Write);
    }

    private static Reply Read(HttpContext http) => Reply.Ok(RetailUser.Of(http.Account().Account), IdentityJson.Default.RetailUser);

    private static async Task<IResult> ChangeAsync(HttpContext http, Database database, AccountStore accounts, CancellationToken cancellation)
    {
        if (!(await Body.ReadAsync(http.Request, IdentityJson.Default.RetailProfileBody, 16_384, cancellation)).Is(out var body, out var problem))
        {
            return problem.ToResult();
        }

        var account = http.Account().Account;
        var findings = new Findings();
        var change = new ProfileChange(
            account.Username, SignUpForm.FirstName(findings, body.FirstName), SignUpForm.LastName(findings, body.LastName), account.Locale);
        if (findings.Any)
        {
            return findings.ToProblem().ToResult();
        }

        var changing = await database.WriteAsync((transaction, c) => accounts.ChangeProfileAsync(transaction, account.Id, change, c), cancellation);
        return (changing ?? Problem.NotFound("account")).Is(out var changed, out problem)
            ? Reply.Ok(RetailUser.Of(changed), IdentityJson.Default.RetailUser)
            : problem.ToResult();
    }
}
