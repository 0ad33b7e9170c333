namespace Slipway.Identity.OAuth;

/// <summary>For whom a token is made: the named resource, or else every app one of the scopes belongs to.</summary>
internal static class Audience
{
    /// <summary>Tokens that carry no app's scope are good for the account itself.</summary>
    public const string Own = "identity";

    public static bool Read(string? resource, IReadOnlyList<string> scopes, out IReadOnlyList<string> audiences)
    {
        var apps = ScopeSet.Audiences(scopes);
        if (resource is null)
        {
            audiences = apps.Count == 0 ? [Own] : apps;
            return true;
        }

        audiences = [resource];
        return resource == Own || apps.Contains(resource, StringComparer.Ordinal);
    }
}
