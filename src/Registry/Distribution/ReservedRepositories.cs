using Slipway.Registry.Content;

namespace Slipway.Registry.Distribution;

/// <summary>
/// Copies of images from other registries live under this prefix, so that they are shared, listed and cleaned up like all
/// others. Nobody may push there: a copy must be what its source said it was.
/// </summary>
internal static class ReservedRepositories
{
    public const string Prefix = "remote/";

    public static bool Contains(string repository) => repository.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>The repository that holds copies of <paramref name="repository"/> of another host; null when the names do not allow it.</summary>
    public static string? For(string host, string repository)
    {
        var name = $"{Prefix}{host.ToLowerInvariant().Replace(':', '-').Trim('[', ']')}/{repository}";
        return Names.IsRepository(name) ? name : null;
    }
}
