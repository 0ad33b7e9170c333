using System.Globalization;

namespace Todo.Language.Tests;

public sealed class QuickAddTests
{
    /// <summary>A Wednesday, ten in the morning in Berlin.</summary>
    internal static readonly DateTimeOffset Now = new(2026, 1, 7, 9, 0, 0, TimeSpan.Zero);

    internal static QuickAddResult Read(string text, string language) => QuickAdd.Parse(text, Now, "Europe/Berlin", language);

    [Theory]
    [InlineData("Buy milk", "Buy milk", "-")]
    [InlineData("Buy milk today", "Buy milk", "2026-01-07")]
    [InlineData("Call Ann tomorrow 15:00", "Call Ann", "2026-01-08 15:00")]
    [InlineData("Call Ann tomorrow, 15:00!", "Call Ann", "2026-01-08 15:00")]
    [InlineData("tomorrow at 3pm call Ann", "call Ann", "2026-01-08 15:00")]
    [InlineData("Call Ann tomorrow morning", "Call Ann", "2026-01-08 09:00")]
    [InlineData("Call Ann the day after tomorrow", "Call Ann", "2026-01-09")]
    [InlineData("Watch the film tonight", "Watch the film", "2026-01-07 20:00")]
    [InlineData("Watch the film tonight at 9", "Watch the film", "2026-01-07 21:00")]
    [InlineData("Renew passport in 3 days", "Renew passport", "2026-01-10")]
    [InlineData("Renew passport in two weeks", "Renew passport", "2026-01-21")]
    [InlineData("Renew passport in a month", "Renew passport", "2026-02-07")]
    [InlineData("Take out cake in 45 minutes", "Take out cake", "2026-01-07 10:45")]
    [InlineData("Take out cake in 20 hours", "Take out cake", "2026-01-08 06:00")]
    [InlineData("Take out cake in half an hour", "Take out cake", "2026-01-07 10:30")]
    [InlineData("Review 2 weeks from now", "Review", "2026-01-21")]
    [InlineData("Submit report on Friday", "Submit report", "2026-01-09")]
    [InlineData("Submit report by friday noon", "Submit report", "2026-01-09 12:00")]
    [InlineData("Submit report next friday", "Submit report", "2026-01-16")]
    [InlineData("Submit report this friday", "Submit report", "2026-01-09")]
    [InlineData("Submit report wednesday", "Submit report", "2026-01-14")]
    [InlineData("Submit report next week", "Submit report", "2026-01-12")]
    [InlineData("Submit report monday next week", "Submit report", "2026-01-12")]
    [InlineData("Plan budget next month", "Plan budget", "2026-02-01")]
    [InlineData("Clean garage this weekend", "Clean garage", "2026-01-10")]
    [InlineData("Close books end of month", "Close books", "2026-01-31")]
    [InlineData("Pay rent 5 January", "Pay rent", "2027-01-05")]
    [InlineData("Pay rent on January 20th", "Pay rent", "2026-01-20")]
    [InlineData("Pay rent Feb 3, 2027", "Pay rent", "2027-02-03")]
    [InlineData("Pay rent on the 15th", "Pay rent", "2026-01-15")]
    [InlineData("Pay rent on the 31st of March", "Pay rent", "2026-03-31")]
    [InlineData("Dinner Friday, 9 January at 7:30pm", "Dinner", "2026-01-09 19:30")]
    [InlineData("Tax return 2026-05-31", "Tax return", "2026-05-31")]
    [InlineData("Tax return 12.3.", "Tax return", "2026-03-12")]
    [InlineData("Tax return 25/12", "Tax return", "2026-12-25")]
    [InlineData("Meet Bob at 9", "Meet Bob", "2026-01-08 09:00")]
    [InlineData("Meet Bob at 11", "Meet Bob", "2026-01-07 11:00")]
    [InlineData("Meet Bob at half past four p.m", "Meet Bob at half past four p.m", "-")]
    [InlineData("Meet Bob tomorrow at quarter to ten", "Meet Bob", "2026-01-08 09:45")]
    [InlineData("Meet Bob on Sat at noon", "Meet Bob", "2026-01-10 12:00")]
    [InlineData("Report from Monday due tomorrow", "Report from Monday", "2026-01-08")]
    public void English_days_and_times_leave_the_title(string text, string title, string due) => Check(text, "en", title, due);

    [Theory]
    [InlineData("Milch kaufen", "Milch kaufen", "-")]
    [InlineData("Milch kaufen heute", "Milch kaufen", "2026-01-07")]
    [InlineData("Morgen Anna anrufen", "Anna anrufen", "2026-01-08")]
    [InlineData("Morgen um 15 Uhr Anna anrufen", "Anna anrufen", "2026-01-08 15:00")]
    [InlineData("Anna morgen früh anrufen", "Anna anrufen", "2026-01-08 08:00")]
    [InlineData("Anna übermorgen anrufen", "Anna anrufen", "2026-01-09")]
    [InlineData("Film heute Abend um 8", "Film", "2026-01-07 20:00")]
    [InlineData("Film heute um 8 Uhr abends", "Film", "2026-01-07 20:00")]
    [InlineData("Pass in 3 Tagen abholen", "Pass abholen", "2026-01-10")]
    [InlineData("Pass in einer Woche abholen", "Pass abholen", "2026-01-14")]
    [InlineData("Kuchen in einer halben Stunde herausnehmen", "Kuchen herausnehmen", "2026-01-07 10:30")]
    [InlineData("Bericht am Freitag abgeben", "Bericht abgeben", "2026-01-09")]
    [InlineData("Bericht bis Freitag 12 Uhr abgeben", "Bericht abgeben", "2026-01-09 12:00")]
    [InlineData("Bericht bis zum 20. Januar abgeben", "Bericht abgeben", "2026-01-20")]
    [InlineData("Bericht nächsten Freitag abgeben", "Bericht abgeben", "2026-01-16")]
    [InlineData("Bericht kommenden Freitag abgeben", "Bericht abgeben", "2026-01-09")]
    [InlineData("Bericht nächste Woche abgeben", "Bericht abgeben", "2026-01-12")]
    [InlineData("Bericht Dienstag nächster Woche abgeben", "Bericht abgeben", "2026-01-13")]
    [InlineData("Garage am Wochenende aufräumen", "Garage aufräumen", "2026-01-10")]
    [InlineData("Bücher Ende des Monats abschließen", "Bücher abschließen", "2026-01-31")]
    [InlineData("Miete 12.3.", "Miete", "2026-03-12")]
    [InlineData("Miete am 12.3 zahlen", "Miete zahlen", "2026-03-12")]
    [InlineData("Miete 12.03.26", "Miete", "2026-03-12")]
    [InlineData("Miete am 15. zahlen", "Miete zahlen", "2026-01-15")]
    [InlineData("Miete 5. 2. 2027", "Miete", "2027-02-05")]
    [InlineData("Termin Montag, den 12. Januar um 9:30 Uhr", "Termin", "2026-01-12 09:30")]
    [InlineData("Termin 3. März 2027 18.30 Uhr", "Termin", "2027-03-03 18:30")]
    [InlineData("Treffen um halb acht", "Treffen", "2026-01-08 07:30")]
    [InlineData("Um Viertel vor elf Bob treffen", "Um Viertel vor elf Bob treffen", "-")]
    [InlineData("Bob um Viertel vor elf treffen", "Bob treffen", "2026-01-07 10:45")]
    [InlineData("Bob Mo 14 Uhr treffen", "Bob treffen", "2026-01-12 14:00")]
    public void German_days_and_times_leave_the_title(string text, string title, string due) => Check(text, "de", title, due);

    [Theory]
    [InlineData("en", "Buy sun cream")]
    [InlineData("en", "Read John 3:16")]
    [InlineData("en", "Meet Monday or Tuesday")]
    [InlineData("en", "Trip from Monday to Friday")]
    [InlineData("en", "Update to version 1.2.")]
    [InlineData("en", "Book 1/5 of the room")]
    [InlineData("en", "Meeting 30.2.")]
    [InlineData("en", "Write weekly report")]
    [InlineData("en", "Look at 9 houses")]
    [InlineData("en", "Meet every second Monday")]
    [InlineData("en", "Prepare Sunday roast")]
    [InlineData("en", "Read \"Tomorrow, and tomorrow, and tomorrow\"")]
    [InlineData("en", "Meeting 14:00 or 15:00")]
    [InlineData("en", "Party Monday 6 January 2026")]
    [InlineData("en", "Close issue #12")]
    [InlineData("en", "tomorrow")]
    [InlineData("en", "March on Rome")]
    [InlineData("de", "Guten Morgen Karte schreiben")]
    [InlineData("de", "Urlaub von Montag bis Freitag")]
    [InlineData("de", "So viele Sachen")]
    [InlineData("de", "Um 9 Kinder kümmern")]
    [InlineData("de", "Montag oder Dienstag entscheiden")]
    [InlineData("de", "jeden zweiten Montag putzen")]
    [InlineData("de", "Protokoll vom 12.3. lesen")]
    public void What_has_two_readings_stays_in_the_title(string language, string text)
    {
        var read = Read(text, language);

        Assert.Equal(text, read.Title);
        Assert.Null(read.DueDate);
        Assert.Null(read.Recurrence);
        Assert.Empty(read.Spans);
    }

    [Theory]
    [InlineData("en", "Water plants every day", "FREQ=DAILY", "2026-01-07")]
    [InlineData("en", "Water plants every morning", "FREQ=DAILY", "2026-01-08 09:00")]
    [InlineData("en", "Water plants every 3 days at 18:00", "FREQ=DAILY;INTERVAL=3", "2026-01-07 18:00")]
    [InlineData("en", "Water plants every other week", "FREQ=WEEKLY;INTERVAL=2", "2026-01-07")]
    [InlineData("en", "Water plants every monday", "FREQ=WEEKLY;BYDAY=MO", "2026-01-12")]
    [InlineData("en", "Water plants every mon, wed and fri at 9am", "FREQ=WEEKLY;BYDAY=MO,WE,FR", "2026-01-09 09:00")]
    [InlineData("en", "Water plants on weekdays", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "2026-01-07")]
    [InlineData("en", "Water plants on Mondays and Thursdays", "FREQ=WEEKLY;BYDAY=MO,TH", "2026-01-08")]
    [InlineData("en", "Pay rent every 1st at 9am", "FREQ=MONTHLY;BYMONTHDAY=1", "2026-02-01 09:00")]
    [InlineData("en", "Pay rent every month on the 15th", "FREQ=MONTHLY;BYMONTHDAY=15", "2026-01-15")]
    [InlineData("en", "Board every first monday of the month", "FREQ=MONTHLY;BYDAY=1MO", "2026-02-02")]
    [InlineData("en", "Board every last friday", "FREQ=MONTHLY;BYDAY=-1FR", "2026-01-30")]
    [InlineData("en", "Board every second tuesday of the month", "FREQ=MONTHLY;BYDAY=2TU", "2026-01-13")]
    [InlineData("en", "Close books every last day of the month", "FREQ=MONTHLY;BYMONTHDAY=-1", "2026-01-31")]
    [InlineData("en", "Birthday every 5 January", "FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=5", "2027-01-05")]
    [InlineData("en", "Report weekly #work", "FREQ=WEEKLY", "2026-01-07")]
    [InlineData("en", "Gym every week starting tomorrow", "FREQ=WEEKLY", "2026-01-08")]
    [InlineData("en", "Gym every week until 2026-05-01", "FREQ=WEEKLY;UNTIL=20260501", "2026-01-07")]
    [InlineData("en", "Gym every day for 10 times", "FREQ=DAILY;COUNT=10", "2026-01-07")]
    [InlineData("de", "Blumen täglich gießen", "FREQ=DAILY", "2026-01-07")]
    [InlineData("de", "jeden Montag um 18 Uhr Blumen gießen", "FREQ=WEEKLY;BYDAY=MO", "2026-01-12 18:00")]
    [InlineData("de", "Blumen jeden Mo, Mi und Fr gießen", "FREQ=WEEKLY;BYDAY=MO,WE,FR", "2026-01-07")]
    [InlineData("de", "Blumen montags und donnerstags gießen", "FREQ=WEEKLY;BYDAY=MO,TH", "2026-01-08")]
    [InlineData("de", "Blumen alle 2 Wochen gießen", "FREQ=WEEKLY;INTERVAL=2", "2026-01-07")]
    [InlineData("de", "Blumen jeden zweiten Tag gießen", "FREQ=DAILY;INTERVAL=2", "2026-01-07")]
    [InlineData("de", "Miete jeden 1. um 9 Uhr zahlen", "FREQ=MONTHLY;BYMONTHDAY=1", "2026-02-01 09:00")]
    [InlineData("de", "Miete am 15. jedes Monats zahlen", "FREQ=MONTHLY;BYMONTHDAY=15", "2026-01-15")]
    [InlineData("de", "Sitzung jeden ersten Montag im Monat", "FREQ=MONTHLY;BYDAY=1MO", "2026-02-02")]
    [InlineData("de", "Sitzung jeden letzten Freitag", "FREQ=MONTHLY;BYDAY=-1FR", "2026-01-30")]
    [InlineData("de", "Geburtstag jedes Jahr am 5. Januar", "FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=5", "2027-01-05")]
    [InlineData("de", "Sport werktags um 7 Uhr", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "2026-01-08 07:00")]
    [InlineData("de", "Sport jede Woche bis 1.5.2026", "FREQ=WEEKLY;UNTIL=20260501", "2026-01-07")]
    public void Repetitions_become_rules_and_the_first_day_they_name(string language, string text, string rule, string due)
    {
        var read = Read(text, language);

        Assert.Equal(rule, read.Recurrence);
        Assert.Equal(due, Due(read));
    }

    [Theory]
    [InlineData("Pay bill #home #money @finance !high", "Pay bill", "high", "home,money", "finance")]
    [InlineData("!2 Pay bill", "Pay bill", "medium", "", null)]
    [InlineData("Pay bill !hoch #küche #Küche", "Pay bill", "high", "küche", null)]
    [InlineData("Mail ann@example.org !low", "Mail ann@example.org", "low", "", null)]
    [InlineData("Fix #12 in C# !now", "Fix #12 in C# !now", "none", "", null)]
    [InlineData("Read \\#notatag \\tomorrow #books", "Read #notatag tomorrow", "none", "books", null)]
    public void Signs_are_tags_category_and_priority(string text, string title, string priority, string tags, string? category)
    {
        var read = Read(text, "en");

        Assert.Equal(title, read.Title);
        Assert.Equal(priority, read.Priority);
        Assert.Equal(tags, string.Join(',', read.Tags));
        Assert.Equal(category, read.Category);
    }

    /// <summary>Everyday lines, each read by hand once and agreed with.</summary>
    [Fact]
    public void Everyday_lines_are_read_as_agreed()
    {
        using var stream = typeof(QuickAddTests).Assembly.GetManifestResourceStream("lines.tsv")!;
        using var reader = new StreamReader(stream);
        var lines = reader.ReadToEnd().Split('\n').Where(line => line.Length > 0 && line[0] != '#').ToList();

        Assert.True(lines.Count > 90);
        Assert.All(lines, line =>
        {
            var columns = line.Split('\t');
            var read = Read(columns[1], columns[0] == "--" ? "" : columns[0]);
            Assert.Equal($"{columns[1]}: {columns[2]} | {columns[3]} | {columns[4]}", $"{columns[1]}: {read.Title} | {Due(read)} | {read.Recurrence ?? "-"}");
        });
    }

    [Fact]
    public void Spans_say_which_words_were_understood()
    {
        var read = Read("Call Ann tomorrow 15:00 #family", "en");

        Assert.Equal(
            [new(9, 8, "date", "tomorrow"), new(18, 5, "time", "15:00"), new(24, 7, "tag", "#family")],
            read.Spans);
    }

    [Fact]
    public void The_day_is_that_of_the_writers_zone()
    {
        var late = new DateTimeOffset(2026, 1, 7, 23, 30, 0, TimeSpan.Zero);

        Assert.Equal(new DateOnly(2026, 1, 8), QuickAdd.Parse("Call today", late, "Europe/Berlin", "en").DueDate);
        Assert.Equal(new DateOnly(2026, 1, 7), QuickAdd.Parse("Call today", late, "America/New_York", "en").DueDate);
        Assert.Equal("UTC", QuickAdd.Parse("Call today", late, "Atlantis/Poseidonis", "en").TimeZone);
    }

    [Theory]
    [InlineData("", "Anna morgen anrufen", "2026-01-08")]
    [InlineData("fr", "Call Ann tomorrow", "2026-01-08")]
    [InlineData("de-AT", "Anna morgen anrufen", "2026-01-08")]
    [InlineData("EN-us", "Call Ann tomorrow", "2026-01-08")]
    public void Without_a_known_language_the_words_decide(string language, string text, string due) => Assert.Equal(due, Due(Read(text, language)));

    [Fact]
    public void More_tags_than_a_todo_may_have_stay_in_the_title()
    {
        var read = Read("Sort " + string.Join(' ', Enumerable.Range(0, 22).Select(number => $"#t{number}")), "en");

        Assert.Equal(20, read.Tags.Count);
        Assert.Equal("Sort #t20 #t21", read.Title);
    }

    [Fact]
    public void A_whole_page_of_text_is_a_title_unread()
    {
        var text = new string('a', QuickAdd.TextMax) + " tomorrow #x";

        Assert.Equal(text, Read(text, "en").Title);
    }

    private static void Check(string text, string language, string title, string due)
    {
        var read = Read(text, language);
        Assert.Equal(due, Due(read));
        Assert.Equal(title, read.Title);
    }

    private static string Due(QuickAddResult read) => read.DueDate is not { } date
        ? "-"
        : date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) + (read.DueTime is { } time ? time.ToString(" HH:mm", CultureInfo.InvariantCulture) : "");
}
