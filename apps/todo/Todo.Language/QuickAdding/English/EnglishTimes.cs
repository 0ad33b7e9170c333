namespace Todo.Language.QuickAdding.English;

internal sealed partial class EnglishGrammar
{
    public override Meaning? TimeAt(Line line, int index)
    {
        var announced = line.Word(index) is "at" or "by";
        var prefix = announced ? 1 : 0;
        if (!announced && (Strangers.Contains(line.Before(index)) || line.Before(index) == "from" || line.Word(index).Length == 0))
        {
            return null;
        }

        return Clock(line, index, prefix) ?? (announced && line.Word(index) == "at" ? Spoken(line, index) : null);
    }

    private Meaning? Clock(Line line, int index, int prefix)
    {
        var word = line.Word(index, prefix);
        var next = line.Word(index, prefix + 1);
        Meaning? Found(int words, TimeOnly? time, bool certain) =>
            time is null ? null : new Meaning("time", index, prefix + words) { Time = time, Certain = certain || prefix > 0 };

        if (word is "noon" or "midday")
        {
            return Found(1, new(12, 0), certain: prefix > 0);
        }

        if (ClockTimes.OfHalf(word) is { } attached)
        {
            return Found(1, attached, certain: true);
        }

        if (ClockTimes.Of(word, out var certain) is { } colon)
        {
            return Half(next) is { } half ? Found(2, ClockTimes.Twelve(colon.Hour, colon.Minute, half == 'p'), certain: true) : Found(1, colon, certain);
        }

        if (Number(word) is not { } hour || word is "a" or "an")
        {
            return null;
        }

        if (Half(next) is { } part && Line.Number(word) is not null)
        {
            return Found(2, ClockTimes.Twelve(hour, 0, part == 'p'), certain: true);
        }

        return next is "o'clock" or "o’clock" ? Found(2, ClockTimes.Of(hour, 0), certain: true) is { } spoken ? spoken with { Bare = hour <= 12 } : null : null;
    }

    /// <summary>"at 9", "at half past nine": a bare number is a time only where nothing follows that it could count.</summary>
    private Meaning? Spoken(Line line, int index)
    {
        string Word(int offset) => line.Word(index, offset);

        var (words, time) = (Word(1), Word(2)) switch
        {
            ("half", "past") when Number(Word(3)) is { } hour => (4, ClockTimes.Of(hour, 30)),
            ("quarter", "past") when Number(Word(3)) is { } hour => (4, ClockTimes.Of(hour, 15)),
            ("quarter", "to") when Number(Word(3)) is { } hour => (4, ClockTimes.Of(hour == 1 ? 12 : hour - 1, 45)),
            _ when Number(Word(1)) is { } hour && Word(1) is not ("a" or "an") => (2, ClockTimes.Of(hour, 0)),
            _ => (0, null),
        };
        return time is { } known && (line.BehindDay == index || line.IsSettled(index + words, this))
            ? new Meaning("time", index, words) { Time = known, Certain = true, Bare = known.Hour is >= 1 and <= 12 }
            : null;
    }

    private static char? Half(string word) => word switch
    {
        "am" or "a.m" => 'a',
        "pm" or "p.m" => 'p',
        _ => null,
    };
}
