using System.Collections.Frozen;

namespace Todo.Language.QuickAdding;

/// <summary>How one language speaks of days, times and repetitions. A grammar proposes; <see cref="Decision"/> decides.</summary>
internal abstract class Grammar
{
    public static Grammar English { get; } = new English.EnglishGrammar();

    public static Grammar German { get; } = new German.GermanGrammar();

    public abstract FrozenDictionary<string, DayOfWeek> Weekdays { get; }

    /// <summary>Short names, which are words of their own ("sat", "so") unless something announces a day.</summary>
    public abstract FrozenDictionary<string, DayOfWeek> ShortWeekdays { get; }

    public abstract FrozenDictionary<string, int> Months { get; }

    public abstract FrozenDictionary<string, int> Numbers { get; }

    public abstract FrozenDictionary<string, Unit> Units { get; }

    /// <summary>Words before a date that make it somebody else's: "from Monday" is no due date.</summary>
    public abstract FrozenSet<string> Strangers { get; }

    /// <summary>Words that join two dates: "Monday to Friday" is no due date either.</summary>
    public abstract FrozenSet<string> Bridges { get; }

    public abstract Meaning? DateAt(Line line, int index);

    public abstract Meaning? TimeAt(Line line, int index);

    public abstract Meaning? RepetitionAt(Line line, int index);

    /// <summary>"until 2026-12-31" behind a repetition.</summary>
    public abstract Meaning? EndAt(Line line, int index);

    public DayOfWeek? Weekday(string word) =>
        Weekdays.TryGetValue(word, out var day) || ShortWeekdays.TryGetValue(word, out day) ? day : null;

    public int? Month(string word) => Months.TryGetValue(word, out var month) ? month : null;

    public int? Number(string word) => Line.Number(word) ?? (Numbers.TryGetValue(word, out var number) ? number : null);

    public Unit? UnitOf(string word) => Units.TryGetValue(word, out var unit) ? unit : null;

    /// <summary>A year behind a day and a month: "2027" of "5 January 2027".</summary>
    protected static int? YearAt(Line line, int first, int offset)
    {
        var word = line.Word(first, offset);
        return word.Length == 4 && Line.Number(word) is >= 1900 and <= 2999 and var year ? year : null;
    }

    protected static Meaning? On(int index, int count, DateOnly? day) => day is null ? null : new("date", index, count) { Date = day };

    /// <summary>Words that contradict each other: none of them may be read by itself.</summary>
    protected static Meaning Unclear(int index, int count) => new("unclear", index, count);

    protected static Meaning Repeats(int index, int count, Repetition repetition) => new("recurrence", index, count) { Repetition = repetition };

    protected static Repetition Workdays => new(Frequency.Weekly)
    {
        Days = [DayOfWeek.Monday, DayOfWeek.Tuesday, DayOfWeek.Wednesday, DayOfWeek.Thursday, DayOfWeek.Friday],
    };

    protected static Repetition Weekends => new(Frequency.Weekly) { Days = [DayOfWeek.Saturday, DayOfWeek.Sunday] };

    protected Frequency? Frequent(string word) => UnitOf(word) switch
    {
        Unit.Day => Frequency.Daily,
        Unit.Week => Frequency.Weekly,
        Unit.Month => Frequency.Monthly,
        Unit.Year => Frequency.Yearly,
        _ => null,
    };

    protected static DateOnly? Weekend(DateOnly today) =>
        today.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday ? today : Days.Coming(today, DayOfWeek.Saturday);

    protected static DateOnly? EndOfWeek(DateOnly today) => today.DayOfWeek == DayOfWeek.Friday ? today : Days.Coming(today, DayOfWeek.Friday);

    /// <summary>Now and some amount of time: a day, and for hours and minutes also the time of that day.</summary>
    protected static Meaning? After(Line line, int index, int count, int amount, Unit unit)
    {
        if (amount is < 1 or > 999)
        {
            return null;
        }

        if (unit is Unit.Hour or Unit.Minute)
        {
            if (line.Now.Year >= 9999)
            {
                return null;
            }

            var then = line.Now.AddMinutes(unit == Unit.Hour ? amount * 60 : amount);
            return new("date", index, count) { Date = DateOnly.FromDateTime(then), ImpliedTime = new TimeOnly(then.Hour, then.Minute) };
        }

        var day = unit switch
        {
            Unit.Day => Days.Plus(line.Today, amount),
            Unit.Week => Days.Plus(line.Today, 7L * amount),
            Unit.Month => Days.PlusMonths(line.Today, amount),
            _ => Days.PlusMonths(line.Today, 12 * amount),
        };
        return day is null ? null : new Meaning("date", index, count) { Date = day };
    }

    /// <summary>"mon, wed and fri": at least one weekday, and how many words it took.</summary>
    protected static (IReadOnlyList<DayOfWeek> Days, int Count) WeekdayList(Line line, int index, Func<string, DayOfWeek?> read, params ReadOnlySpan<string> ands)
    {
        var days = new List<DayOfWeek>();
        var at = index;
        while (read(line.Word(at)) is { } day)
        {
            if (!days.Contains(day))
            {
                days.Add(day);
            }

            var next = at + 1;
            if (ands.Contains(line.Word(next)))
            {
                next++;
            }
            else if (!line.EndsWith(at, ','))
            {
                return (Ordered(days), next - index);
            }

            if (read(line.Word(next)) is null)
            {
                return (Ordered(days), at + 1 - index);
            }

            at = next;
        }

        return (Ordered(days), at - index);
    }

    private static List<DayOfWeek> Ordered(List<DayOfWeek> days) => [.. days.OrderBy(day => ((int)day + 6) % 7)];
}

internal enum Unit
{
    Minute,
    Hour,
    Day,
    Week,
    Month,
    Year,
}
