using System.Globalization;

namespace Todo.Language.QuickAdding;

/// <summary>A repetition in words. A rule this kit would not write itself has none.</summary>
internal static class RuleWords
{
    private static readonly string[] s_englishDays = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];
    private static readonly string[] s_germanDays = ["Sonntag", "Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag"];
    private static readonly string[] s_englishMonths =
        ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"];

    private static readonly string[] s_germanMonths =
        ["Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember"];

    private static readonly string[] s_englishNths = ["first", "second", "third", "fourth"];
    private static readonly string[] s_germanNths = ["ersten", "zweiten", "dritten", "vierten"];

    public static string English(string rule)
    {
        if (RuleText.Read(rule) is not { } said)
        {
            return "";
        }

        var unit = said.Frequency switch { Frequency.Daily => "day", Frequency.Weekly => "week", Frequency.Monthly => "month", _ => "year" };
        var words = said.Interval == 1 ? $"every {unit}" : $"every {said.Interval} {unit}s";
        var days = string.Join(" and ", said.Days.Select(day => s_englishDays[(int)day]));
        words += said switch
        {
            { Month: > 0 } => $" on {s_englishMonths[said.Month - 1]} {said.MonthDay}",
            { MonthDay: -1 } => " on the last day",
            { MonthDay: > 0 } => $" on the {said.MonthDay}{EnglishEnding(said.MonthDay)}",
            { Nth: -1 } => $" on the last {days}",
            { Nth: > 0 } => $" on the {s_englishNths[said.Nth - 1]} {days}",
            { Days.Count: > 0 } => $" on {days}",
            _ => "",
        };
        return words + (said.Until is { } until ? $" until {Iso(until)}" : "") + (said.Count > 0 ? $" for {said.Count} times" : "");
    }

    public static string German(string rule)
    {
        if (RuleText.Read(rule) is not { } said)
        {
            return "";
        }

        var one = said.Frequency switch { Frequency.Daily => "jeden Tag", Frequency.Weekly => "jede Woche", Frequency.Monthly => "jeden Monat", _ => "jedes Jahr" };
        var many = said.Frequency switch { Frequency.Daily => "Tage", Frequency.Weekly => "Wochen", Frequency.Monthly => "Monate", _ => "Jahre" };
        var words = said.Interval == 1 ? one : $"alle {said.Interval} {many}";
        var days = string.Join(" und ", said.Days.Select(day => s_germanDays[(int)day]));
        words += said switch
        {
            { Month: > 0 } => $" am {said.MonthDay}. {s_germanMonths[said.Month - 1]}",
            { MonthDay: -1 } => " am letzten Tag",
            { MonthDay: > 0 } => $" am {said.MonthDay}.",
            { Nth: -1 } => $" am letzten {days}",
            { Nth: > 0 } => $" am {s_germanNths[said.Nth - 1]} {days}",
            { Days.Count: > 0 } => $" am {days}",
            _ => "",
        };
        return words + (said.Until is { } until ? $" bis {Iso(until)}" : "") + (said.Count > 0 ? $" {said.Count} mal" : "");
    }

    private static string EnglishEnding(int day) => (day % 10, day) switch
    {
        (1, not 11) => "st",
        (2, not 12) => "nd",
        (3, not 13) => "rd",
        _ => "th",
    };

    private static string Iso(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
