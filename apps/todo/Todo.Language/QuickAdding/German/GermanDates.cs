namespace Todo.Language.QuickAdding.German;

internal sealed partial class GermanGrammar
{
    public override Meaning? DateAt(Line line, int index)
    {
        var (prefix, marked) = Announcement(line, index);
        var found = Day(line, index, prefix);
        if (found is { Kind: "date" } && prefix == 0 && Strangers.Contains(line.Before(index)))
        {
            return Unclear(index, found.Count);
        }

        return found is not { Kind: "date" } ? found : WithPartOfDay(line, found) with { Marked = marked, StartOnly = line.Word(index) == "ab" };
    }

    /// <summary>"am", "bis zum", "fällig am": how many words announce a date, and whether they say it is the due one.</summary>
    private static (int Count, bool Marked) Announcement(Line line, int index) => (line.Word(index), line.Word(index, 1), line.Word(index, 2)) switch
    {
        ("spätestens", "bis", "zum") => (3, true),
        ("bis", "zum" or "am" or "spätestens", _) or ("fällig", "am" or "bis" or "zum", _) or ("spätestens", "am" or "bis", _) or ("bis", "einschließlich", _) => (2, true),
        ("bis" or "fällig" or "spätestens", _, _) => (1, true),
        ("am" or "zum" or "für" or "ab", _, _) => (1, false),
        _ => (0, false),
    };

    private Meaning? Day(Line line, int index, int prefix)
    {
        string Word(int offset) => line.Word(index, prefix + offset);

        Meaning? Found(int words, DateOnly? day) => On(index, prefix + words, day);

        switch (Word(0), Word(1))
        {
            case ("heute", _): return Found(1, line.Today);
            case ("morgen", _) when prefix == 0 ? line.Before(index) != "am" : line.Word(index) != "am": return Found(1, Days.Plus(line.Today, 1));
            case ("übermorgen" or "uebermorgen", _): return Found(1, Days.Plus(line.Today, 2));
            case ("wochenende", _) when prefix > 0: return Found(1, Weekend(line.Today));
            case ("dieses" or "kommendes", "wochenende"): return Found(2, Weekend(line.Today));
            case ("nächstes" or "naechstes", "wochenende"): return Found(2, Days.OfWeek(line.Today, 1, DayOfWeek.Saturday));
            case ("diesen" or "kommenden" or "kommender" or "dieser", _) when Weekday(Word(1)) is { } day: return Found(2, Days.Coming(line.Today, day));
            case ("nächsten" or "nächster" or "naechsten", _) when Weekday(Word(1)) is { } day: return Found(2, Days.OfWeek(line.Today, 1, day));
            case ("nächste" or "nächster" or "kommende" or "kommender" or "naechste", "woche"): return InWeek(line, index, prefix, 1);
            case ("übernächste" or "übernächster", "woche"): return InWeek(line, index, prefix, 2);
            case ("nächsten" or "kommenden" or "naechsten", "monat"): return Found(2, Days.PlusMonths(FirstOfMonth(line.Today), 1));
            case ("nächstes" or "kommendes" or "naechstes", "jahr"): return Found(2, Days.Of(line.Today.Year + 1, 1, 1));
            case ("in", "einer") when Word(2) == "halben" && Word(3) == "stunde": return After(line, index, prefix + 4, 30, Unit.Minute);
            case ("in", "einer") when Word(2) == "viertelstunde": return After(line, index, prefix + 3, 15, Unit.Minute);
            case ("in", _) when Number(Word(1)) is { } && UnitOf(Word(2)) is { } && Word(3) is "vor" or "nach": return Unclear(index, prefix + 3);
            case ("in", _) when Number(Word(1)) is { } amount && UnitOf(Word(2)) is { } unit: return After(line, index, prefix + 3, amount, unit);
            case ("ende", "des") when Word(2) == "monats": return Found(3, Days.EndOfMonth(line.Today));
            case ("monatsende", _): return Found(1, Days.EndOfMonth(line.Today));
            case ("ende", "der") when Word(2) == "woche": return Found(3, EndOfWeek(line.Today));
            default: return Named(line, index, prefix);
        }
    }

    /// <summary>"nächste Woche", or a day of it: "nächste Woche Montag".</summary>
    private Meaning? InWeek(Line line, int index, int prefix, int weeks)
    {
        var offset = line.Word(index, prefix + 2) == "am" ? 3 : 2;
        return Weekday(line.Word(index, prefix + offset)) is { } day
            ? On(index, prefix + offset + 1, Days.OfWeek(line.Today, weeks, day))
            : On(index, prefix + 2, Days.OfWeek(line.Today, weeks, DayOfWeek.Monday));
    }

    private Meaning? Named(Line line, int index, int prefix)
    {
        var at = index + prefix;
        string Word(int offset) => line.Word(index, prefix + offset);

        var weekday = Weekday(Word(0));
        if (weekday is not null)
        {
            // "Montag, den 5. Januar" and "Mo 5.1." name the day twice; a contradiction is trusted in neither half.
            var next = at + 1;
            var apart = line.EndsWith(at, ',') ? line.Word(next) : Word(1);
            next += apart is "den" or "dem" ? 1 : 0;
            if (apart.Length > 0 && (DayAndMonth(line, next) ?? Digits(line, next, prefix > 0)) is { } dated)
            {
                return dated.Day?.DayOfWeek == weekday ? On(index, next + dated.Count - index, dated.Day) : Unclear(index, next + dated.Count - index);
            }
        }

        if (Word(0).Length == 0)
        {
            return null;
        }

        if (DayAndPart(Word(0)) is { } joined)
        {
            return prefix > 0 || index == 0 || !line.IsCapital(at + 1)
                ? On(index, prefix + 1, Days.Coming(line.Today, joined.Day)) is { } found ? found with { ImpliedTime = joined.Part } : null
                : null;
        }

        if (weekday is { } day)
        {
            return Alone(line, index, prefix, day);
        }

        if (prefix > 0 && Ordinal(line, at) is { } number && char.IsAsciiDigit(Word(0)[0]) && Month(line.Word(at, 1)) is null)
        {
            return On(index, prefix + 1, Days.OfMonth(line.Today, number));
        }

        return (DayAndMonth(line, at) ?? Digits(line, at, prefix > 0)) is { } plain ? On(index, prefix + plain.Count, plain.Day) : null;
    }

    /// <summary>A weekday by itself: clear when announced, at the start, or where the sentence goes on or ends behind it.</summary>
    private Meaning? Alone(Line line, int index, int prefix, DayOfWeek day)
    {
        string Word(int offset) => line.Word(index, prefix + offset);

        if (Word(1) is "in" && Word(2) is "einer" && Word(3) == "woche")
        {
            return On(index, prefix + 4, Days.Plus(line.Today, 7) is { } later ? Days.Coming(later, day) : null);
        }

        if (Word(1) is "nächste" or "nächster" or "kommende" or "kommender" && Word(2) == "woche")
        {
            return On(index, prefix + 3, Days.OfWeek(line.Today, 1, day));
        }

        var after = index + prefix + 1;
        var spelled = Weekdays.ContainsKey(Word(0));
        var clear = prefix > 0
            ? spelled || line.IsCapital(index + prefix)
            : spelled
                ? index == 0 || PartOfDay(Word(1)) is not null || s_continuing.Contains(Word(1)) || line.IsSettled(after, this)
                    || char.IsLower(line.Tokens[after].Text[0])
                : line.IsCapital(index) && TimeAt(line, after) is not null;
        return clear ? On(index, prefix + 1, Days.Coming(line.Today, day)) : null;
    }

    /// <summary>"5. Januar", "5 Jan. 2027". A day that does not exist is a match without a day.</summary>
    private (DateOnly? Day, int Count)? DayAndMonth(Line line, int at)
    {
        if (Line.Number(line.Word(at)) is not { } day || line.Word(at).Length > 2 || Month(line.Word(at, 1)) is not { } month)
        {
            return null;
        }

        var year = YearAt(line, at, 2);
        return (Days.Of(line.Today, month, day, year), year is null ? 2 : 3);
    }

    private static (DateOnly? Day, int Count)? Digits(Line line, int at, bool announced)
    {
        if (line.Word(at).Length == 0)
        {
            return null;
        }

        // "5. 1. 2027" is how careful people write it.
        if (line.EndsWith(at, '.') && Line.Number(line.Word(at)) is { } day and <= 31 && line.EndsWith(at + 1, '.') && Line.Number(line.Word(at, 1)) is { } month and <= 12)
        {
            var year = YearAt(line, at, 2);
            return (Days.Of(line.Today, month, day, year), year is null ? 2 : 3);
        }

        return NumericDates.Of(line.Tokens[at].Text, line.Today, announced) is { } numeric ? (numeric, 1) : null;
    }

    private static DateOnly FirstOfMonth(DateOnly day) => new(day.Year, day.Month, 1);

    /// <summary>"morgen früh", "Montag am Nachmittag", "heute Abend".</summary>
    private static Meaning WithPartOfDay(Line line, Meaning date)
    {
        var last = date.After - 1;
        if (PartOfDay(line.Word(last, 1)) is { } part)
        {
            return date with { Count = date.Count + 1, ImpliedTime = part };
        }

        return line.Word(last, 1) == "am" && PartOfDay(line.Word(last, 2)) is { } later ? date with { Count = date.Count + 2, ImpliedTime = later } : date;
    }

    /// <summary>"Sonntagnachmittag" is one word.</summary>
    private (DayOfWeek Day, TimeOnly Part)? DayAndPart(string word)
    {
        var cut = word.IndexOf("tag", StringComparison.Ordinal) is var tag and > 0 ? tag + 3 : word.StartsWith("mittwoch", StringComparison.Ordinal) ? 8 : 0;
        return cut > 0 && cut < word.Length && Weekdays.TryGetValue(word[..cut], out var day) && word[cut..] is not ("s" or "morgens") && PartOfDay(word[cut..]) is { } part
            ? (day, part)
            : null;
    }

    private static TimeOnly? PartOfDay(string word) => word switch
    {
        "früh" or "morgens" => new(8, 0),
        "morgen" => new(8, 0),
        "vormittag" or "vormittags" => new(10, 0),
        "mittag" or "mittags" => new(12, 0),
        "nachmittag" or "nachmittags" => new(15, 0),
        "abend" or "abends" => new(18, 0),
        _ => null,
    };
}
