namespace Todo.Language.Analysing;

/// <summary>The clock on the wall of a time zone; an unknown zone is UTC.</summary>
internal static class LocalMoment
{
    public static TimeZoneInfo Zone(string? name) =>
        !string.IsNullOrEmpty(name) && name.Length <= 64 && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var found) ? found : TimeZoneInfo.Utc;

    public static DateTime Of(DateTimeOffset now, string? zone) => TimeZoneInfo.ConvertTime(now, Zone(zone)).DateTime;
}
