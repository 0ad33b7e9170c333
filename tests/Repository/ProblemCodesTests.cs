using System.Text.RegularExpressions;

namespace Slipway.Repository.Tests;

/// <summary>The address in a problem's type leads to a page that says what it means. A code that nobody explained would lead nowhere.</summary>
public sealed partial class ProblemCodesTests
{
    public static TheoryData<string> Services { get; } = new(Checkout.Files
        .Where(path => path.EndsWith("/service.yaml", StringComparison.Ordinal) && (path.StartsWith("apps/", StringComparison.Ordinal) || path == "src/Identity/service.yaml"))
        .Select(path => Path.GetDirectoryName(path)!)
        // The bank to try with speaks its own dialect of errors.
        .Where(folder => !folder.EndsWith("Retail.Sandbox", StringComparison.Ordinal)));

    [Theory]
    [MemberData(nameof(Services))]
    public void Every_code_a_service_answers_with_is_explained(string folder)
    {
        var text = string.Concat(SourcesBelow(folder).Select(Checkout.Read));
        var explained = Explanation().Matches(text + Checkout.Read("src/Sdk/Problems/KitProblems.cs")).Select(match => match.Groups[1].Value).ToHashSet(StringComparer.Ordinal);
        var answered = Answer().Matches(text).Select(match => match.Groups[1].Value).Distinct(StringComparer.Ordinal);
        Assert.Empty(answered.Where(code => !explained.Contains(code)).Order(StringComparer.Ordinal));
    }

    private static IEnumerable<string> SourcesBelow(string folder) =>
        Checkout.Files.Where(path => path.StartsWith(folder + "/", StringComparison.Ordinal) && path.EndsWith(".cs", StringComparison.Ordinal));

    [GeneratedRegex("""Problem\.(?:Conflict|Unavailable)\(\s*"(\w+)"|(?:Problem|=>|:|=)\s*(?:new Problem|new)?\(\s*[45]\d\d,\s*"(?<1>[a-z]\w+)",\s*\$?""")]
    private static partial Regex Answer();

    [GeneratedRegex("""new(?: ProblemText)?\(\s*"(\w+)",\s*[45]\d\d,""")]
    private static partial Regex Explanation();
}
