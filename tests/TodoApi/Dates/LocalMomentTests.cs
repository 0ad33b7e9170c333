using FsCheck;
using FsCheck.Fluent;
using Todo.Api.Dates;

namespace Slipway.TodoApi.Tests.Dates;

public sealed class LocalMomentTests
{
    [Theory]
    [InlineData("2026-03-29", "02:30", "Europe/Berlin", "2026-03-29T01:30:00Z")] // the clock jumps from two to three: 03:30 is meant
    [InlineData("2026-10-25", "02:30", "Europe/Berlin", "2026-10-25T00:30:00Z")] // shown twice: the first one
    [InlineData("2026-01-05", "09:00", "Europe/Berlin", "2026-01-05T08:00:00Z")]
    [InlineData("2026-07-05", "09:00", "America/New_York", "2026-07-05T13:00:00Z")]
    [InlineData("2026-03-08", "02:30", "America/New_York", "2026-03-08T07:30:00Z")]
    [InlineData("2011-12-30", "12:00", "Pacific/Apia", "2011-12-30T22:00:00Z")] // a day that never was
    public void A_wall_clock_time_means_one_moment(string date, string time, string zone, string moment) =>
        Assert.Equal(DateTimeOffset.Parse(moment, null), LocalMoment.Of(DateOnly.Parse(date, null), TimeOnly.Parse(time, null), Zone(zone)));

    [Fact]
    public void The_moment_shows_the_same_time_on_the_wall_unless_the_clock_skipped_it() =>
        Properties.Hold(Walls(), wall =>
        {
            var zone = Zone(wall.Zone);
            var local = wall.Date.ToDateTime(wall.Time);
            var shown = TimeZoneInfo.ConvertTime(LocalMoment.Of(wall.Date, wall.Time, zone), zone).DateTime;
            return zone.IsInvalidTime(local) ? shown > local : shown == local;
        });

    [Fact]
    public void Of_two_equal_times_the_earlier_is_taken() =>
        Properties.Hold(Walls(), wall =>
        {
            var zone = Zone(wall.Zone);
            var local = wall.Date.ToDateTime(wall.Time);
            return !zone.IsAmbiguousTime(local)
                || LocalMoment.Of(wall.Date, wall.Time, zone).UtcDateTime == local - zone.GetAmbiguousTimeOffsets(local).Max();
        });

    [Theory]
    [InlineData("../../etc/passwd")]
    [InlineData("/etc/localtime")]
    [InlineData("Europe/Atlantis")]
    [InlineData("")]
    [InlineData("Europe/Berlin\0")]
    public void What_is_no_zone_is_not_looked_up(string name) => Assert.False(TimeZones.TryFind(name, out _));

    [Fact]
    public void A_day_without_a_time_is_due_until_its_last_second() =>
        Assert.Equal(new DateTimeOffset(2026, 1, 5, 22, 59, 59, TimeSpan.Zero), new Due(new DateOnly(2026, 1, 5), null, "Europe/Berlin").At);

    private static TimeZoneInfo Zone(string name) => TimeZones.TryFind(name, out var zone) ? zone : throw new InvalidOperationException(name);

    private static Gen<(DateOnly Date, TimeOnly Time, string Zone)> Walls() =>
        from zone in Gen.Elements("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "America/Sao_Paulo", "UTC")
        from day in Gen.OneOf(Gen.Choose(0, 20_000), Gen.Elements(15_062, 15_272, 20_541, 20_751)) // days on which clocks change, too
        from minute in Gen.Choose(0, 1439)
        select (DateOnly.FromDateTime(DateTime.UnixEpoch).AddDays(day), TimeOnly.MinValue.AddMinutes(minute), zone);
}
