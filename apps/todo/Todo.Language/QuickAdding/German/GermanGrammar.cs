using System.Collections.Frozen;

namespace Todo.Language.QuickAdding.German;

/// <summary>The German words of the calendar; dates, times and repetitions each have a file.</summary>
internal sealed partial class GermanGrammar : Grammar
{
    public override FrozenDictionary<string, DayOfWeek> Weekdays { get; } = new Dictionary<string, DayOfWeek>
    {
        ["montag"] = DayOfWeek.Monday,
        ["dienstag"] = DayOfWeek.Tuesday,
        ["mittwoch"] = DayOfWeek.Wednesday,
        ["donnerstag"] = DayOfWeek.Thursday,
        ["freitag"] = DayOfWeek.Friday,
        ["samstag"] = DayOfWeek.Saturday,
        ["sonnabend"] = DayOfWeek.Saturday,
        ["sonntag"] = DayOfWeek.Sunday,
    }.ToFrozenDictionary();

    public override FrozenDictionary<string, DayOfWeek> ShortWeekdays { get; } = new Dictionary<string, DayOfWeek>
    {
        ["mo"] = DayOfWeek.Monday,
        ["di"] = DayOfWeek.Tuesday,
        ["mi"] = DayOfWeek.Wednesday,
        ["do"] = DayOfWeek.Thursday,
        ["fr"] = DayOfWeek.Friday,
        ["sa"] = DayOfWeek.Saturday,
        ["so"] = DayOfWeek.Sunday,
    }.ToFrozenDictionary();

    public override FrozenDictionary<string, int> Months { get; } = new Dictionary<string, int>
    {
        ["januar"] = 1, ["jänner"] = 1, ["jan"] = 1,
        ["februar"] = 2, ["feb"] = 2,
        ["märz"] = 3, ["maerz"] = 3, ["mrz"] = 3,
        ["april"] = 4, ["apr"] = 4,
        ["mai"] = 5,
        ["juni"] = 6, ["jun"] = 6,
        ["juli"] = 7, ["jul"] = 7,
        ["august"] = 8, ["aug"] = 8,
        ["september"] = 9, ["sept"] = 9, ["sep"] = 9,
        ["oktober"] = 10, ["okt"] = 10,
        ["november"] = 11, ["nov"] = 11,
        ["dezember"] = 12, ["dez"] = 12,
    }.ToFrozenDictionary();

    public override FrozenDictionary<string, int> Numbers { get; } = new Dictionary<string, int>
    {
        ["ein"] = 1, ["eine"] = 1, ["einem"] = 1, ["einer"] = 1, ["eins"] = 1, ["zwei"] = 2, ["drei"] = 3, ["vier"] = 4, ["fünf"] = 5, ["fuenf"] = 5,
        ["sechs"] = 6, ["sieben"] = 7, ["acht"] = 8, ["neun"] = 9, ["zehn"] = 10, ["elf"] = 11, ["zwölf"] = 12, ["zwoelf"] = 12,
    }.ToFrozenDictionary();

    public override FrozenDictionary<string, Unit> Units { get; } = new Dictionary<string, Unit>
    {
        ["minute"] = Unit.Minute, ["minuten"] = Unit.Minute, ["min"] = Unit.Minute,
        ["stunde"] = Unit.Hour, ["stunden"] = Unit.Hour, ["std"] = Unit.Hour, ["h"] = Unit.Hour,
        ["tag"] = Unit.Day, ["tage"] = Unit.Day, ["tagen"] = Unit.Day,
        ["woche"] = Unit.Week, ["wochen"] = Unit.Week,
        ["monat"] = Unit.Month, ["monate"] = Unit.Month, ["monaten"] = Unit.Month,
        ["jahr"] = Unit.Year, ["jahre"] = Unit.Year, ["jahren"] = Unit.Year,
    }.ToFrozenDictionary();

    public override FrozenSet<string> Strangers { get; } = new[]
    {
        "von", "vom", "seit", "seitdem", "nach", "vor", "letzten", "letzter", "letzte", "letztes", "vergangenen", "vorigen", "version", "kapitel",
        "abschnitt", "absatz", "release", "teil", "den", "der", "des", "dem", "das", "diesem", "guten", "gute", "jeden", "jede", "jedes", "alle", "schwarzer",
        "zwischen", "statt",
    }.ToFrozenSet();

    public override FrozenSet<string> Bridges { get; } = new[] { "bis", "und", "oder", "auf", "-", "–", "/" }.ToFrozenSet();

    /// <summary>Words that go on about the todo: "Anna Montag wegen der Reise anrufen" against "Montag Zeitung".</summary>
    private static readonly FrozenSet<string> s_continuing = new[]
    {
        "um", "mit", "wegen", "bei", "beim", "in", "im", "zu", "zum", "zur", "für", "und", "oder", "nach", "vor", "an", "am", "den", "die", "das", "der",
        "einen", "eine", "ein", "mein", "meine", "meinen", "nicht", "noch", "unbedingt", "ab", "gegen", "-", "–",
    }.ToFrozenSet();

    /// <summary>"1." or "ersten" as a counting number.</summary>
    private static int? Ordinal(Line line, int at) => line.Word(at) switch
    {
        "ersten" or "erste" or "erster" or "erstes" => 1,
        "zweiten" or "zweite" or "zweites" => 2,
        "dritten" or "dritte" or "drittes" => 3,
        "vierten" or "vierte" or "viertes" => 4,
        "fünften" or "fünfte" or "fünftes" => 5,
        var word => line.EndsWith(at, '.') && Line.Number(word) is >= 1 and <= 31 and var number ? number : null,
    };
}
