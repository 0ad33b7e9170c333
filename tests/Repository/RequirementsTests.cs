using System.Text.RegularExpressions;

namespace Slipway.Repository.Tests;

/// <summary>docs/requirements.md tells the truth about every row: its place and its test exist, or it says "not yet".</summary>
public sealed partial class RequirementsTests
{
    private static readonly (string Prefix, int Last)[] s_systems = [("P", 163), ("T", 257), ("R", 375), ("C", 212), ("X", 297)];

    private static readonly IReadOnlyList<(string Id, string Place, string Test)> s_rows =
        [.. Row().Matches(Checkout.Read("docs/requirements.md")).Select(match => (match.Groups[1].Value, match.Groups[2].Value.Trim(), match.Groups[3].Value.Trim()))];

    private static IEnumerable<(string Id, string Place, string Test)> Built => s_rows.Where(row => row.Place != "not yet");

    [Fact]
    public void Every_row_of_every_system_is_listed_once_and_in_order()
    {
        var expected = s_systems.SelectMany(system => Enumerable.Range(1, system.Last).Select(number => $"{system.Prefix}-{number:000}"));
        Assert.Equal(expected, s_rows.Select(row => row.Id));
    }

    [Fact]
    public void Every_place_that_a_row_names_exists()
    {
        var missing =
            from row in Built
            from place in row.Place.Split(", ")
            let path = Path.Combine(Checkout.Root, place.Trim('`'))
            where !File.Exists(path) && !Directory.Exists(path)
            select $"{row.Id}: {place}";
        Assert.Empty(missing);
    }

    [Fact]
    public void Every_built_row_names_a_test_that_exists()
    {
        var sources = Checkout.Files.Where(path => path.StartsWith("tests/", StringComparison.Ordinal) && path.EndsWith(".cs", StringComparison.Ordinal))
            .Select(path => Path.GetFileNameWithoutExtension(path))
            .ToHashSet();
        var missing =
            from row in Built
            from test in row.Test.Split(", ")
            where !sources.Contains(test.Trim('`'))
            select $"{row.Id}: {test}";
        Assert.Empty(missing);
    }

    [GeneratedRegex(@"^\| ([PTRCX]-\d{3}) \| ([^|]*) \| ([^|]*) \|$", RegexOptions.Multiline)]
    private static partial Regex Row();
}
