using System.Globalization;
using System.Text;
using Todo.Api.Dates;

namespace Todo.Api.Transfer;

/// <summary>
/// Todos as VTODO components of RFC 5545. Times in a zone are written as UTC moments, which every calendar understands without a zone
/// table; our own properties keep the zone, so that reading the file back loses nothing.
/// </summary>
internal static class CalendarWriter
{
    public const string ZoneProperty = "X-SLIPWAY-TIME-ZONE";
    public const string CategoryProperty = "X-SLIPWAY-CATEGORY";
    public const string ListProperty = "X-SLIPWAY-LIST";

    public static string Write(IEnumerable<TransferTodo> todos, DateTimeOffset now)
    {
        var text = new StringBuilder("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Slipway//Todo//EN\r\nCALSCALE:GREGORIAN\r\n");
        var number = 0;
        foreach (var todo in todos)
        {
            number++;
            Write(text, todo, todo.Id ?? number.ToString(CultureInfo.InvariantCulture), now);
        }

        return text.Append("END:VCALENDAR\r\n").ToString();
    }

    private static void Write(StringBuilder text, TransferTodo todo, string uid, DateTimeOffset now)
    {
        text.Append("BEGIN:VTODO\r\n");
        ContentLines.Write(text, "UID", ContentLines.Escape(uid));
        ContentLines.Write(text, "DTSTAMP", Utc(now));
        ContentLines.Write(text, "SUMMARY", ContentLines.Escape(todo.Title));
        Optional(text, "DESCRIPTION", todo.Notes);
        Optional(text, "RELATED-TO", todo.ParentId);
        Optional(text, ListProperty, todo.List);
        Optional(text, CategoryProperty, todo.Category);
        if (todo.Tags.Count > 0)
        {
            ContentLines.Write(text, "CATEGORIES", string.Join(',', todo.Tags.Select(ContentLines.Escape)));
        }

        var priority = todo.Priority switch { "high" => "1", "medium" => "5", "low" => "9", _ => "0" };
        ContentLines.Write(text, "PRIORITY", priority);
        WriteDue(text, todo);
        if (todo.CreatedAt is { } created)
        {
            ContentLines.Write(text, "CREATED", Utc(created));
        }

        ContentLines.Write(text, "STATUS", todo.Completed ? "COMPLETED" : "NEEDS-ACTION");
        if (todo.CompletedAt is { } completed)
        {
            ContentLines.Write(text, "COMPLETED", Utc(completed));
        }

        foreach (var minutes in todo.Reminders)
        {
            text.Append(CultureInfo.InvariantCulture, $"BEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER;RELATED=END:-PT{minutes}M\r\nDESCRIPTION:Reminder\r\nEND:VALARM\r\n");
        }

        text.Append("END:VTODO\r\n");
    }

    /// <summary>A rule needs a DTSTART to start from, and DUE must lie after that: a recurring todo therefore has only the former.</summary>
    private static void WriteDue(StringBuilder text, TransferTodo todo)
    {
        if (!DateOnly.TryParseExact(todo.DueDate, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
        {
            return;
        }

        var name = todo.Recurrence is null ? "DUE" : "DTSTART";
        if (!TimeOnly.TryParse(todo.DueTime, CultureInfo.InvariantCulture, out var time))
        {
            ContentLines.Write(text, name + ";VALUE=DATE", date.ToString("yyyyMMdd", CultureInfo.InvariantCulture));
        }
        else if (TimeZones.TryFind(todo.TimeZone, out var zone))
        {
            ContentLines.Write(text, name, Utc(LocalMoment.Of(date, time, zone)));
        }
        else
        {
            ContentLines.Write(text, name, date.ToDateTime(time).ToString("yyyyMMdd'T'HHmmss", CultureInfo.InvariantCulture));
        }

        Optional(text, ZoneProperty, todo.TimeZone);
        if (todo.Recurrence is not null)
        {
            ContentLines.Write(text, "RRULE", todo.Recurrence);
        }
    }

    private static void Optional(StringBuilder text, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            ContentLines.Write(text, name, ContentLines.Escape(value));
        }
    }

    private static string Utc(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
}
