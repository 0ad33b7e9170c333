using Slipway.Identity.Accounts;
using Slipway.Identity.Sessions;
using Slipway.Identity.SignIns;

namespace Slipway.Identity.Todo;

/// <summary>The surface that the Todo product documents: <c>/auth/*</c>.</summary>
internal static class TodoSurface
{
    public const string ClientId = "todo";

    private static readonly string[] s_audience = ["todo", "identity"];

    private static readonly string[] s_scopes =
    [
        "todo.todos:read", "todo.todos:write", "todo.todos:delete", "todo.lists:read", "todo.lists:write", "todo.lists:delete", "todo.insights:read",
        .. IdentityScopes.Full,
    ];

    public static void Map(WebApplication app)
    {
        var auth = app.MapGroup("/auth").TakesNoParameters();
        Register.Map(auth);
        Login.Map(auth);
        Me.Map(auth);
    }

    public static TokenSurface Tokens(IdentitySettings settings) => new(ClientId, s_audience, s_scopes, settings.TokenLifetime);
}

internal sealed record TodoUser(Guid Id, string Email, string? Username, string? FirstName, string? LastName)
{
    public static TodoUser Of(Account account) => new(account.Id, account.EmailTyped, account.Username, account.FirstName, account.LastName);
}

internal sealed record TodoTokens(string Token, int ExpiresIn, string RefreshToken, TodoUser User, bool? EnrolmentRequired)
{
    public static TodoTokens Of(SignedInTokens tokens) => new(
        tokens.Access.Value, tokens.Access.ExpiresIn, tokens.RefreshToken, TodoUser.Of(tokens.Account), tokens.MustEnrol ? true : null);
}
