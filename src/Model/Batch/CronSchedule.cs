using System.Numerics;
using Slipway.Model.Failures;

namespace Slipway.Model.Batch;

/// <summary>
/// A schedule of five fields: minute, hour, day of month, month, day of week; or a macro such as <c>@daily</c> or
/// <c>@every 90m</c>. When both day fields are restricted, a day that satisfies either one counts.
/// </summary>
/// <remarks>
/// Wall-clock times that daylight saving skips are made up at the moment the clocks jump; times that happen twice fire the
/// first time. A schedule for every hour follows real hours instead: it skips nothing and repeats with the clock.
/// </remarks>
public sealed class CronSchedule
{
    /// <summary>The longest gap of a schedule that fires at all is 8 years: 29 February around 2100.</summary>
    private const int YearsMax = 12;

    private readonly CronFields? _fields;
    private readonly TimeSpan _interval;

    private CronSchedule(string text, CronFields? fields, TimeSpan interval)
    {
        Text = text;
        _fields = fields;
        _interval = interval;
    }

    public string Text { get; }

    public static Outcome<CronSchedule> Parse(string text) => CronParser.Parse(text);

    /// <summary>The first time after the given one, or null when the schedule never fires, as on 30 February.</summary>
    public DateTimeOffset? Next(DateTimeOffset after, TimeZoneInfo zone)
    {
        if (_fields is null)
        {
            var utc = after.ToUniversalTime();
            return utc.AddTicks(-(utc.Ticks % TimeSpan.TicksPerSecond)) + _interval;
        }

        var local = TimeZoneInfo.ConvertTime(after, zone).DateTime;
        var wall = local.AddTicks(-(local.Ticks % TimeSpan.TicksPerMinute));

        // In the hour that happens twice, the second pass lies before the present wall clock.
        wall = zone.IsAmbiguousTime(wall) ? wall.AddHours(-3) : wall;
        var last = wall.Year + YearsMax >= 9999 ? new DateTime(9999, 1, 1) : wall.AddYears(YearsMax);
        DateTimeOffset? best = null;
        for (var found = _fields.AtOrAfter(wall, last); found is { } time; found = _fields.AtOrAfter(time.AddMinutes(1), last))
        {
            var (first, second) = Instants(time, zone);
            if (best is not null && first >= best)
            {
                return best;
            }

            foreach (var instant in new[] { first, second })
            {
                if (instant > after && (best is null || instant < best))
                {
                    best = instant;
                }
            }

            // Outside the double hour nothing later can come earlier, so the search ends with the first find.
            if (best is not null && second is null && !zone.IsAmbiguousTime(time))
            {
                return best;
            }
        }

        return best;
    }

    /// <summary>True when the wall clock of the zone shows a time of this schedule. Meaningless for <c>@every</c>.</summary>
    public bool Matches(DateTimeOffset instant, TimeZoneInfo zone)
    {
        var wall = TimeZoneInfo.ConvertTime(instant, zone).DateTime;
        return _fields?.Matches(wall) ?? false;
    }

    public override string ToString() => Text;

    internal static CronSchedule OfFields(string text, CronFields fields) => new(text, fields, default);

    internal static CronSchedule OfInterval(string text, TimeSpan interval) => new(text, null, interval);

    private (DateTimeOffset? First, DateTimeOffset? Second) Instants(DateTime wall, TimeZoneInfo zone)
    {
        if (zone.IsInvalidTime(wall))
        {
            if (_fields!.EveryHour)
            {
                return (null, null);
            }

            // Zones jump at whole minutes and by less than a day.
            var landing = wall;
            while (zone.IsInvalidTime(landing))
            {
                landing = landing.AddMinutes(1);
            }

            return (new DateTimeOffset(landing, zone.GetUtcOffset(landing)).ToUniversalTime(), null);
        }

        if (!zone.IsAmbiguousTime(wall))
        {
            return (new DateTimeOffset(wall, zone.GetUtcOffset(wall)).ToUniversalTime(), null);
        }

        var offsets = zone.GetAmbiguousTimeOffsets(wall).OrderDescending().ToArray();
        var first = new DateTimeOffset(wall, offsets[0]).ToUniversalTime();
        return (first, _fields!.EveryHour ? new DateTimeOffset(wall, offsets[^1]).ToUniversalTime() : null);
    }
}

/// <summary>The five fields as bit sets.</summary>
internal sealed record CronFields(ulong Minutes, ulong Hours, ulong Days, ulong Months, ulong Weekdays, bool AnyDay, bool AnyWeekday)
{
    private const ulong AllHours = (1UL << 24) - 1;

    public bool EveryHour => Hours == AllHours;

    public bool Matches(DateTime wall) =>
        Has(Minutes, wall.Minute) && Has(Hours, wall.Hour) && Has(Months, wall.Month) && MatchesDay(wall);

    /// <summary>The first matching minute from <paramref name="wall"/> on, or null when there is none up to the limit.</summary>
    public DateTime? AtOrAfter(DateTime wall, DateTime last)
    {
        while (wall < last)
        {
            if (!Has(Months, wall.Month))
            {
                wall = new DateTime(wall.Year, wall.Month, 1).AddMonths(1);
            }
            else if (!MatchesDay(wall))
            {
                wall = wall.Date.AddDays(1);
            }
            else if (From(Hours, wall.Hour) is not { } hour)
            {
                wall = wall.Date.AddDays(1);
            }
            else if (hour > wall.Hour)
            {
                wall = wall.Date.AddHours(hour);
            }
            else if (From(Minutes, wall.Minute) is not { } minute)
            {
                wall = wall.Date.AddHours(hour + 1);
            }
            else
            {
                return wall.Date.AddHours(hour).AddMinutes(minute);
            }
        }

        return null;
    }

    private bool MatchesDay(DateTime wall)
    {
        var day = Has(Days, wall.Day);
        var weekday = Has(Weekdays, (int)wall.DayOfWeek);
        return AnyDay || AnyWeekday ? day && weekday : day || weekday;
    }

    private static bool Has(ulong set, int value) => (set >> value & 1) != 0;

    private static int? From(ulong set, int low)
    {
        var rest = set >> low;
        return rest == 0 ? null : low + BitOperations.TrailingZeroCount(rest);
    }
}
