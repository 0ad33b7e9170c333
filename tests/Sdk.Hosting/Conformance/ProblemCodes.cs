using System.Text.RegularExpressions;

namespace Slipway.Sdk.Hosting.Conformance;

/// <summary>The problem codes that sources name, so that none of them can be without an explanation.</summary>
public static partial class ProblemCodes
{
    public static IReadOnlyList<string> In(string folder) =>
        [.. Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal))
            .SelectMany(file => Named().Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value))
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    /// <summary>A status and a code, a conflict, something unavailable, or another code for a known problem.</summary>
    [GeneratedRegex("""(?:\(\s*[45]\d\d,\s*|Conflict\(\s*|Unavailable\(\s*|Code = )"([a-z][A-Za-z]*)",""" + @"?\s")]
    private static partial Regex Named();
}
