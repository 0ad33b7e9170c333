namespace Todo.Api.Recurring;

internal enum Frequency
{
    Daily,
    Weekly,
    Monthly,
    Yearly,
}

/// <summary>A weekday, or with an ordinal the n-th one of the month or year; negative ordinals count from the end.</summary>
internal readonly record struct ByDay(int Ordinal, DayOfWeek Day);

/// <summary>
/// The part of RFC 5545 recurrence a todo needs. Dates repeat, the time of day stays: an occurrence is a date, and only the zone's rules
/// decide which moment that is.
/// </summary>
internal sealed record RecurrenceRule(Frequency Frequency)
{
    public int Interval { get; init; } = 1;

    /// <summary>How many occurrences there are in all, the present one included.</summary>
    public int? Count { get; init; }

    public Until? Until { get; init; }

    public IReadOnlyList<ByDay> ByDay { get; init; } = [];

    public IReadOnlyList<int> ByMonthDay { get; init; } = [];

    public IReadOnlyList<int> ByMonth { get; init; } = [];

    public DayOfWeek WeekStart { get; init; } = DayOfWeek.Monday;
}

/// <summary>The last day, or the last moment, an occurrence may have.</summary>
internal sealed record Until(DateOnly Date, TimeOnly? Time, bool IsUtc)
{
    public bool Allows(DateOnly date, TimeOnly? time, TimeZoneInfo zone)
    {
        if (Time is not { } limit)
        {
            return date <= Date;
        }

        if (!IsUtc)
        {
            return date < Date || (date == Date && (time ?? TimeOnly.MinValue) <= limit);
        }

        return Dates.LocalMoment.Of(date, time ?? TimeOnly.MinValue, zone) <= new DateTimeOffset(Date.ToDateTime(limit), TimeSpan.Zero);
    }
}
