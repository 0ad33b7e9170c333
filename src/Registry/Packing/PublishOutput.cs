using System.Text.RegularExpressions;

namespace Slipway.Registry.Packing;

/// <summary>Makes one useful message from what a failed build printed: the errors, each once, and not the noise around them.</summary>
internal static partial class PublishOutput
{
    private const int ErrorsShown = 5;
    private const int LastLinesShown = 8;

    public static string Condense(IReadOnlyList<string> lines)
    {
        var errors = lines
            .Select(line => ErrorLine().Match(line))
            .Where(match => match.Success)
            .Select(Describe)
            .Distinct(StringComparer.Ordinal)
            .ToList();
        if (errors.Count == 0)
        {
            var last = lines.Select(line => line.Trim()).Where(line => line.Length > 0).TakeLast(LastLinesShown).ToList();
            return last.Count == 0 ? "it printed nothing" : string.Join("\n", last);
        }

        var shown = errors.Take(ErrorsShown).ToList();
        if (errors.Count > ErrorsShown)
        {
            shown.Add($"… and {errors.Count - ErrorsShown} more");
        }

        return string.Join("\n", shown);
    }

    /// <summary>Whether the build failed because the compiler for ahead-of-time code could not be fetched, which is an optimisation only.</summary>
    public static bool LacksReadyToRun(IReadOnlyList<string> lines) => lines.Any(line =>
        line.Contains("NETSDK1094", StringComparison.Ordinal)
        || (line.Contains("crossgen", StringComparison.OrdinalIgnoreCase) && line.Contains("error NU1", StringComparison.Ordinal)));

    private static string Describe(Match match)
    {
        var place = match.Groups["place"].Value.Trim();
        var file = Path.GetFileName(place.Split('(')[0]);
        var position = place.Contains('(', StringComparison.Ordinal) ? place[place.IndexOf('(', StringComparison.Ordinal)..] : string.Empty;
        var code = match.Groups["code"].Value;
        var message = match.Groups["message"].Value.Trim();
        return position.Length > 0 ? $"{file}{position}: {code}: {message}" : $"{code}: {message}";
    }

    [GeneratedRegex(@"^(?<place>.*?)\s*:\s+error\s+(?<code>[A-Z]+[0-9]+)\s*:\s*(?<message>.*?)(\s+\[[^\]]+\])?$", RegexOptions.CultureInvariant)]
    private static partial Regex ErrorLine();
}
