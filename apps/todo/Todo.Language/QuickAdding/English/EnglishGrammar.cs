using System.Collections.Frozen;

namespace Todo.Language.QuickAdding.English;

/// <summary>The English words of the calendar; dates, times and repetitions each have a file.</summary>
internal sealed partial class EnglishGrammar : Grammar
{
    public override FrozenDictionary<string, DayOfWeek> Weekdays { get; } = new Dictionary<string, DayOfWeek>
    {
        ["monday"] = DayOfWeek.Monday,
        ["tuesday"] = DayOfWeek.Tuesday,
        ["wednesday"] = DayOfWeek.Wednesday,
        ["thursday"] = DayOfWeek.Thursday,
        ["friday"] = DayOfWeek.Friday,
        ["saturday"] = DayOfWeek.Saturday,
        ["sunday"] = DayOfWeek.Sunday,
    }.ToFrozenDictionary();

    public override FrozenDictionary<string, DayOfWeek> ShortWeekdays { get; } = new Dictionary<string, DayOfWeek>
    {
        ["mon"] = DayOfWeek.Monday,
        ["tue"] = DayOfWeek.Tuesday,
        ["tues"] = DayOfWeek.Tuesday,
        ["wed"] = DayOfWeek.Wednesday,
        ["thu"] = DayOfWeek.Thursday,
        ["thur"] = DayOfWeek.Thursday,
        ["thurs"] = DayOfWeek.Thursday,
        ["fri"] = DayOfWeek.Friday,
        ["sat"] = DayOfWeek.Saturday,
        ["sun"] = DayOfWeek.Sunday,
    }.ToFrozenDictionary();

    public override FrozenDictionary<string, int> Months { get; } = new Dictionary<string, int>
    {
        ["january"] = 1, ["jan"] = 1,
        ["february"] = 2, ["feb"] = 2,
        ["march"] = 3, ["mar"] = 3,
        ["april"] = 4, ["apr"] = 4,
        ["may"] = 5,
        ["june"] = 6, ["jun"] = 6,
        ["july"] = 7, ["jul"] = 7,
        ["august"] = 8, ["aug"] = 8,
        ["september"] = 9, ["sept"] = 9, ["sep"] = 9,
        ["october"] = 10, ["oct"] = 10,
        ["november"] = 11, ["nov"] = 11,
        ["december"] = 12, ["dec"] = 12,
    }.ToFrozenDictionary();

    public override FrozenDictionary<string, int> Numbers { get; } = new Dictionary<string, int>
    {
        ["a"] = 1, ["an"] = 1, ["one"] = 1, ["two"] = 2, ["three"] = 3, ["four"] = 4, ["five"] = 5, ["six"] = 6,
        ["seven"] = 7, ["eight"] = 8, ["nine"] = 9, ["ten"] = 10, ["eleven"] = 11, ["twelve"] = 12,
    }.ToFrozenDictionary();

    public override FrozenDictionary<string, Unit> Units { get; } = new Dictionary<string, Unit>
    {
        ["minute"] = Unit.Minute, ["minutes"] = Unit.Minute, ["min"] = Unit.Minute, ["mins"] = Unit.Minute,
        ["hour"] = Unit.Hour, ["hours"] = Unit.Hour, ["hr"] = Unit.Hour, ["hrs"] = Unit.Hour, ["h"] = Unit.Hour,
        ["day"] = Unit.Day, ["days"] = Unit.Day,
        ["week"] = Unit.Week, ["weeks"] = Unit.Week, ["wk"] = Unit.Week, ["wks"] = Unit.Week,
        ["month"] = Unit.Month, ["months"] = Unit.Month,
        ["year"] = Unit.Year, ["years"] = Unit.Year,
    }.ToFrozenDictionary();

    public override FrozenSet<string> Strangers { get; } = new[]
    {
        "since", "until", "till", "of", "after", "before", "last", "past", "previous", "between", "version", "release", "chapter",
        "section", "than", "to", "through", "the", "black", "every", "each",
    }.ToFrozenSet();

    public override FrozenSet<string> Bridges { get; } = new[] { "to", "through", "until", "till", "and", "or", "-", "–", "/" }.ToFrozenSet();

    /// <summary>Words that go on about the todo: "call Ann Monday about the trip" against "buy Monday newspaper".</summary>
    private static readonly FrozenSet<string> s_continuing = new[] { "about", "with", "at", "in", "from", "to", "for", "and", "or", "after", "before", "by", "because", "if", "-", "–" }
        .ToFrozenSet();

    /// <summary>"1st", "first" or "1" as a counting number; nothing else.</summary>
    private static int? Ordinal(string word) => word switch
    {
        "first" => 1,
        "second" => 2,
        "third" => 3,
        "fourth" => 4,
        "fifth" => 5,
        _ when word.Length is 3 or 4 && word[^2..] is "st" or "nd" or "rd" or "th" && Line.Number(word[..^2]) is >= 1 and <= 31 and var number => number,
        _ => null,
    };

    /// <summary>A day of the month as it stands beside a month: "5", "5th".</summary>
    private static int? DayNumber(string word) =>
        Line.Number(word) is >= 1 and <= 31 and var plain && word.Length <= 2 ? plain : word.Length > 2 && char.IsAsciiDigit(word[0]) ? Ordinal(word) : null;
}
