namespace Slipway.Control.Instances;

/// <summary>Makes the tokens that instances find in their serviceAccountToken files.</summary>
public interface IServiceAccountTokens
{
    /// <summary>
    /// A signed token of the account, good for the lifetime from now on. Called on the way to a start, so it answers at
    /// once, from memory, and for every account a template may name.
    /// </summary>
    /// <param name="audience">Whom the token is for; null means the platform's own API.</param>
    string Issue(string @namespace, string account, string? audience, TimeSpan lifetime);
}
