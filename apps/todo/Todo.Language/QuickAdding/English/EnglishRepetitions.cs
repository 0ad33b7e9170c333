namespace Todo.Language.QuickAdding.English;

internal sealed partial class EnglishGrammar
{
    public override Meaning? RepetitionAt(Line line, int index)
    {
        var found = Every(line, index) ?? OnTheDay(line, index) ?? Adverb(line, index);
        return found?.Repetition is null ? found : WithEnd(line, found);
    }

    private Meaning? Every(Line line, int index)
    {
        if (line.Word(index) is not ("every" or "each"))
        {
            return null;
        }

        string Word(int offset) => line.Word(index, offset);

        switch (Word(1), Word(2))
        {
            case ("weekday" or "workday", _): return Repeats(index, 2, Workdays);
            case ("weekend", _): return Repeats(index, 2, Weekends);
            case ("morning" or "afternoon" or "evening" or "night", _):
                return Repeats(index, 2, new(Frequency.Daily)) with { ImpliedTime = PartOfDay(Word(1)) };
            case ("other", _) when Frequent(Word(2)) is { } unit: return Spread(line, index, 3, new(unit, 2));
            case ("other", _) when Weekday(Word(2)) is { } day: return WithPart(line, Repeats(index, 3, new(Frequency.Weekly, 2) { Days = [day] }));
            case (_, _) when Frequent(Word(1)) is { } unit: return Spread(line, index, 2, new(unit));
            case (_, _) when Line.Number(Word(1)) is >= 1 and <= 999 and var times && Frequent(Word(2)) is { } unit: return Spread(line, index, 3, new(unit, times));
            case (_, _) when Numbers.TryGetValue(Word(1), out var times) && times > 1 && Frequent(Word(2)) is { } unit: return Spread(line, index, 3, new(unit, times));
            case ("last", "day"): return Repeats(index, 3 + OfTheMonth(line, index, 3), new(Frequency.Monthly) { MonthDay = -1 });
            case ("last", _) when Weekday(Word(2)) is { } day:
                return Repeats(index, 3 + OfTheMonth(line, index, 3), new(Frequency.Monthly) { Days = [day], Nth = -1 });
            case (_, _) when Ordinal(Word(1)) is { } nth && Frequent(Word(2)) is { } unit && nth > 1: return Spread(line, index, 3, new(unit, nth));
            case (_, _) when Ordinal(Word(1)) is { } nth and <= 4 && Weekday(Word(2)) is { } day: return NthWeekday(line, index, nth, day);
            case (_, _) when DayAndMonth(line, index + 1) is { Day: { } yearly } dated && line.Word(index, 1).Length > 0:
                return Repeats(index, 1 + dated.Count, new(Frequency.Yearly) { Month = yearly.Month, MonthDay = yearly.Day });
            case (_, _) when Ordinal(Word(1)) is { } number && char.IsAsciiDigit(Word(1)[0]):
                return Repeats(index, 2 + OfTheMonth(line, index, 2), new(Frequency.Monthly) { MonthDay = number });
            default:
                var (days, count) = WeekdayList(line, index + 1, Weekday, "and", "&");
                return days.Count > 0 && Word(1).Length > 0 ? WithPart(line, Repeats(index, 1 + count, new(Frequency.Weekly) { Days = days })) : null;
        }
    }

    /// <summary>"every second Monday" is every other one or that of the month; only "of the month" tells.</summary>
    private static Meaning NthWeekday(Line line, int index, int nth, DayOfWeek day)
    {
        var more = OfTheMonth(line, index, 3);
        return nth == 2 && more == 0 ? Unclear(index, 3) : Repeats(index, 3 + more, new(Frequency.Monthly) { Days = [day], Nth = nth });
    }

    /// <summary>"every 2 weeks on Monday and Friday", "every month on the 15th", "every year on 5 January".</summary>
    private Meaning Spread(Line line, int index, int count, Repetition plain)
    {
        var whole = Repeats(index, count, plain);
        if (line.Word(index, count) != "on")
        {
            return whole;
        }

        var at = index + count + 1;
        string Word(int offset) => line.Word(at, offset);
        switch (plain.Frequency)
        {
            case Frequency.Weekly:
                var (days, words) = WeekdayList(line, at, Weekday, "and", "&");
                return days.Count > 0 ? WithPart(line, Repeats(index, count + 1 + words, plain with { Days = days })) : whole;
            case Frequency.Yearly when DayAndMonth(line, at) is { Day: { } day } dated:
                return Repeats(index, count + 1 + dated.Count, plain with { Month = day.Month, MonthDay = day.Day });
            case Frequency.Monthly when Word(0) == "the":
                return (Word(1), Word(2)) switch
                {
                    ("last", "day") => Repeats(index, count + 4, plain with { MonthDay = -1 }),
                    ("last", _) when Weekday(Word(2)) is { } last => Repeats(index, count + 4, plain with { Days = [last], Nth = -1 }),
                    _ when Ordinal(Word(1)) is { } nth and <= 4 && Weekday(Word(2)) is { } counted => Repeats(index, count + 4, plain with { Days = [counted], Nth = nth }),
                    _ when Ordinal(Word(1)) is { } number => Repeats(index, count + 3, plain with { MonthDay = number }),
                    _ => whole,
                };
            default:
                return whole;
        }
    }

    private Meaning? Adverb(Line line, int index)
    {
        Repetition? plain = line.Word(index) switch
        {
            "daily" => new(Frequency.Daily),
            "weekly" => new(Frequency.Weekly),
            "fortnightly" => new(Frequency.Weekly, 2),
            "monthly" => new(Frequency.Monthly),
            "quarterly" => new(Frequency.Monthly, 3),
            "yearly" or "annually" => new(Frequency.Yearly),
            _ => null,
        };
        if (plain is not null)
        {
            // "monthly on the 1st" says which day; "weekly report" says nothing about the todo.
            return Spread(line, index, 1, plain) is { Count: > 1 } spread ? spread : line.IsSettled(index + 1, this) ? Repeats(index, 1, plain) : null;
        }

        var prefix = line.Word(index) == "on" ? 1 : 0;
        switch (line.Word(index, prefix))
        {
            case "weekdays" or "workdays": return Repeats(index, prefix + 1, Workdays);
            case "weekends" when prefix == 1: return Repeats(index, 2, Weekends);
            default:
                var (days, count) = WeekdayList(line, index + prefix, Plural, "and", "&");
                return days.Count > 0 ? WithPart(line, Repeats(index, prefix + count, new(Frequency.Weekly) { Days = days })) : null;
        }
    }

    /// <summary>"on the 1st of every month", "the last day of each month".</summary>
    private static Meaning? OnTheDay(Line line, int index)
    {
        var prefix = line.Word(index) == "on" ? 1 : 0;
        if (line.Word(index, prefix) != "the")
        {
            return null;
        }

        var (words, day) = (line.Word(index, prefix + 1), line.Word(index, prefix + 2)) switch
        {
            ("last", "day") => (3, -1),
            var (word, _) when word.Length > 0 && char.IsAsciiDigit(word[0]) && Ordinal(word) is { } number => (2, number),
            _ => (0, 0),
        };
        return words > 0 && line.Word(index, prefix + words) == "of" && line.Word(index, prefix + words + 1) is "every" or "each" && line.Word(index, prefix + words + 2) == "month"
            ? Repeats(index, prefix + words + 3, new(Frequency.Monthly) { MonthDay = day })
            : null;
    }

    private DayOfWeek? Plural(string word) => word.Length > 4 && word[^1] == 's' && Weekdays.TryGetValue(word[..^1], out var day) ? day : null;

    public override Meaning? EndAt(Line line, int index) =>
        line.Word(index) is "until" or "till" && line.Word(index, 1).Length > 0 && Day(line, index, 1, announced: true) is { Date: not null } until
            ? until with { Kind = "recurrence" }
            : null;

    /// <summary>"until 2026-05-01", "for 10 times".</summary>
    private Meaning WithEnd(Line line, Meaning found)
    {
        if (!line.Tokens[found.After - 1].EndsClause && EndAt(line, found.After) is { } end)
        {
            return found with { Count = found.Count + end.Count, Repetition = found.Repetition! with { Until = end.Date } };
        }

        var at = found.After;
        return line.Word(found.After - 1, 1) == "for" && Number(line.Word(at, 1)) is >= 2 and var times && line.Word(at, 2) == "times"
            ? found with { Count = found.Count + 3, Repetition = found.Repetition! with { Count = times } }
            : found;
    }

    private static Meaning WithPart(Line line, Meaning found) =>
        PartOfDay(line.Word(found.After - 1, 1)) is { } part ? found with { Count = found.Count + 1, ImpliedTime = part } : found;

    /// <summary>How many words say "of the month" or "of every month".</summary>
    private static int OfTheMonth(Line line, int index, int offset) =>
        line.Word(index, offset) is "of" or "in" && line.Word(index, offset + 1) is "the" or "every" or "each" or "a" && line.Word(index, offset + 2) == "month" ? 3 : 0;
}
