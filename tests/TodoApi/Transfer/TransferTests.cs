using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Todo.Api.Recurring;
using Todo.Api.Transfer;

namespace Slipway.TodoApi.Tests.Transfer;

public sealed class TransferTests
{
    private static readonly DateTimeOffset s_now = new(2026, 1, 5, 9, 30, 0, TimeSpan.Zero);

    [Fact]
    public void What_was_written_as_csv_reads_back_the_same() =>
        Properties.Hold(Files(), file => Same(file, CsvTodos.Read(CsvTodos.Write(file))));

    [Fact]
    public void What_was_written_as_json_reads_back_the_same() =>
        Properties.Hold(Files(), file => Same(file, JsonTodos.Read(Encoding.UTF8.GetBytes(JsonTodos.Write(file, s_now)))));

    [Fact]
    public void What_was_written_as_a_calendar_reads_back_the_same() =>
        Properties.Hold(Files(), file => Same(file, CalendarReader.Read(CalendarWriter.Write(file, s_now))));

    [Fact]
    public void No_calendar_line_is_longer_than_75_octets() =>
        Properties.Hold(Files(), file =>
            CalendarWriter.Write(file, s_now).Split("\r\n").All(line => Encoding.UTF8.GetByteCount(line) <= 75));

    [Fact]
    public void No_cell_of_an_export_begins_like_a_formula() =>
        Properties.Hold(Files(), file =>
            CsvText.TryRead(CsvTodos.Write(file), 10_000, out var records) is null
            && records.TrueForAll(record => Array.TrueForAll(record, cell => cell is not ['=' or '+' or '-' or '@' or '\t' or '\r' or '\n', ..])));

    [Theory]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("'=1+1", "''=1+1")]
    [InlineData("'tis", "'tis")]
    [InlineData("-3", "'-3")]
    public void A_formula_gets_an_apostrophe_and_loses_it_again(string text, string guarded)
    {
        Assert.Equal(guarded, FormulaGuard.Guard(text));
        Assert.Equal(text, FormulaGuard.Unguard(guarded));
    }

    [Theory]
    [InlineData("title\n\"open", "never closed")]
    [InlineData("title\n\"a\"b", "follows a closing quote")]
    [InlineData("title\na\"b", "does not begin")]
    [InlineData("name\na", "not known")]
    [InlineData("notes\na", "must name the column title")]
    [InlineData("", "empty")]
    public void A_csv_file_that_cannot_be_read_says_why(string text, string reason) =>
        Assert.Contains(reason, CsvTodos.Read(text).Error, StringComparison.Ordinal);

    [Fact]
    public void One_bad_row_does_not_spoil_the_others()
    {
        var file = CsvTodos.Read("title,completed\r\ngood,true\r\nbad,perhaps\r\nshort\r\n\"with, comma\",\r\n");

        Assert.Null(file.Error);
        Assert.Equal(["good", null, null, "with, comma"], file.Rows.Select(row => row.Todo?.Title));
        Assert.Equal([null, "completed is true or false.", "The record has 1 fields, the first record names 2 columns.", null], file.Rows.Select(row => row.Error));
    }

    [Fact]
    public void A_calendar_of_another_program_is_understood()
    {
        var file = CalendarReader.Read(string.Join("\r\n",
            "BEGIN:VCALENDAR", "VERSION:2.0", "BEGIN:VTIMEZONE", "TZID:Europe/Berlin", "END:VTIMEZONE", "BEGIN:VTODO", "UID:7", "SUMMARY;LANGUAGE=en:Buy mil",
            " k\\, eggs", "DUE;TZID=\"Europe/Berlin\":20260105T090000", "PRIORITY:2", "CATEGORIES:home,shop\\,ping", "BEGIN:VALARM", "TRIGGER:-PT1H30M",
            "END:VALARM", "STATUS:NEEDS-ACTION", "END:VTODO", "END:VCALENDAR", ""));

        var todo = Assert.Single(file.Rows).Todo!;
        Assert.Equal(("Buy milk, eggs", "high", "2026-01-05", "09:00:00", "Europe/Berlin"), (todo.Title, todo.Priority, todo.DueDate, todo.DueTime, todo.TimeZone));
        Assert.Equal(["home", "shop,ping"], todo.Tags);
        Assert.Equal([90], todo.Reminders);
    }

    [Fact]
    public void Any_text_at_all_is_answered_with_rows_or_a_reason() =>
        Properties.Hold(ArbMap.Default.GeneratorFor<string>(), text =>
        {
            text ??= "";
            return CsvTodos.Read(text) is not null && CalendarReader.Read(text) is not null && JsonTodos.Read(Encoding.UTF8.GetBytes(text)) is not null;
        });

    private static bool Same(List<TransferTodo> written, TransferFile read)
    {
        Assert.Null(read.Error);
        Assert.All(read.Rows, row => Assert.Null(row.Error));
        Assert.Equal(JsonTodos.Write(written, s_now), JsonTodos.Write(read.Rows.Select(row => row.Todo!), s_now));
        return true;
    }

    private static Gen<List<TransferTodo>> Files() => Todos().ListOf().Select(todos => todos.ToList());

    private static Gen<string> Texts() =>
        from parts in Gen.Elements("milk", ",", ";", "\\", "\"", "\n", " ", "=", "'", "+", "ü", "日本語", "🙂", "-", ":", "\\n", "@", "x").ArrayOf()
        select string.Concat(parts);

    private static Gen<TransferTodo> Todos() =>
        from number in Gen.Choose(1, int.MaxValue)
        from title in Texts()
        from notes in Texts()
        from category in Texts()
        from tags in Texts().ArrayOf()
        from priority in Gen.Elements("none", "low", "medium", "high")
        from day in Gen.Choose(1, 28)
        from hour in Gen.Choose(4, 23)
        from due in Gen.Choose(0, 3)
        from rule in Gen.Elements<string?>(null, RecurrenceText.Write(new RecurrenceRule(Frequency.Daily)))
        from minutes in Gen.Choose(0, 10_000).ArrayOf()
        from completed in Gen.Elements(true, false)
        select new TransferTodo
        {
            Id = $"id-{number}",
            Title = "t" + title,
            Notes = notes,
            Category = category.Length == 0 ? null : category,
            Tags = [.. tags.Where(tag => tag.Length > 0)],
            Priority = priority,
            DueDate = due == 0 ? null : $"2026-03-{day:00}",
            DueTime = due < 2 ? null : $"{hour:00}:30:00",
            TimeZone = due < 3 ? null : "Europe/Berlin",
            Recurrence = due == 0 ? null : rule,
            Reminders = [.. minutes.Distinct().Order()],
            Completed = completed,
            CompletedAt = completed ? s_now : null,
            CreatedAt = s_now,
        };
}
