using System.Text.RegularExpressions;

namespace Slipway.Identity.OAuth;

/// <summary>
/// Scopes as they travel: words between single spaces. OpenID's own words have no point; the others are
/// <c>{app}.{resource}:{verb}</c>, and the app they belong to is the audience of the token.
/// </summary>
internal static partial class ScopeSet
{
    public const string OpenId = "openid";
    public const string OfflineAccess = "offline_access";
    public const int CountMax = 50;

    private const int LengthMax = 2_000;

    public static IReadOnlySet<string> OpenIdScopes { get; } = new HashSet<string>(StringComparer.Ordinal) { OpenId, "profile", "email", OfflineAccess };

    /// <summary>The scopes in their order without repetition, or null when the text is none.</summary>
    public static IReadOnlyList<string>? Read(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return [];
        }

        if (text.Length > LengthMax)
        {
            return null;
        }

        var scopes = text.Split(' ').Distinct(StringComparer.Ordinal).ToList();
        return scopes.Count <= CountMax && scopes.TrueForAll(IsScope) ? scopes : null;
    }

    public static bool IsScope(string text) => text.Length <= 100 && ScopeShape().IsMatch(text);

    public static string Write(IEnumerable<string> scopes) => string.Join(' ', scopes);

    /// <summary>Whether a client that was promised <paramref name="allowed"/> may ask for this one: by name, or by <c>app.*</c>.</summary>
    public static bool Covers(IReadOnlyCollection<string> allowed, string scope) =>
        allowed.Contains(scope, StringComparer.Ordinal)
        || (AppOf(scope) is { } app && allowed.Contains($"{app}.*", StringComparer.Ordinal));

    /// <summary>The services a token with these scopes is for, in the order of their first mention.</summary>
    public static IReadOnlyList<string> Audiences(IEnumerable<string> scopes) =>
        [.. scopes.Select(AppOf).OfType<string>().Distinct(StringComparer.Ordinal)];

    private static string? AppOf(string scope) => scope.IndexOf('.', StringComparison.Ordinal) is > 0 and var point ? scope[..point] : null;

    [GeneratedRegex(@"^(openid|profile|email|offline_access|[a-z][a-z0-9-]{0,39}\.([a-z][A-Za-z0-9]{0,39}:[a-z][A-Za-z0-9]{0,39}|\*))$", RegexOptions.CultureInvariant)]
    private static partial Regex ScopeShape();
}
