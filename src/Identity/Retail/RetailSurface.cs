using Slipway.Identity.Accounts;
using Slipway.Identity.Sessions;
using Slipway.Identity.SignIns;
using Slipway.Identity.Tokens;
using Slipway.Sdk.Documents;

namespace Slipway.Identity.Retail;

/// <summary>The surface that the Retail product documents: <c>/api/v1/users/*</c>, and the same without a version.</summary>
internal static class RetailSurface
{
    public const string ClientId = "retail";

    private static readonly string[] s_audience = ["retail", "identity"];

    private static readonly string[] s_scopes =
    [
        "retail.products:read", "retail.products:write", "retail.inventory:read", "retail.inventory:write", "retail.orders:read", "retail.orders:write",
        "retail.payments:read", "retail.payments:write", "retail.carts:read", "retail.carts:write",
        .. IdentityScopes.Full,
    ];

    private static readonly DateOnly s_since = new(2026, 11, 1);
    private static readonly DateOnly s_sunset = new(2027, 11, 1);

    public static void Map(WebApplication app)
    {
        foreach (var users in Spellings(app))
        {
            users.TakesNoParameters();
            RetailRegister.Map(users);
            RetailLogin.Map(users);
            RetailProfile.Map(users);
        }
    }

    /// <summary>The address without a version works as well; the document shows each operation once.</summary>
    public static IReadOnlyList<RouteGroupBuilder> Spellings(IEndpointRouteBuilder app) =>
    [
        app.MapGroup("/api/v1/users"),
        app.MapFormerAddress("/api/users", "/api/v1/users", s_since, s_sunset),
    ];

    /// <summary>What a scope lets somebody do still depends on the role, which is the application's to judge.</summary>
    public static TokenSurface Tokens => new(ClientId, s_audience, s_scopes, TokenLifetimes.Longest);
}

internal sealed record RetailUser(Guid Id, string Email, string? FirstName, string? LastName, string Role, bool EmailVerified, bool TwoFactorEnabled)
{
    public static RetailUser Of(Account account) => new(
        account.Id, account.EmailTyped, account.FirstName, account.LastName, account.Role, account.EmailVerified, account.TwoFactorEnabled);
}

internal sealed record RetailTokens(string Token, string RefreshToken, int ExpiresIn, RetailUser User, bool? EnrolmentRequired)
{
    public static RetailTokens Of(SignedInTokens tokens) => new(
        tokens.Access.Value, tokens.RefreshToken, tokens.Access.ExpiresIn, RetailUser.Of(tokens.Account), tokens.MustEnrol ? true : null);
}
