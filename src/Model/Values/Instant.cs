using System.Globalization;
using System.Text.RegularExpressions;

namespace Slipway.Model.Values;

/// <summary>Points in time as manifests write them.</summary>
public static partial class Instant
{
    public static bool IsRfc3339(string text) =>
        Shape().IsMatch(text) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out _);

    [GeneratedRegex(@"^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)\z", RegexOptions.CultureInvariant)]
    private static partial Regex Shape();
}
