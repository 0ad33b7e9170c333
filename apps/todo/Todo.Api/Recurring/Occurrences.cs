namespace Todo.Api.Recurring;

/// <summary>The dates a rule gives, from the first one on. COUNT and UNTIL are the business of <see cref="NextOccurrence"/>.</summary>
internal static class Occurrences
{
    /// <summary>A rule such as every 30 February is given up after so many periods.</summary>
    private const int PeriodsMax = 12_000;

    /// <summary>All dates after <paramref name="start"/>, which itself is an occurrence, in order.</summary>
    public static IEnumerable<DateOnly> After(RecurrenceRule rule, DateOnly start)
    {
        for (var period = 0; period < PeriodsMax; period++)
        {
            if (PeriodStart(rule, start, period) is not { } first)
            {
                yield break;
            }

            foreach (var date in InPeriod(rule, start, first))
            {
                if (date > start)
                {
                    yield return date;
                }
            }
        }
    }

    private static DateOnly? PeriodStart(RecurrenceRule rule, DateOnly start, int period)
    {
        var steps = (long)period * rule.Interval;
        switch (rule.Frequency)
        {
            case Frequency.Daily:
                return Plus(start, steps);
            case Frequency.Weekly:
                var back = ((int)start.DayOfWeek - (int)rule.WeekStart + 7) % 7;
                return Plus(start, (steps * 7) - back);
            case Frequency.Monthly:
                var month = (start.Year * 12L) + start.Month - 1 + steps;
                return month / 12 > DateOnly.MaxValue.Year ? null : new DateOnly((int)(month / 12), (int)(month % 12) + 1, 1);
            default:
                return start.Year + steps > DateOnly.MaxValue.Year ? null : new DateOnly((int)(start.Year + steps), 1, 1);
        }
    }

    private static DateOnly? Plus(DateOnly date, long days)
    {
        var number = date.DayNumber + days;
        return number < 0 || number > DateOnly.MaxValue.DayNumber ? null : DateOnly.FromDayNumber((int)number);
    }

    private static IEnumerable<DateOnly> InPeriod(RecurrenceRule rule, DateOnly start, DateOnly first)
    {
        switch (rule.Frequency)
        {
            case Frequency.Daily:
                return Matches(rule, first) ? [first] : [];
            case Frequency.Weekly:
                return Range(first, 7).Where(date => (rule.ByDay.Count > 0 || date.DayOfWeek == start.DayOfWeek) && Matches(rule, date));
            case Frequency.Monthly:
                return InMonth(rule, start, first);
            default:
                return InYear(rule, start, first.Year);
        }
    }

    private static IEnumerable<DateOnly> InMonth(RecurrenceRule rule, DateOnly start, DateOnly first)
    {
        if (rule.ByMonth.Count > 0 && !rule.ByMonth.Contains(first.Month))
        {
            return [];
        }

        var days = Range(first, DateTime.DaysInMonth(first.Year, first.Month));
        return rule is { ByDay.Count: 0, ByMonthDay.Count: 0 }
            ? days.Where(date => date.Day == start.Day)
            : days.Where(date => IsMonthDay(rule, date) && IsWeekday(rule, date, first, DateTime.DaysInMonth(first.Year, first.Month)));
    }

    private static IEnumerable<DateOnly> InYear(RecurrenceRule rule, DateOnly start, int year)
    {
        var first = new DateOnly(year, 1, 1);
        if (rule is { ByMonth.Count: 0, ByMonthDay.Count: 0, ByDay.Count: 0 })
        {
            return DateTime.DaysInMonth(year, start.Month) >= start.Day ? [new DateOnly(year, start.Month, start.Day)] : [];
        }

        if (rule is { ByMonth.Count: 0, ByMonthDay.Count: 0 })
        {
            var length = DateTime.IsLeapYear(year) ? 366 : 365;
            return Range(first, length).Where(date => IsWeekday(rule, date, first, length));
        }

        return Enumerable.Range(1, 12).SelectMany(month => InMonth(rule, start, new DateOnly(year, month, 1)));
    }

    private static bool Matches(RecurrenceRule rule, DateOnly date) =>
        (rule.ByMonth.Count == 0 || rule.ByMonth.Contains(date.Month))
        && IsMonthDay(rule, date)
        && (rule.ByDay.Count == 0 || rule.ByDay.Any(day => day.Day == date.DayOfWeek));

    private static bool IsMonthDay(RecurrenceRule rule, DateOnly date) =>
        rule.ByMonthDay.Count == 0
        || rule.ByMonthDay.Contains(date.Day)
        || rule.ByMonthDay.Contains(date.Day - DateTime.DaysInMonth(date.Year, date.Month) - 1);

    /// <summary>Whether the date is one of the rule's weekdays, numbered within the span that begins at <paramref name="first"/>.</summary>
    private static bool IsWeekday(RecurrenceRule rule, DateOnly date, DateOnly first, int length)
    {
        if (rule.ByDay.Count == 0)
        {
            return true;
        }

        var index = date.DayNumber - first.DayNumber;
        var fromStart = (index / 7) + 1;
        var fromEnd = -(((length - 1 - index) / 7) + 1);
        return rule.ByDay.Any(day => day.Day == date.DayOfWeek && (day.Ordinal == 0 || day.Ordinal == fromStart || day.Ordinal == fromEnd));
    }

    private static IEnumerable<DateOnly> Range(DateOnly first, int count) =>
        Enumerable.Range(0, Math.Min(count, DateOnly.MaxValue.DayNumber - first.DayNumber + 1)).Select(first.AddDays);
}
