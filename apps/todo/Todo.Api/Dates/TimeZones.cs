using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Todo.Api.Dates;

/// <summary>IANA zones by name. Names are checked first: the system's lookup reads a file of that name.</summary>
internal static partial class TimeZones
{
    public const int NameMax = 64;

    public static bool TryFind(string? name, [NotNullWhen(true)] out TimeZoneInfo? zone)
    {
        zone = null;
        return name is { Length: > 0 and <= NameMax } && Shape().IsMatch(name) && TimeZoneInfo.TryFindSystemTimeZoneById(name, out zone);
    }

    /// <summary>For names that were checked when they came in; a zone that has left the system since then counts as UTC.</summary>
    public static TimeZoneInfo FindOrUtc(string? name) => TryFind(name, out var zone) ? zone : TimeZoneInfo.Utc;

    [GeneratedRegex(@"^[A-Za-z][A-Za-z0-9_+\-]*(/[A-Za-z0-9][A-Za-z0-9_+\-]*){0,2}$")]
    private static partial Regex Shape();
}
