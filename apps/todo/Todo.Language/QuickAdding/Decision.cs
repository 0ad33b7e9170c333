namespace Todo.Language.QuickAdding;

/// <summary>
/// Chooses among the meanings of a line. Two dates without a word that says which one is due, two repetitions or two times
/// are all left to the writer: they stay in the title.
/// </summary>
internal static class Decision
{
    public static IReadOnlyList<Meaning> Of(Line line, Grammar grammar)
    {
        var found = Proposals(line, grammar);
        var chosen = new List<Meaning>();
        chosen.AddRange(Signs(found));
        var repetition = Only(found.Where(meaning => meaning.Kind == "recurrence"));
        var date = Date(found, line, grammar, repetition is not null);
        var time = Time(found, repetition, date);
        var end = End(line, grammar, repetition, time);
        if (end is not null)
        {
            repetition = repetition! with { Repetition = repetition.Repetition! with { Until = end.Date } };
            date = date is not null && date.First < end.After && end.First < date.After ? null : date;
        }

        chosen.AddRange(new[] { repetition, date, time, end }.OfType<Meaning>());
        chosen.Sort((left, right) => left.First.CompareTo(right.First));
        return chosen.Sum(meaning => meaning.Count) == line.Count ? [] : chosen;
    }

    /// <summary>From left to right; what a repetition takes cannot be a date any more.</summary>
    private static List<Meaning> Proposals(Line line, Grammar grammar)
    {
        var found = new List<Meaning>();
        for (var index = 0; index < line.Count;)
        {
            var meaning = Symbols.At(line.Tokens, index)
                ?? grammar.RepetitionAt(line, index)
                ?? grammar.DateAt(line, index)
                ?? grammar.TimeAt(line, index);
            if (meaning is not null)
            {
                found.Add(meaning);
                line.BehindDay = meaning.Kind is "date" or "recurrence" ? meaning.After : -1;
            }

            index = meaning?.After ?? index + 1;
        }

        return found;
    }

    private static IEnumerable<Meaning> Signs(List<Meaning> found)
    {
        var tags = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        bool category = false, priority = false;
        foreach (var meaning in found)
        {
            var taken = meaning.Kind switch
            {
                "tag" => tags.Contains(meaning.Value!) || (tags.Count < Symbols.TagsMax && tags.Add(meaning.Value!)),
                "category" => !category && (category = true),
                "priority" => !priority && (priority = true),
                _ => false,
            };
            if (taken)
            {
                yield return meaning;
            }
        }
    }

    /// <summary>"every 2 weeks at 23:00 until 2026-12-31": the end may stand behind the time.</summary>
    private static Meaning? End(Line line, Grammar grammar, Meaning? repetition, Meaning? time) =>
        repetition?.Repetition is { Until: null, Count: 0 } && time is not null && time.First == repetition.After ? grammar.EndAt(line, time.After) : null;

    private static Meaning? Date(List<Meaning> found, Line line, Grammar grammar, bool repeats)
    {
        var dates = found.Where(meaning => meaning.Kind == "date" && (repeats || !meaning.StartOnly)).ToList();
        dates.RemoveAll(date => IsEndOfRange(date, line, grammar));
        if (Only(dates.Where(date => date.Marked)) is { } marked)
        {
            return marked;
        }

        return Only(dates);
    }

    private static bool IsEndOfRange(Meaning date, Line line, Grammar grammar) =>
        Joins(date, line, grammar)
        || (grammar.Bridges.Contains(line.Word(date.After - 1, 1)) && IsDay(date.After + 1, line, grammar))
        || (date.First > 1 && grammar.Bridges.Contains(line.Before(date.First)) && IsDay(date.First - 2, line, grammar));

    /// <summary>"Monday to Friday", "Montag bis Freitag": the joining word may also have been read as announcing the second day.</summary>
    private static bool Joins(Meaning date, Line line, Grammar grammar) =>
        date.First > 0 && grammar.Bridges.Contains(line.Word(date.First)) && line.Before(date.First).Length > 0 && IsDay(date.First - 1, line, grammar);

    private static bool IsDay(int index, Line line, Grammar grammar) =>
        grammar.Weekday(line.Word(index)) is not null || grammar.DateAt(line, index) is not null;

    private static Meaning? Time(List<Meaning> found, Meaning? repetition, Meaning? date)
    {
        bool Beside(Meaning time) => new[] { repetition, date }.Any(day => day is not null && (day.After == time.First || time.After == day.First));

        var times = found.Where(meaning => meaning.Kind == "time").ToList();

        // A time belongs to the day beside it; if that day stays in the title, so does its time.
        if (date is null && repetition is null && found.Exists(meaning => meaning.Kind is "date" or "unclear"))
        {
            return null;
        }

        return times.Count switch
        {
            0 => null,
            1 => times[0].Certain || Beside(times[0]) ? times[0] : null,
            _ => Only(times.Where(Beside)),
        };
    }

    private static Meaning? Only(IEnumerable<Meaning> meanings)
    {
        var first = meanings.Take(2).ToList();
        return first.Count == 1 ? first[0] : null;
    }
}
