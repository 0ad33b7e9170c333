using FsCheck;
using FsCheck.Fluent;
using Todo.Api.Dates;
using Todo.Api.Recurring;

namespace Slipway.TodoApi.Tests.Recurring;

public sealed class RecurrenceTests
{
    [Theory]
    [InlineData("FREQ=DAILY;INTERVAL=3", "2026-01-30", "2026-02-02 2026-02-05")]
    [InlineData("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR", "2026-01-05", "2026-01-09 2026-01-19 2026-01-23")]
    [InlineData("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=MO", "1997-08-05", "1997-08-10 1997-08-19 1997-08-24")]
    [InlineData("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=SU", "1997-08-05", "1997-08-17 1997-08-19 1997-08-31")]
    [InlineData("FREQ=MONTHLY", "2026-01-31", "2026-03-31 2026-05-31")]
    [InlineData("FREQ=MONTHLY;BYMONTHDAY=-1", "2026-01-31", "2026-02-28 2026-03-31 2026-04-30")]
    [InlineData("FREQ=MONTHLY;BYDAY=1MO", "2026-01-05", "2026-02-02 2026-03-02")]
    [InlineData("FREQ=MONTHLY;BYDAY=-1FR", "2026-01-30", "2026-02-27 2026-03-27")]
    [InlineData("FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13", "1998-02-13", "1998-03-13 1998-11-13 1999-08-13")]
    [InlineData("FREQ=YEARLY", "2024-02-29", "2028-02-29 2032-02-29")]
    [InlineData("FREQ=YEARLY;BYMONTH=1,6;BYDAY=1SU", "2026-01-04", "2026-06-07 2027-01-03")]
    [InlineData("FREQ=YEARLY;BYDAY=20MO", "1997-05-19", "1998-05-18 1999-05-17")]
    [InlineData("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=29", "2024-02-29", "2028-02-29")]
    public void A_rule_gives_the_dates_people_expect(string text, string start, string dates)
    {
        var expected = dates.Split(' ').Select(date => DateOnly.Parse(date, null)).ToList();

        Assert.Equal(expected, Occurrences.After(Rule(text), DateOnly.Parse(start, null)).Take(expected.Count));
    }

    [Theory]
    [InlineData("", "text such as")]
    [InlineData("INTERVAL=2", "no FREQ")]
    [InlineData("FREQ=HOURLY", "FREQ is one of")]
    [InlineData("FREQ=DAILY;INTERVAL=0", "INTERVAL")]
    [InlineData("FREQ=DAILY;COUNT=2;UNTIL=20261231", "exclude")]
    [InlineData("FREQ=WEEKLY;BYDAY=1MO", "Numbered weekdays")]
    [InlineData("FREQ=WEEKLY;BYMONTHDAY=1", "does not go with")]
    [InlineData("FREQ=MONTHLY;BYDAY=6MO", "between -5 and 5")]
    [InlineData("FREQ=DAILY;FREQ=DAILY", "twice")]
    [InlineData("FREQ=DAILY;BYSETPOS=1", "not supported")]
    [InlineData("FREQ=DAILY;UNTIL=tomorrow", "UNTIL")]
    [InlineData("FREQ=DAILY;BYDAY=", "BYDAY")]
    public void What_cannot_be_honoured_is_refused_by_name(string text, string reason) =>
        Assert.Contains(reason, RecurrenceText.TryRead(text, out _), StringComparison.Ordinal);

    [Fact]
    public void Writing_and_reading_a_rule_gives_the_same_rule() =>
        Properties.Hold(Rules(), rule =>
        {
            var text = RecurrenceText.Write(rule);
            return RecurrenceText.TryRead(text, out var read) is null && RecurrenceText.Write(read) == text;
        });

    [Fact]
    public void The_dates_are_those_that_looking_at_each_single_day_gives() =>
        Properties.Hold(from rule in Rules() from offset in Gen.Choose(0, 4000) select (rule, offset), given =>
        {
            var (rule, offset) = given;
            var start = new DateOnly(2020, 1, 1).AddDays(offset);
            var end = start.AddYears(3);
            var expected = Enumerable.Range(1, end.DayNumber - start.DayNumber).Select(start.AddDays).Where(date => DayByDay.Fits(rule, start, date));
            return Occurrences.After(rule, start).TakeWhile(date => date <= end).SequenceEqual(expected);
        });

    [Fact]
    public void The_time_on_the_wall_stays_when_the_clocks_change()
    {
        var due = new Due(new DateOnly(2026, 3, 28), new TimeOnly(9, 0), "Europe/Berlin");

        var next = NextOccurrence.Of(Rule("FREQ=DAILY"), due, due.At)!;

        Assert.Equal(TimeSpan.FromHours(23), next.Due.At - due.At);
        Assert.Equal(new TimeOnly(9, 0), next.Due.Time);
    }

    [Fact]
    public void An_overdue_series_goes_on_in_the_future_and_counts_what_it_passed_over()
    {
        var due = new Due(new DateOnly(2026, 1, 1), null, "UTC");

        var next = NextOccurrence.Of(Rule("FREQ=DAILY;COUNT=10"), due, new DateTimeOffset(2026, 1, 4, 12, 0, 0, TimeSpan.Zero))!;

        Assert.Equal(new DateOnly(2026, 1, 4), next.Due.Date);
        Assert.Equal(7, next.Rule.Count);
    }

    [Theory]
    [InlineData("FREQ=DAILY;COUNT=1")]
    [InlineData("FREQ=DAILY;UNTIL=20260105")]
    [InlineData("FREQ=DAILY;UNTIL=20260106T075959Z")]
    [InlineData("FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30")]
    public void A_series_ends(string rule) =>
        Assert.Null(NextOccurrence.Of(Rule(rule), new Due(new DateOnly(2026, 1, 5), new TimeOnly(9, 0), "Europe/Berlin"), DateTimeOffset.UnixEpoch));

    private static RecurrenceRule Rule(string text)
    {
        Assert.Null(RecurrenceText.TryRead(text, out var rule));
        return rule;
    }

    private static Gen<RecurrenceRule> Rules() =>
        from frequency in Gen.Elements(Frequency.Daily, Frequency.Weekly, Frequency.Monthly, Frequency.Yearly)
        from interval in Gen.Choose(1, 4)
        from month in Gen.Choose(1, 12)
        from months in Gen.Elements<int[]>([], [], [month])
        from monthDay in Gen.Elements(1, 13, 15, 29, 30, 31, -1, -2)
        from monthDays in Gen.Elements<int[]>([], [], [monthDay])
        from weekday in Gen.Choose(0, 6)
        from ordinal in Gen.Elements(0, 0, 1, 2, -1)
        from days in Gen.Elements<ByDay[]>([], [new ByDay(ordinal, (DayOfWeek)weekday)], [new ByDay(0, DayOfWeek.Monday), new ByDay(0, (DayOfWeek)weekday)])
        from weekStart in Gen.Elements(DayOfWeek.Monday, DayOfWeek.Sunday)
        let numbered = days.Any(day => day.Ordinal != 0)
        where !(frequency == Frequency.Weekly && monthDays.Length > 0) && !(numbered && (frequency is Frequency.Daily or Frequency.Weekly || monthDays.Length > 0))
        select new RecurrenceRule(frequency) { Interval = interval, ByMonth = months, ByMonthDay = monthDays, ByDay = [.. days.Distinct()], WeekStart = weekStart };
}
