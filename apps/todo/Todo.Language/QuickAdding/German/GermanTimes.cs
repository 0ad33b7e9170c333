namespace Todo.Language.QuickAdding.German;

internal sealed partial class GermanGrammar
{
    public override Meaning? TimeAt(Line line, int index)
    {
        var prefix = line.Word(index) is "um" or "gegen" ? 1 : line.Word(index) == "bis" && line.Word(index, 1) == "um" ? 2 : 0;
        if (prefix == 0 && line.Word(index) == "bis" && line.Word(index, 2) == "uhr")
        {
            prefix = 1;
        }

        return prefix == 0 && (Strangers.Contains(line.Before(index)) || line.Before(index) == "ab" || line.Word(index).Length == 0) ? null : Clock(line, index, prefix);
    }

    private Meaning? Clock(Line line, int index, int prefix)
    {
        string Word(int offset) => line.Word(index, prefix + offset);

        Meaning? Found(int words, TimeOnly? time, bool certain) =>
            time is null ? null : WithHalf(line, new Meaning("time", index, prefix + words) { Time = time, Certain = certain || prefix > 0 });

        var hours = Word(1) is "uhr" or "h";
        if (hours && ClockTimes.OfDotted(Word(0)) is { } dotted)
        {
            return Found(2, dotted, certain: true);
        }

        if (ClockTimes.Of(Word(0), out var certain) is { } colon)
        {
            return Word(1) == "uhr" ? Found(2, colon, certain: true) : Found(1, colon, certain);
        }

        if (Word(1) == "uhr" && Number(Word(0)) is { } hour)
        {
            return Line.Number(Word(2)) is { } minute and <= 59 && Word(2).Length == 2
                ? Found(3, ClockTimes.Of(hour, minute), certain: true)
                : Found(2, ClockTimes.Of(hour, 0), certain: true);
        }

        return prefix > 0 ? Spoken(line, index, prefix) : null;
    }

    /// <summary>"um 9", "um halb acht": a bare number is a time only where nothing follows that it could count.</summary>
    private Meaning? Spoken(Line line, int index, int prefix)
    {
        string Word(int offset) => line.Word(index, prefix + offset);

        var (words, time) = (Word(0), Word(1)) switch
        {
            ("halb", _) when Number(Word(1)) is { } hour => (2, ClockTimes.Of(hour == 1 ? 12 : hour - 1, 30)),
            ("viertel", "nach") when Number(Word(2)) is { } hour => (3, ClockTimes.Of(hour, 15)),
            ("viertel", "vor") when Number(Word(2)) is { } hour => (3, ClockTimes.Of(hour == 1 ? 12 : hour - 1, 45)),
            ("dreiviertel", _) when Number(Word(1)) is { } hour => (2, ClockTimes.Of(hour == 1 ? 12 : hour - 1, 45)),
            _ when Number(Word(0)) is { } hour && Word(0) is not ("ein" or "eine" or "einen" or "einem" or "einer") => (1, ClockTimes.Of(hour, 0)),
            _ => (0, null),
        };
        if (time is not { } known)
        {
            return null;
        }

        var after = index + prefix + words;

        // A verb in lower case closes a German sentence: "um 9 anrufen".
        var settled = line.BehindDay == index || line.IsSettled(after, this) || (after < line.Count && IsVerb(line, after));
        return settled ? WithHalf(line, new("time", index, prefix + words) { Time = known, Certain = true, Bare = known.Hour is >= 1 and <= 12 }) : null;
    }

    /// <summary>"8 Uhr abends" is 20:00, "8 Uhr morgens" stays.</summary>
    private static Meaning WithHalf(Line line, Meaning time) => line.Word(time.After - 1, 1) switch
    {
        "abends" or "nachmittags" => time with { Count = time.Count + 1, Time = time.Time is { Hour: >= 1 and < 12 } early ? early.AddHours(12) : time.Time, Bare = false },
        "morgens" or "früh" or "vormittags" => time with { Count = time.Count + 1, Bare = false },
        _ => time,
    };

    private static bool IsVerb(Line line, int index) =>
        !line.IsCapital(index) && line.Word(index) is { Length: > 4 } word && (word.EndsWith("en", StringComparison.Ordinal) || word.EndsWith("ern", StringComparison.Ordinal));
}
