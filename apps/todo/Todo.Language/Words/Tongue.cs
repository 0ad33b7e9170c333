using System.Collections.Frozen;

namespace Todo.Language.Words;

/// <summary>Which of the two known languages a text is in.</summary>
internal static class Tongue
{
    public const string English = "en";
    public const string German = "de";

    private static readonly FrozenSet<string> s_german = new[]
    {
        "der", "die", "das", "den", "dem", "des", "ein", "eine", "einen", "einem", "einer", "und", "oder", "nicht", "kein", "keine", "ich", "wir",
        "mit", "für", "von", "vom", "zum", "zur", "bei", "beim", "auf", "aus", "nach", "vor", "über", "ist", "sind", "war", "wird", "werden", "noch",
        "uhr", "heute", "morgen", "übermorgen", "jeden", "jede", "jedes", "alle", "nächste", "nächsten", "nächster", "nächstes", "kommenden", "bis",
        "montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonnabend", "sonntag", "woche", "wochen", "tag", "tagen", "monat",
        "jahr", "stunde", "stunden", "täglich", "wöchentlich", "monatlich", "jährlich", "januar", "februar", "märz", "mai", "juni", "juli", "oktober",
        "dezember", "kaufen", "anrufen", "machen", "prüfen", "bezahlen", "schreiben", "sehr", "auch", "wieder", "schon", "mich", "mir", "sich", "im", "am",
        "um", "zu", "dass", "wenn", "weil", "aber", "nur", "mal", "abholen", "bringen", "fertig", "termin", "rechnung", "arzt",
    }.ToFrozenSet();

    private static readonly FrozenSet<string> s_english = new[]
    {
        "the", "a", "an", "and", "or", "not", "no", "of", "to", "for", "with", "from", "by", "on", "at", "is", "are", "was", "be", "my", "your", "our",
        "i", "we", "you", "it", "this", "that", "every", "each", "today", "tomorrow", "tonight", "next", "monday", "tuesday", "wednesday", "thursday",
        "friday", "saturday", "sunday", "week", "weeks", "day", "days", "month", "year", "hour", "hours", "daily", "weekly", "monthly", "yearly", "due",
        "buy", "call", "send", "write", "check", "pay", "make", "get", "very", "please", "should", "must", "about", "before", "after", "until",
    }.ToFrozenSet();

    private static readonly FrozenSet<string> s_englishInEn = new[]
    {
        "kitchen", "garden", "children", "frozen", "written", "broken", "hidden", "golden", "listen", "happen", "chicken", "eleven", "sudden", "burden",
        "citizen", "wooden", "heaven", "screen", "between", "driven", "chosen", "spoken", "stolen", "forgotten", "kindergarten", "strengthen", "tighten",
        "loosen", "flatten", "shorten", "sharpen", "threaten", "fasten", "eighteen", "thirteen", "fourteen", "fifteen", "sixteen", "nineteen", "seventeen",
        "halloween", "unopen", "reopen", "darken", "soften", "lighten", "brighten", "mistaken", "overseen", "maiden", "warden", "dampen", "deepen",
    }.ToFrozenSet();

    /// <param name="asked">A BCP 47 tag; what is neither English nor German lets the words decide, English in doubt.</param>
    public static string Of(string? asked, IEnumerable<string> words)
    {
        if (asked is not null && IsOf(asked, German))
        {
            return German;
        }

        if (asked is not null && IsOf(asked, English))
        {
            return English;
        }

        int german = 0, english = 0;
        foreach (var word in words)
        {
            german += s_german.Contains(word) || word.AsSpan().ContainsAny("äöüß") || HasGermanEnding(word) ? 1 : 0;
            english += s_english.Contains(word) ? 1 : 0;
        }

        return german > english ? German : English;
    }

    /// <summary>Infinitives and the endings of German nouns; English has some of its own in "-en".</summary>
    private static bool HasGermanEnding(string word) =>
        word.Length >= 6
        && ((word.EndsWith("en", StringComparison.Ordinal) && !s_englishInEn.Contains(word))
            || word.EndsWith("ung", StringComparison.Ordinal) || word.EndsWith("keit", StringComparison.Ordinal) || word.EndsWith("schaft", StringComparison.Ordinal));

    private static bool IsOf(string tag, string language) =>
        tag.StartsWith(language, StringComparison.OrdinalIgnoreCase) && (tag.Length == 2 || tag[2] is '-' or '_');
}
