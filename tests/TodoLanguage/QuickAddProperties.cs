using FsCheck;
using FsCheck.Fluent;

namespace Todo.Language.Tests;

public sealed class QuickAddProperties
{
    /// <summary>Words that mean something somewhere, so that generated lines come across every rule and its near misses.</summary>
    private static readonly string[] s_words =
    [
        "call", "Anna", "report", "today", "tomorrow", "tonight", "on", "by", "due", "at", "next", "this", "friday", "Monday,", "mon", "sat", "every", "other",
        "second", "first", "last", "day", "days", "week", "weeks", "month", "of", "the", "in", "3", "2", "a", "an", "hour", "1st", "15th", "31st", "may", "5",
        "January", "2027", "2026-02-30", "2026-03-01", "12.3.", "5/1", "25/12", "15:00", "3:16", "9", "9am", "pm", "noon", "half", "past", "until", "for", "10",
        "times", "weekdays", "daily", "weekly", "and", "to", "from", "starting", "#tag", "#1", "@work", "@", "!high", "!1", "!", "\\tomorrow", "\\", "\"", "\"quoted",
        "end\"", "heute", "morgen", "übermorgen", "früh", "Abend", "am", "um", "Uhr", "bis", "zum", "jeden", "jede", "alle", "Montag", "Mo", "Di,", "zweiten",
        "ersten", "letzten", "Tag", "Woche", "Wochen", "Monat", "im", "Januar", "5.", "1.", "halb", "acht", "Viertel", "nach", "nächsten", "kommende", "täglich",
        "montags", "und", "einer", "mal", "jedes", "Jahr", "Monats", "fällig", "Wochenende", "999", "9999", "-", "…", "Ende", "des", "des Monats", ",", ".", "!!",
    ];

    private static Gen<string> Lines => Gen.Elements(s_words).ListOf().Select(words => string.Join(' ', words));

    private static Gen<string> Noise => Gen.Elements("ab1290 \t\n.,:/\\#@!\"„“äß€\0\ud800tomorow".ToCharArray()).ArrayOf().Select(signs => new string(signs));

    private static Gen<string> Texts => Gen.Frequency((3, Lines), (1, Noise));

    private static Gen<(string Text, string Language, DateTimeOffset Now, string Zone)> Cases =>
        from text in Texts
        from language in Gen.Elements("en", "de", "", "xx")
        from days in Gen.Choose(0, 3_652_057)
        from zone in Gen.Elements("Europe/Berlin", "Pacific/Kiritimati", "America/St_Johns", "UTC", "nowhere")
        select (text, language, new DateTimeOffset(1, 1, 2, 11, 30, 0, TimeSpan.Zero).AddDays(days), zone);

    [Fact]
    public void It_never_throws_whatever_the_text_and_the_moment() =>
        Properties.Hold(Cases, given => QuickAdd.Parse(given.Text, given.Now, given.Zone, given.Language), 3000);

    [Fact]
    public void Every_sign_of_the_text_is_in_the_title_or_in_a_span() => Properties.Hold(
        Cases,
        given =>
        {
            var read = QuickAdd.Parse(given.Text, given.Now, given.Zone, given.Language);

            var rest = given.Text.ToCharArray();
            var end = 0;
            foreach (var span in read.Spans)
            {
                Assert.True(span.Start >= end, "Spans must not overlap and stand in order.");
                Assert.Equal(given.Text.Substring(span.Start, span.Length), span.Text);
                end = span.Start + span.Length;
                Array.Fill(rest, ' ', span.Start, span.Length);
            }

            Assert.Equal(Visible(new string(rest)), Visible(read.Title));
        },
        3000);

    [Fact]
    public void Its_own_rendering_reads_back_as_the_same() => Properties.Hold(
        Cases.Where(given => given.Now.Year is > 1900 and < 2900),
        given =>
        {
            var language = given.Language == "de" ? "de" : "en";
            var read = QuickAdd.Parse(given.Text, given.Now, given.Zone, language);

            var line = QuickAdd.Render(read, language);
            var again = QuickAdd.Parse(line, given.Now, given.Zone, language);

            Assert.Equal(Essence(read), Essence(again));
            Assert.Equal(line, QuickAdd.Render(again, language));
        },
        3000);

    [Fact]
    public void A_time_never_comes_without_a_day_and_a_day_never_without_a_span() => Properties.Hold(
        Cases,
        given =>
        {
            var read = QuickAdd.Parse(given.Text, given.Now, given.Zone, given.Language);

            Assert.True(read.DueTime is null || read.DueDate is not null);
            Assert.True(read.DueDate is null || read.Spans.Any(span => span.Kind is "date" or "time" or "recurrence"));
            Assert.Equal(read.Recurrence is not null, read.Spans.Any(span => span.Kind == "recurrence"));
            Assert.True(read.Title.Length > 0 || string.IsNullOrWhiteSpace(given.Text));
        },
        1000);

    private static string Visible(string text) => string.Concat(text.Where(sign => !char.IsWhiteSpace(sign)));

    private static string Essence(QuickAddResult read) =>
        $"{read.Title}|{read.DueDate:O}|{read.DueTime:O}|{read.Recurrence}|{read.Priority}|{string.Join(',', read.Tags)}|{read.Category}|{read.TimeZone}";
}
