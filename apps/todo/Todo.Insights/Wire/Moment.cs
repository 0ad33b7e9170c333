using System.Globalization;
using Slipway.Sdk.Problems;

namespace Todo.Insights.Wire;

/// <summary>When and where the caller is, and what language they would rather read.</summary>
internal sealed record Moment(DateTimeOffset Now, TimeZoneInfo Zone, string TimeZone, string? Language)
{
    private const int LanguageMax = 35;
    private const int ZoneMax = 64;

    public static Moment Read(Findings findings, string? timeZone, string? now, string? language, DateTimeOffset present)
    {
        var zone = TimeZoneInfo.Utc;
        var name = findings.OptionalText("/timeZone", timeZone, ZoneMax);
        if (name is { Length: <= ZoneMax } && !TimeZoneInfo.TryFindSystemTimeZoneById(name, out zone))
        {
            findings.Add("/timeZone", "unknownTimeZone", "timeZone must be an IANA name such as Europe/Berlin.");
            (zone, name) = (TimeZoneInfo.Utc, null);
        }

        var instant = present;
        if (!string.IsNullOrEmpty(now))
        {
            if (Instant(now) is { } given && given.Year is >= 1900 and <= 2999)
            {
                instant = given;
            }
            else
            {
                findings.Add("/now", "notAnInstant", "now must be an instant such as 2026-01-15T09:30:00Z.");
            }
        }

        return new(instant, zone ?? TimeZoneInfo.Utc, name ?? "UTC", findings.OptionalText("/language", language, LanguageMax));
    }

    /// <summary>A time without an offset would mean something else on another machine.</summary>
    public static DateTimeOffset? Instant(string text) =>
        text.Length is > 19 and <= 40
        && text[10] is 'T' or 't'
        && (text[^1] is 'Z' or 'z' || (text[^6] is '+' or '-' && text[^3] == ':'))
        && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out var instant)
            ? instant
            : null;
}
