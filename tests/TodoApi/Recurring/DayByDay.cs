using Todo.Api.Recurring;

namespace Slipway.TodoApi.Tests.Recurring;

/// <summary>The same rules said once more, for one day at a time and without any thought of speed.</summary>
internal static class DayByDay
{
    public static bool Fits(RecurrenceRule rule, DateOnly start, DateOnly date) =>
        PeriodFits(rule, start, date)
        && (rule.ByMonth.Count == 0 || rule.ByMonth.Contains(date.Month))
        && (rule.ByMonthDay.Count == 0 || rule.ByMonthDay.Any(day => date.Day == day || DaysLeft(date) == -day - 1))
        && (rule.ByDay.Count == 0 || rule.ByDay.Any(day => WeekdayFits(rule, date, day)))
        && ImpliedByStart(rule, start, date);

    private static bool PeriodFits(RecurrenceRule rule, DateOnly start, DateOnly date) => rule.Frequency switch
    {
        Frequency.Daily => (date.DayNumber - start.DayNumber) % rule.Interval == 0,
        Frequency.Weekly => (WeekOf(rule, date) - WeekOf(rule, start)) / 7 % rule.Interval == 0,
        Frequency.Monthly => ((date.Year - start.Year) * 12 + date.Month - start.Month) % rule.Interval == 0,
        _ => (date.Year - start.Year) % rule.Interval == 0,
    };

    private static int WeekOf(RecurrenceRule rule, DateOnly date)
    {
        while (date.DayOfWeek != rule.WeekStart)
        {
            date = date.AddDays(-1);
        }

        return date.DayNumber;
    }

    private static int DaysLeft(DateOnly date) => DateTime.DaysInMonth(date.Year, date.Month) - date.Day;

    private static bool WeekdayFits(RecurrenceRule rule, DateOnly date, ByDay day)
    {
        if (date.DayOfWeek != day.Day || day.Ordinal == 0)
        {
            return date.DayOfWeek == day.Day;
        }

        var step = day.Ordinal > 0 ? -7 : 7;
        var number = 1;
        for (var other = date.AddDays(step); SameSpan(rule, date, other); other = other.AddDays(step))
        {
            number++;
        }

        return number == Math.Abs(day.Ordinal);
    }

    private static bool SameSpan(RecurrenceRule rule, DateOnly date, DateOnly other) =>
        date.Year == other.Year && (date.Month == other.Month || (rule.Frequency == Frequency.Yearly && rule.ByMonth.Count == 0));

    /// <summary>What the rule leaves open is taken from the first date.</summary>
    private static bool ImpliedByStart(RecurrenceRule rule, DateOnly start, DateOnly date)
    {
        var daysNamed = rule.ByDay.Count > 0 || rule.ByMonthDay.Count > 0;
        return rule.Frequency switch
        {
            Frequency.Weekly => rule.ByDay.Count > 0 || date.DayOfWeek == start.DayOfWeek,
            Frequency.Monthly => daysNamed || date.Day == start.Day,
            Frequency.Yearly => daysNamed || (date.Day == start.Day && (rule.ByMonth.Count > 0 || date.Month == start.Month)),
            _ => true,
        };
    }
}
