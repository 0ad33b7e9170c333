using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Slipway.Model.Batch;

/// <summary>Time zones by their IANA names. The rules themselves come from the operating system.</summary>
public static partial class TimeZones
{
    /// <summary>The zone of a CronJob; no name means UTC.</summary>
    public static bool TryFind(string? name, [NotNullWhen(true)] out TimeZoneInfo? zone)
    {
        if (string.IsNullOrEmpty(name))
        {
            zone = TimeZoneInfo.Utc;
            return true;
        }

        zone = null;

        // "Local" would mean another time on every machine, and a name with dots could be a path.
        return !name.Equals("local", StringComparison.OrdinalIgnoreCase)
            && Shape().IsMatch(name)
            && TimeZoneInfo.TryFindSystemTimeZoneById(name, out zone);
    }

    [GeneratedRegex(@"^[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+)*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Shape();
}
