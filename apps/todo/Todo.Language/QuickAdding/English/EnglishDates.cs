namespace Todo.Language.QuickAdding.English;

internal sealed partial class EnglishGrammar
{
    public override Meaning? DateAt(Line line, int index)
    {
        var (prefix, marked) = Announcement(line, index);
        var found = Day(line, index, prefix, prefix > 0);
        if (found is { Kind: "date" } && prefix == 0 && Strangers.Contains(line.Before(index)))
        {
            return Unclear(index, found.Count);
        }

        return found is not { Kind: "date" } ? found : WithPartOfDay(line, found) with { Marked = marked, StartOnly = line.Word(index) == "from" };
    }

    /// <summary>"due", "due on", "by", "on", "for", "starting": how many words announce a date, and whether they say it is the due one.</summary>
    private static (int Count, bool Marked) Announcement(Line line, int index) => (line.Word(index), line.Word(index, 1)) switch
    {
        ("due", "on" or "by") or ("starting", "on" or "from") => (2, true),
        ("due" or "by" or "starting" or "deadline", _) => (1, true),
        ("on" or "for" or "from", _) => (1, false),
        _ => (0, false),
    };

    private Meaning? Day(Line line, int index, int prefix, bool announced)
    {
        string Word(int offset) => line.Word(index, prefix + offset);

        Meaning? Found(int words, DateOnly? day) => day is null ? null : new Meaning("date", index, prefix + words) { Date = day };

        switch (Word(0), Word(1))
        {
            case ("today", _): return Found(1, line.Today);
            case ("tomorrow" or "tmrw" or "tmr", _): return Found(1, Days.Plus(line.Today, 1));
            case ("tonight", _): return Found(1, line.Today) is { } tonight ? tonight with { ImpliedTime = new(20, 0) } : null;
            case ("day", "after") when Word(2) == "tomorrow": return Found(3, Days.Plus(line.Today, 2));
            case ("the", "day") when Word(2) == "after" && Word(3) == "tomorrow": return Found(4, Days.Plus(line.Today, 2));
            case ("this", "morning" or "afternoon" or "evening"): return Found(1, line.Today);
            case ("this" or "coming", "weekend"): return Found(2, Weekend(line.Today));
            case ("this" or "coming", _) when Weekday(Word(1)) is { } day: return Found(2, Days.Coming(line.Today, day));
            case ("next", _): return Next(line, Word(1), Found);
            case ("in", "half") when Word(2) == "an" && Word(3) == "hour": return After(line, index, prefix + 4, 30, Unit.Minute);
            case ("in", _) when Number(Word(1)) is { } && UnitOf(Word(2)) is { } && Word(3) is "before" or "after" or "of" or "early": return Unclear(index, prefix + 3);
            case ("in", _) when Number(Word(1)) is { } amount && UnitOf(Word(2)) is { } unit:
                return After(line, index, prefix + (Word(3) == "from" && Word(4) is "now" or "today" ? 5 : 3), amount, unit);
            case ("in", _) when Attached(Word(1)) is { } attached: return After(line, index, prefix + 2, attached.Amount, attached.Unit);
            case (_, _) when Word(2) == "from" && Word(3) is "now" or "today" && Number(Word(0)) is { } amount && UnitOf(Word(1)) is { } unit:
                return After(line, index, prefix + 4, amount, unit);
            case ("end", "of") when Word(2) == "month": return Found(3, Days.EndOfMonth(line.Today));
            case ("end", "of") when Word(2) is "the" or "this" && Word(3) == "month": return Found(4, Days.EndOfMonth(line.Today));
            case ("end", "of") when Word(2) == "week": return Found(3, EndOfWeek(line.Today));
            case ("end", "of") when Word(2) is "the" or "this" && Word(3) == "week": return Found(4, EndOfWeek(line.Today));
            case ("the", _) when announced && Ordinal(Word(1)) is { } number && IsNumeral(Word(1)) && Month(Word(2)) is null && Word(2) != "of":
                return Found(2, Days.OfMonth(line.Today, number));
            case (_, _) when announced && Ordinal(Word(0)) is { } number && IsNumeral(Word(0)) && Month(Word(1)) is null && Word(1) != "of":
                return Found(1, Days.OfMonth(line.Today, number));
            default: return Named(line, index, prefix, announced);
        }
    }

    /// <summary>A weekday, a date with the month's name, both together, or a date in digits.</summary>
    private Meaning? Named(Line line, int index, int prefix, bool announced)
    {
        string Word(int offset) => line.Word(index, prefix + offset);

        var weekday = Weekday(Word(0));
        var skip = weekday is not null || (announced && Word(0) == "the") ? 1 : 0;
        if (weekday is not null && Word(1).Length == 0 && line.EndsWith(index + prefix, ',') && DayAndMonth(line, index + prefix + 1) is { } parted)
        {
            return parted.Day?.DayOfWeek == weekday ? On(index, prefix + 1 + parted.Count, parted.Day) : Unclear(index, prefix + 1 + parted.Count);
        }

        if (Word(skip).Length > 0 && DayAndMonth(line, index + prefix + skip) is { } dated)
        {
            // "Monday 6 January" is a contradiction in most years; then neither half is trusted.
            return weekday is null || dated.Day?.DayOfWeek == weekday ? On(index, prefix + skip + dated.Count, dated.Day) : Unclear(index, prefix + skip + dated.Count);
        }

        if (weekday is { } day)
        {
            if (Word(1) == "next" && Word(2) == "week")
            {
                return On(index, prefix + 3, Days.OfWeek(line.Today, 1, day));
            }

            var after = index + prefix + 1;
            var clear = announced || (Weekdays.ContainsKey(Word(0))
                ? index == 0 || PartOfDay(Word(1)) is not null || s_continuing.Contains(Word(1)) || line.IsSettled(after, this)
                : TimeAt(line, after) is not null);
            return clear ? On(index, prefix + 1, Days.Coming(line.Today, day)) : null;
        }

        if (Word(0).Length > 0 && NumericDates.IsEitherWay(line.Tokens[index + prefix].Core) && announced)
        {
            return Unclear(index, prefix + 1);
        }

        return Word(0).Length > 0 && NumericDates.Of(line.Tokens[index + prefix].Text, line.Today, announced) is { } numeric
            ? On(index, prefix + 1, numeric)
            : null;
    }

    /// <summary>"5 January", "5th of January 2027", "January 5th, 2027". A day that does not exist is a match without a day.</summary>
    private (DateOnly? Day, int Count)? DayAndMonth(Line line, int at)
    {
        string Word(int offset) => line.Word(at, offset);

        int month, day, count;
        if (Month(Word(0)) is { } first && DayNumber(Word(1)) is { } after)
        {
            (month, day, count) = (first, after, 2);
        }
        else if (DayNumber(Word(0)) is { } plain && Month(Word(1)) is { } second)
        {
            (month, day, count) = (second, plain, 2);
        }
        else if (DayNumber(Word(0)) is { } of && Word(1) == "of" && Month(Word(2)) is { } third)
        {
            (month, day, count) = (third, of, 3);
        }
        else
        {
            return null;
        }

        var year = YearAt(line, at, count) ?? (line.EndsWith(at + count - 1, ',') ? YearAt(line, at + count, 0) : null);
        return (Days.Of(line.Today, month, day, year), year is null ? count : count + 1);
    }

    private Meaning? Next(Line line, string word, Func<int, DateOnly?, Meaning?> found)
    {
        if (Weekday(word) is { } day)
        {
            return found(2, Days.OfWeek(line.Today, 1, day));
        }

        var firstOfMonth = new DateOnly(line.Today.Year, line.Today.Month, 1);
        return word switch
        {
            "week" => found(2, Days.OfWeek(line.Today, 1, DayOfWeek.Monday)),
            "weekend" => found(2, Days.OfWeek(line.Today, 1, DayOfWeek.Saturday)),
            "month" => found(2, Days.PlusMonths(firstOfMonth, 1)),
            "year" => found(2, Days.Of(line.Today.Year + 1, 1, 1)),
            _ => null,
        };
    }

    /// <summary>"2h" and "3d" behind "in".</summary>
    private static (int Amount, Unit Unit)? Attached(string word) => word.Length >= 2 && Line.Number(word[..^1]) is { } amount
        ? word[^1] switch
        {
            'h' => (amount, Unit.Hour),
            'd' => (amount, Unit.Day),
            'w' => (amount, Unit.Week),
            _ => null,
        }
        : null;

    private static bool IsNumeral(string word) => char.IsAsciiDigit(word[0]);

    /// <summary>"tomorrow morning", "on Friday in the evening".</summary>
    private static Meaning WithPartOfDay(Line line, Meaning date)
    {
        var last = date.After - 1;
        if (PartOfDay(line.Word(last, 1)) is { } part)
        {
            return date with { Count = date.Count + 1, ImpliedTime = part };
        }

        return line.Word(last, 1) == "in" && line.Word(last, 2) == "the" && PartOfDay(line.Word(last, 3)) is { } later
            ? date with { Count = date.Count + 3, ImpliedTime = later }
            : date;
    }

    private static TimeOnly? PartOfDay(string word) => word switch
    {
        "morning" => new(9, 0),
        "afternoon" => new(15, 0),
        "evening" => new(18, 0),
        "night" => new(20, 0),
        _ => null,
    };
}
