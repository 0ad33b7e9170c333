using Slipway.Identity.Accounts;

namespace Slipway.Identity.OAuth;

/// <summary>
/// Which scopes somebody can hand to a program or a key: nobody can give away a power they do not have. Reading, writing and deleting is
/// everybody's, since services look at whose things they are; named powers (such as <c>retail.payments:refund</c>) are for vendors and
/// administrators, <c>:admin</c> for administrators.
/// </summary>
internal static class ScopePolicy
{
    private static readonly string[] s_everybodys = ["read", "write", "delete"];

    public static IReadOnlyList<string> Grantable(IEnumerable<string> scopes, string role) => [.. scopes.Where(scope => Allows(scope, role))];

    public static bool Allows(string scope, string role)
    {
        var colon = scope.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0)
        {
            // OpenID's own words; wildcards are for the registration of clients, no token carries one.
            return ScopeSet.OpenIdScopes.Contains(scope);
        }

        var verb = scope[(colon + 1)..];
        return s_everybodys.Contains(verb, StringComparer.Ordinal) || role == Roles.Admin || (role == Roles.Vendor && verb != "admin");
    }
}
