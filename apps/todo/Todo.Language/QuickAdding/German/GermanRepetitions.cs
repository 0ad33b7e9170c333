namespace Todo.Language.QuickAdding.German;

internal sealed partial class GermanGrammar
{
    public override Meaning? RepetitionAt(Line line, int index)
    {
        var found = Every(line, index) ?? OnTheDay(line, index) ?? Adverb(line, index);
        return found?.Repetition is null ? found : WithEnd(line, found);
    }

    private Meaning? Every(Line line, int index)
    {
        string Word(int offset) => line.Word(index, offset);

        if (Word(0) is not ("jeden" or "jede" or "jedes" or "alle"))
        {
            return null;
        }

        switch (Word(1), Word(2))
        {
            case ("werktag" or "arbeitstag" or "wochentag" or "werktage", _): return Repeats(index, 2, Workdays);
            case ("wochenende", _): return Repeats(index, 2, Weekends);
            case ("morgen" or "abend" or "nachmittag" or "vormittag" or "mittag", _) when Word(0) == "jeden":
                return Repeats(index, 2, new(Frequency.Daily)) with { ImpliedTime = PartOfDay(Word(1)) };
            case (_, _) when Word(0) != "alle" && Frequent(Word(1)) is { } unit: return Spread(line, index, 2, new(unit));
            case (_, _) when Word(0) == "alle" && Number(Word(1)) is >= 2 and <= 999 and var times && Frequent(Word(2)) is { } unit:
                return Spread(line, index, 3, new(unit, times));
            case ("letzten" or "letzte", "tag"): return Repeats(index, 3 + InTheMonth(line, index, 3), new(Frequency.Monthly) { MonthDay = -1 });
            case ("letzten", _) when Weekday(Word(2)) is { } day:
                return Repeats(index, 3 + InTheMonth(line, index, 3), new(Frequency.Monthly) { Days = [day], Nth = -1 });
            case (_, _) when DayAndMonth(line, index + 1) is { Day: { } yearly } dated && Word(1).Length > 0:
                return Repeats(index, 1 + dated.Count, new(Frequency.Yearly) { Month = yearly.Month, MonthDay = yearly.Day });
            case (_, _) when Word(1).Length > 0 && Ordinal(line, index + 1) is { } nth && Frequent(Word(2)) is { } unit && nth > 1:
                return Spread(line, index, 3, new(unit, nth));
            case (_, _) when Word(1).Length > 0 && Ordinal(line, index + 1) is { } nth and <= 4 && Weekday(Word(2)) is { } day:
                return NthWeekday(line, index, nth, day);
            case (_, _) when Word(1).Length > 0 && Ordinal(line, index + 1) is { } number && char.IsAsciiDigit(Word(1)[0]):
                return Repeats(index, 2 + InTheMonth(line, index, 2), new(Frequency.Monthly) { MonthDay = number });
            case (_, _) when Word(0) == "jeden" && DayAndPart(Word(1)) is { } joined:
                return Repeats(index, 2, new(Frequency.Weekly) { Days = [joined.Day] }) with { ImpliedTime = joined.Part };
            default:
                var (days, count) = WeekdayList(line, index + 1, Weekday, "und", "&");
                return days.Count > 0 && Word(0) == "jeden" && Word(1).Length > 0
                    ? WithPart(line, Repeats(index, 1 + count, new(Frequency.Weekly) { Days = days }))
                    : null;
        }
    }

    /// <summary>"jeden zweiten Montag" is every other one or that of the month; only "im Monat" tells.</summary>
    private static Meaning NthWeekday(Line line, int index, int nth, DayOfWeek day)
    {
        var more = InTheMonth(line, index, 3);
        return nth == 2 && more == 0 ? Unclear(index, 3) : Repeats(index, 3 + more, new(Frequency.Monthly) { Days = [day], Nth = nth });
    }

    /// <summary>"alle 2 Wochen am Montag und Freitag", "jeden Monat am 15.", "jedes Jahr am 5. Januar".</summary>
    private Meaning Spread(Line line, int index, int count, Repetition plain)
    {
        var whole = Repeats(index, count, plain);
        if (line.Word(index, count) != "am" || line.Word(index, count + 1).Length == 0)
        {
            return whole;
        }

        var at = index + count + 1;
        switch (plain.Frequency)
        {
            case Frequency.Weekly:
                var (days, words) = WeekdayList(line, at, Weekday, "und", "&");
                return days.Count > 0 ? WithPart(line, Repeats(index, count + 1 + words, plain with { Days = days })) : whole;
            case Frequency.Yearly when DayAndMonth(line, at) is { Day: { } day } dated:
                return Repeats(index, count + 1 + dated.Count, plain with { Month = day.Month, MonthDay = day.Day });
            case Frequency.Monthly:
                return (line.Word(at), line.Word(at, 1)) switch
                {
                    ("letzten", "tag") => Repeats(index, count + 3, plain with { MonthDay = -1 }),
                    ("letzten", var word) when Weekday(word) is { } last => Repeats(index, count + 3, plain with { Days = [last], Nth = -1 }),
                    (_, var word) when Ordinal(line, at) is { } nth and <= 4 && Weekday(word) is { } counted =>
                        Repeats(index, count + 3, plain with { Days = [counted], Nth = nth }),
                    _ when Ordinal(line, at) is { } number && char.IsAsciiDigit(line.Word(at)[0]) => Repeats(index, count + 2, plain with { MonthDay = number }),
                    _ => whole,
                };
            default:
                return whole;
        }
    }

    /// <summary>"am 15. jedes Monats", "am 15. jeden Monats".</summary>
    private static Meaning? OnTheDay(Line line, int index) =>
        line.Word(index) == "am" && line.Word(index, 2) is "jedes" or "jeden" && line.Word(index, 3) == "monats"
        && line.EndsWith(index + 1, '.') && Line.Number(line.Word(index, 1)) is >= 1 and <= 31 and var day
            ? Repeats(index, 4, new(Frequency.Monthly) { MonthDay = day })
            : null;

    private Meaning? Adverb(Line line, int index)
    {
        Repetition? plain = line.Word(index) switch
        {
            "täglich" or "taeglich" => new(Frequency.Daily),
            "wöchentlich" or "woechentlich" => new(Frequency.Weekly),
            "vierzehntägig" or "zweiwöchentlich" or "14-tägig" => new(Frequency.Weekly, 2),
            "monatlich" => new(Frequency.Monthly),
            "vierteljährlich" => new(Frequency.Monthly, 3),
            "jährlich" or "jaehrlich" => new(Frequency.Yearly),
            "werktags" => Workdays,
            _ => null,
        };
        if (plain is not null)
        {
            return Spread(line, index, 1, plain);
        }

        var (days, count) = WeekdayList(line, index, Adverbial, "und", "&");
        return days.Count > 0 ? WithPart(line, Repeats(index, count, new(Frequency.Weekly) { Days = days })) : null;
    }

    /// <summary>"montags": on Mondays.</summary>
    private DayOfWeek? Adverbial(string word) => word.Length > 6 && word[^1] == 's' && Weekdays.TryGetValue(word[..^1], out var day) ? day : null;

    public override Meaning? EndAt(Line line, int index)
    {
        var prefix = line.Word(index) != "bis" ? 0 : line.Word(index, 1) is "zum" or "am" ? 2 : 1;
        return prefix > 0 && line.Word(index, prefix).Length > 0 && Day(line, index, prefix) is { Date: not null } until ? until with { Kind = "recurrence" } : null;
    }

    /// <summary>"bis 1.5.2026", "10 mal".</summary>
    private Meaning WithEnd(Line line, Meaning found)
    {
        var last = found.After - 1;
        if (!line.Tokens[last].EndsClause && EndAt(line, found.After) is { } end)
        {
            return found with { Count = found.Count + end.Count, Repetition = found.Repetition! with { Until = end.Date } };
        }

        return Number(line.Word(last, 1)) is >= 2 and var times && line.Word(last, 2) is "mal" or "male"
            ? found with { Count = found.Count + 2, Repetition = found.Repetition! with { Count = times } }
            : found;
    }

    private static Meaning WithPart(Line line, Meaning found) =>
        PartOfDay(line.Word(found.After - 1, 1)) is { } part ? found with { Count = found.Count + 1, ImpliedTime = part } : found;

    /// <summary>How many words say "im Monat", "des Monats" or "eines Monats".</summary>
    private static int InTheMonth(Line line, int index, int offset) =>
        line.Word(index, offset) is "im" or "des" or "eines" or "jedes" && line.Word(index, offset + 1) is "monat" or "monats" ? 2 : 0;
}
