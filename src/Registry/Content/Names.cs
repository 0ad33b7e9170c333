using System.Text.RegularExpressions;

namespace Slipway.Registry.Content;

/// <summary>
/// The shapes of repository names and tags. They become folder and file names, so these two expressions are also what keeps
/// a hostile name inside the state folder: no name they accept can start with a dot, a slash or an underscore.
/// </summary>
internal static partial class Names
{
    public const int RepositoryLengthMax = 255;

    public static bool IsRepository(string name) => name.Length <= RepositoryLengthMax && RepositoryShape().IsMatch(name);

    public static bool IsTag(string tag) => TagShape().IsMatch(tag);

    [GeneratedRegex(@"\A[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex RepositoryShape();

    [GeneratedRegex(@"\A[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}\z", RegexOptions.CultureInvariant)]
    private static partial Regex TagShape();
}
