namespace Todo.Language.QuickAdding;

/// <summary>Arithmetic with days. Whatever leaves the calendar is no date.</summary>
internal static class Days
{
    public static DateOnly? Plus(DateOnly day, long days)
    {
        var number = day.DayNumber + days;
        return number < 0 || number > DateOnly.MaxValue.DayNumber ? null : DateOnly.FromDayNumber((int)number);
    }

    public static DateOnly? PlusMonths(DateOnly day, int months) =>
        (day.Year * 12L) + months < (9999L * 12) + 1 ? day.AddMonths(months) : null;

    /// <summary>The first such weekday after the day itself.</summary>
    public static DateOnly? Coming(DateOnly today, DayOfWeek day)
    {
        var ahead = ((int)day - (int)today.DayOfWeek + 7) % 7;
        return Plus(today, ahead == 0 ? 7 : ahead);
    }

    /// <summary>That weekday of the week some weeks on; weeks begin on Monday.</summary>
    public static DateOnly? OfWeek(DateOnly today, int weeks, DayOfWeek day) =>
        Plus(today, (7L * weeks) - FromMonday(today.DayOfWeek) + FromMonday(day));

    /// <summary>The next day of that number, today included.</summary>
    public static DateOnly? OfMonth(DateOnly today, int number)
    {
        for (var months = 0; months < 12; months++)
        {
            var month = new DateOnly(today.Year, today.Month, 1).AddMonths(months);
            if (number <= DateTime.DaysInMonth(month.Year, month.Month) && Of(month.Year, month.Month, number) is { } day && day >= today)
            {
                return day;
            }
        }

        return null;
    }

    /// <summary>That day in the given year, or without one the next such day, today included.</summary>
    public static DateOnly? Of(DateOnly today, int month, int day, int? year)
    {
        if (year is { } given)
        {
            return Of(given, month, day);
        }

        for (var years = 0; years <= 8; years++)
        {
            if (Of(today.Year + years, month, day) is { } found && found >= today)
            {
                return found;
            }
        }

        return null;
    }

    public static DateOnly? Of(int year, int month, int day) =>
        year is >= 1 and <= 9999 && month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(year, month)
            ? new DateOnly(year, month, day)
            : null;

    public static DateOnly EndOfMonth(DateOnly day) => new(day.Year, day.Month, DateTime.DaysInMonth(day.Year, day.Month));

    private static int FromMonday(DayOfWeek day) => ((int)day + 6) % 7;
}
