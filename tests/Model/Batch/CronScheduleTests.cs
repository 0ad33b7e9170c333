using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Slipway.Model.Batch;

namespace Slipway.Model.Tests.Batch;

public sealed class CronScheduleTests
{
    private static readonly TimeZoneInfo s_berlin = Zone("Europe/Berlin");

    [Theory]
    [InlineData("* * * * *", "2026-01-01T00:00:30Z", "2026-01-01T00:01:00Z")]
    [InlineData("*/15 * * * *", "2026-01-01T00:15:00Z", "2026-01-01T00:30:00Z")]
    [InlineData("5/20 * * * *", "2026-01-01T00:30:00Z", "2026-01-01T00:45:00Z")]
    [InlineData("0 3 * * *", "2026-01-01T03:00:00Z", "2026-01-02T03:00:00Z")]
    [InlineData("30 9-17/4 * * MON-FRI", "2026-01-02T17:31:00Z", "2026-01-05T09:30:00Z")]
    [InlineData("0 0 1,15 jan *", "2026-01-15T00:00:00Z", "2027-01-01T00:00:00Z")]
    [InlineData("0 0 29 2 *", "2026-01-01T00:00:00Z", "2028-02-29T00:00:00Z")]
    [InlineData("0 0 13 * 5", "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z")]
    [InlineData("0 0 13 * *", "2026-01-01T00:00:00Z", "2026-01-13T00:00:00Z")]
    [InlineData("0 0 * * 7", "2026-01-01T00:00:00Z", "2026-01-04T00:00:00Z")]
    [InlineData("0 0 * * 5-7", "2026-01-03T00:00:00Z", "2026-01-04T00:00:00Z")]
    [InlineData("0 0 ? * ?", "2026-01-03T00:00:00Z", "2026-01-04T00:00:00Z")]
    [InlineData("@hourly", "2026-01-01T00:00:00Z", "2026-01-01T01:00:00Z")]
    [InlineData("@weekly", "2026-01-01T00:00:00Z", "2026-01-04T00:00:00Z")]
    [InlineData("@monthly", "2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z")]
    [InlineData("@annually", "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z")]
    [InlineData("@every 90m", "2026-01-01T00:00:00Z", "2026-01-01T01:30:00Z")]
    public void The_next_time_follows_the_schedule(string schedule, string after, string expected) =>
        Assert.Equal(At(expected), CronSchedule.Parse(schedule).Value.Next(At(after), TimeZoneInfo.Utc));

    [Theory]
    [InlineData("")]
    [InlineData("* * * *")]
    [InlineData("* * * * * *")]
    [InlineData("60 * * * *")]
    [InlineData("* 24 * * *")]
    [InlineData("* * 0 * *")]
    [InlineData("* * * 13 *")]
    [InlineData("* * * * 8")]
    [InlineData("*/0 * * * *")]
    [InlineData("1/2/3 * * * *")]
    [InlineData("5-1 * * * *")]
    [InlineData("1,,2 * * * *")]
    [InlineData("-1 * * * *")]
    [InlineData("x * * * *")]
    [InlineData("* * * FOO *")]
    [InlineData("@fortnightly")]
    [InlineData("@every soon")]
    [InlineData("@every 1ms")]
    [InlineData("CRON_TZ=UTC * * * * *")]
    public void What_is_no_schedule_is_refused(string text) =>
        Assert.Equal("cron-schedule-invalid", CronSchedule.Parse(text).Failure!.Code);

    [Fact]
    public void A_day_that_never_comes_has_no_next_time() =>
        Assert.Null(CronSchedule.Parse("0 0 30 2 *").Value.Next(At("2026-01-01T00:00:00Z"), TimeZoneInfo.Utc));

    [Fact]
    public void A_time_that_the_clocks_skip_is_made_up_when_they_jump()
    {
        // On 29 March 2026 Berlin's clocks jump from 02:00 to 03:00, at 01:00 UTC.
        var schedule = CronSchedule.Parse("30 2 * * *").Value;

        Assert.Equal(At("2026-03-29T01:00:00Z"), schedule.Next(At("2026-03-28T12:00:00Z"), s_berlin));
        Assert.Equal(At("2026-03-30T00:30:00Z"), schedule.Next(At("2026-03-29T01:00:00Z"), s_berlin));
    }

    [Fact]
    public void A_time_that_happens_twice_fires_once()
    {
        // On 25 October 2026 Berlin's clocks show 02:00 to 03:00 twice, from 00:00 and from 01:00 UTC.
        var schedule = CronSchedule.Parse("30 2 * * *").Value;

        Assert.Equal(At("2026-10-25T00:30:00Z"), schedule.Next(At("2026-10-24T12:00:00Z"), s_berlin));
        Assert.Equal(At("2026-10-26T01:30:00Z"), schedule.Next(At("2026-10-25T00:30:00Z"), s_berlin));
        Assert.Equal(At("2026-10-26T01:30:00Z"), schedule.Next(At("2026-10-25T01:10:00Z"), s_berlin));
    }

    [Fact]
    public void A_schedule_for_every_hour_follows_real_hours_when_clocks_change()
    {
        var schedule = CronSchedule.Parse("15 * * * *").Value;

        Assert.Equal(
            ["00:15", "01:15", "02:15", "03:15"],
            Times(schedule, At("2026-10-24T23:30:00Z"), s_berlin, 4));
        Assert.Equal(
            ["00:15", "01:15", "02:15", "03:15"],
            Times(schedule, At("2026-03-28T23:30:00Z"), s_berlin, 4));

        // Late in the first pass the next time lies in the second one, where the wall clock is earlier.
        Assert.Equal(At("2026-10-25T01:15:00Z"), schedule.Next(At("2026-10-25T00:50:00Z"), s_berlin));
    }

    [Fact]
    public void The_next_time_is_later_and_on_schedule_wherever_the_clocks_stand()
    {
        var number = Gen.Choose(0, 59);
        var minute = from value in number from kind in Gen.Choose(0, 3) select kind switch { 0 => "*", 1 => $"*/{(value % 30) + 1}", 2 => $"{value}", _ => $"0,{value}" };
        var hour = from value in Gen.Choose(0, 23) from kind in Gen.Choose(0, 2) select kind switch { 0 => "*", 1 => $"{value}", _ => $"{value}-23/3" };
        var day = from value in Gen.Choose(1, 28) from kind in Gen.Choose(0, 1) select kind == 0 ? "*" : $"{value}";
        var weekday = from value in Gen.Choose(0, 7) from kind in Gen.Choose(0, 2) select kind == 0 ? "*" : $"{value}";
        var inputs =
            from a in minute
            from b in hour
            from c in day
            from e in weekday
            from offset in Gen.Choose(0, 366 * 24 * 60)
            from seconds in Gen.Choose(0, 59)
            from zone in Gen.Elements("UTC", "Europe/Berlin", "Australia/Lord_Howe", "America/Sao_Paulo", "Asia/Kolkata")
            select (Schedule: $"{a} {b} {c} * {e}", After: At("2026-01-01T00:00:00Z").AddMinutes(offset).AddSeconds(seconds), Zone: zone);

        Properties.Hold(
            inputs,
            input =>
            {
                var zone = Zone(input.Zone);
                var schedule = CronSchedule.Parse(input.Schedule).Value;
                var next = schedule.Next(input.After, zone)!.Value;
                Assert.True(next > input.After, $"{input}: {next}");

                // A time the clocks skipped is made up off schedule, at the very moment of the jump.
                var jumped = zone.GetUtcOffset(next) != zone.GetUtcOffset(next.AddMinutes(-1));
                Assert.True(schedule.Matches(next, zone) || jumped, $"{input}: {next} is not on schedule");

                // Nothing on schedule lies in between, unless it is the second pass of a double hour.
                for (var minutes = 1; minutes < 600 && next.AddMinutes(-minutes) > input.After; minutes++)
                {
                    var earlier = next.AddMinutes(-minutes);
                    Assert.False(
                        schedule.Matches(earlier, zone) && !zone.IsAmbiguousTime(TimeZoneInfo.ConvertTime(earlier, zone).DateTime),
                        $"{input}: {earlier} comes before {next}");
                }
            },
            count: 500);
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData("", true)]
    [InlineData("UTC", true)]
    [InlineData("Etc/UTC", true)]
    [InlineData("Europe/Berlin", true)]
    [InlineData("America/Argentina/Ushuaia", true)]
    [InlineData("Local", false)]
    [InlineData("Mars/Base", false)]
    [InlineData("../../etc/passwd", false)]
    public void Time_zones_are_found_by_their_IANA_names(string? name, bool expected) =>
        Assert.Equal(expected, TimeZones.TryFind(name, out _));

    private static string[] Times(CronSchedule schedule, DateTimeOffset after, TimeZoneInfo zone, int count)
    {
        var times = new List<string>();
        for (var now = after; times.Count < count;)
        {
            now = schedule.Next(now, zone)!.Value;
            times.Add(now.ToUniversalTime().ToString("HH:mm", CultureInfo.InvariantCulture));
        }

        return [.. times];
    }

    private static TimeZoneInfo Zone(string name) =>
        TimeZones.TryFind(name, out var zone) ? zone : throw new InvalidOperationException($"This machine has no zone {name}.");

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
