using System.Globalization;
using System.Text;

namespace Todo.Language.QuickAdding;

internal enum Frequency
{
    Daily,
    Weekly,
    Monthly,
    Yearly,
}

/// <summary>A repetition as it was said, and the RRULE it becomes.</summary>
internal sealed record Repetition(Frequency Frequency, int Interval = 1)
{
    /// <summary>Days of the week, Monday first; with <see cref="Nth"/> the one day it counts.</summary>
    public IReadOnlyList<DayOfWeek> Days { get; init; } = [];

    /// <summary>Which such day of the month: 1 to 4, or -1 for the last one; 0 for every one.</summary>
    public int Nth { get; init; }

    /// <summary>Day of the month, -1 for the last; 0 for none.</summary>
    public int MonthDay { get; init; }

    public int Month { get; init; }

    public DateOnly? Until { get; init; }

    public int Count { get; init; }

    public string ToRule()
    {
        var rule = new StringBuilder("FREQ=").Append(Frequency.ToString().ToUpperInvariant());
        if (Interval > 1)
        {
            rule.Append(CultureInfo.InvariantCulture, $";INTERVAL={Interval}");
        }

        if (Month > 0)
        {
            rule.Append(CultureInfo.InvariantCulture, $";BYMONTH={Month}");
        }

        if (MonthDay != 0)
        {
            rule.Append(CultureInfo.InvariantCulture, $";BYMONTHDAY={MonthDay}");
        }

        if (Days.Count > 0)
        {
            rule.Append(";BYDAY=").AppendJoin(',', Days.Select(day => Nth == 0 ? Code(day) : Nth.ToString(CultureInfo.InvariantCulture) + Code(day)));
        }

        if (Until is { } until)
        {
            rule.Append(CultureInfo.InvariantCulture, $";UNTIL={until:yyyyMMdd}");
        }

        if (Count > 0)
        {
            rule.Append(CultureInfo.InvariantCulture, $";COUNT={Count}");
        }

        return rule.ToString();
    }

    /// <summary>The first day on or after <paramref name="from"/> the rule names; <paramref name="from"/> itself when it names none.</summary>
    public DateOnly FirstOn(DateOnly from)
    {
        // A yearly day such as 29 February is at most eight years away.
        var limit = from.DayNumber + (366 * 9) < DateOnly.MaxValue.DayNumber ? 366 * 9 : DateOnly.MaxValue.DayNumber - from.DayNumber;
        for (var ahead = 0; ahead <= limit; ahead++)
        {
            var day = from.AddDays(ahead);
            if (Names(day))
            {
                return day;
            }
        }

        return from;
    }

    private bool Names(DateOnly day) =>
        (Month == 0 || day.Month == Month)
        && (MonthDay == 0 || day.Day == (MonthDay > 0 ? MonthDay : DateTime.DaysInMonth(day.Year, day.Month) + 1 + MonthDay))
        && (Days.Count == 0 || (Days.Contains(day.DayOfWeek) && (Nth == 0 || IsNth(day))));

    private bool IsNth(DateOnly day) =>
        Nth > 0 ? (day.Day - 1) / 7 == Nth - 1 : day.Day + 7 > DateTime.DaysInMonth(day.Year, day.Month);

    public static string Code(DayOfWeek day) => day.ToString()[..2].ToUpperInvariant();
}
