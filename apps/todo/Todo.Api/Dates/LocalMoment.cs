namespace Todo.Api.Dates;

/// <summary>
/// From what a clock on the wall shows to the moment it means. In a spring gap the time counts with the offset from before the gap
/// (02:30 becomes 03:30); where the clock shows a time twice in autumn, the first one is meant.
/// </summary>
internal static class LocalMoment
{
    public static DateTimeOffset Of(DateOnly date, TimeOnly time, TimeZoneInfo zone)
    {
        var wall = date.ToDateTime(time, DateTimeKind.Unspecified);
        var before = OffsetAround(wall, -1, zone);
        var first = At(wall, before);
        if (zone.GetUtcOffset(first) == before)
        {
            return first;
        }

        var after = OffsetAround(wall, 1, zone);
        var second = At(wall, after);
        return zone.GetUtcOffset(second) == after ? second : first;
    }

    public static DateTimeOffset StartOfDay(DateOnly date, TimeZoneInfo zone) => Of(date, TimeOnly.MinValue, zone);

    public static DateOnly DateOf(DateTimeOffset moment, TimeZoneInfo zone) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(moment, zone).DateTime);

    private static TimeSpan OffsetAround(DateTime wall, int days, TimeZoneInfo zone)
    {
        var edge = days < 0 ? wall < DateTime.MinValue.AddDays(2) : wall > DateTime.MaxValue.AddDays(-2);
        return zone.GetUtcOffset(new DateTimeOffset(edge ? wall : wall.AddDays(days), TimeSpan.Zero));
    }

    private static DateTimeOffset At(DateTime wall, TimeSpan offset)
    {
        var ticks = Math.Clamp(wall.Ticks - offset.Ticks, DateTime.MinValue.Ticks, DateTime.MaxValue.Ticks);
        return new DateTimeOffset(ticks, TimeSpan.Zero);
    }
}
