using System.Globalization;
using System.Text;

namespace Todo.Api.Transfer;

/// <summary>Todos as a table. The first record names the columns; their order is free, unknown ones are refused, only <c>title</c> is needed.</summary>
internal static class CsvTodos
{
    private static readonly string[] s_columns =
    [
        "id", "parentId", "list", "title", "notes", "category", "priority", "tags", "dueDate", "dueTime", "timeZone",
        "recurrence", "reminders", "completed", "completedAt", "createdAt",
    ];

    public static string Write(IEnumerable<TransferTodo> todos)
    {
        var text = new StringBuilder();
        CsvText.Write(text, s_columns);
        foreach (var todo in todos)
        {
            CsvText.Write(text, s_columns.Select(column => FormulaGuard.Guard(Value(todo, column))));
        }

        return text.ToString();
    }

    public static TransferFile Read(string text)
    {
        if (CsvText.TryRead(text, TransferFile.RowsMax + 1, out var records) is { } wrong)
        {
            return TransferFile.Unreadable(wrong);
        }

        if (records.Count == 0)
        {
            return TransferFile.Unreadable("The file is empty. Its first record must name the columns, at least title.");
        }

        var columns = new List<string>();
        foreach (var name in records[0])
        {
            if (Array.Find(s_columns, column => column.Equals(name.Trim(), StringComparison.OrdinalIgnoreCase)) is not { } known)
            {
                return TransferFile.Unreadable($"Column {columns.Count + 1} is not known. Columns are {string.Join(", ", s_columns)}.");
            }

            columns.Add(known);
        }

        if (!columns.Contains("title") || columns.Distinct().Count() != columns.Count)
        {
            return TransferFile.Unreadable("The first record must name the column title, and no column twice.");
        }

        var rows = records.Skip(1).Select((fields, index) => (fields, row: index + 1)).Where(record => record.fields is not [""] and not []);
        return new TransferFile([.. rows.Select(record => Read(columns, record.fields, record.row))]);
    }

    private static TransferRow Read(List<string> columns, string[] fields, int row)
    {
        if (fields.Length != columns.Count)
        {
            return new TransferRow(row, null, $"The record has {fields.Length} fields, the first record names {columns.Count} columns.");
        }

        var todo = new TransferTodo();
        for (var index = 0; index < fields.Length; index++)
        {
            if (Set(todo, columns[index], FormulaGuard.Unguard(fields[index])) is { } wrong)
            {
                return new TransferRow(row, null, wrong);
            }
        }

        return new TransferRow(row, todo, null);
    }

    private static string Value(TransferTodo todo, string column) => column switch
    {
        "id" => todo.Id ?? "",
        "parentId" => todo.ParentId ?? "",
        "list" => todo.List ?? "",
        "title" => todo.Title,
        "notes" => todo.Notes,
        "category" => todo.Category ?? "",
        "priority" => todo.Priority ?? "",
        "tags" => EscapedList.Write(todo.Tags, ';'),
        "dueDate" => todo.DueDate ?? "",
        "dueTime" => todo.DueTime ?? "",
        "timeZone" => todo.TimeZone ?? "",
        "recurrence" => todo.Recurrence ?? "",
        "reminders" => EscapedList.Write(todo.Reminders.Select(minutes => minutes.ToString(CultureInfo.InvariantCulture)), ';'),
        "completed" => todo.Completed ? "true" : "false",
        "completedAt" => Instant(todo.CompletedAt),
        _ => Instant(todo.CreatedAt),
    };

    private static string? Set(TransferTodo todo, string column, string value)
    {
        var text = value.Length == 0 ? null : value;
        switch (column)
        {
            case "id": todo.Id = text; return null;
            case "parentId": todo.ParentId = text; return null;
            case "list": todo.List = text; return null;
            case "title": todo.Title = value; return null;
            case "notes": todo.Notes = value; return null;
            case "category": todo.Category = text; return null;
            case "priority": todo.Priority = text; return null;
            case "tags": todo.Tags = EscapedList.Read(value, ';'); return null;
            case "dueDate": todo.DueDate = text; return null;
            case "dueTime": todo.DueTime = text; return null;
            case "timeZone": todo.TimeZone = text; return null;
            case "recurrence": todo.Recurrence = text; return null;
            case "reminders":
                foreach (var part in EscapedList.Read(value, ';'))
                {
                    if (!int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var minutes))
                    {
                        return "reminders lists whole minutes before the todo is due, such as 10;60.";
                    }

                    todo.Reminders.Add(minutes);
                }

                return null;
            case "completed":
                todo.Completed = value is "true" or "TRUE" or "True" or "1";
                return todo.Completed || value is "" or "false" or "FALSE" or "False" or "0" ? null : "completed is true or false.";
            case "completedAt":
                return Instant(column, text, moment => todo.CompletedAt = moment);
            default:
                return Instant(column, text, moment => todo.CreatedAt = moment);
        }
    }

    private static string Instant(DateTimeOffset? moment) => moment?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture) ?? "";

    private static string? Instant(string column, string? text, Action<DateTimeOffset> set)
    {
        if (text is null)
        {
            return null;
        }

        if (!DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var moment))
        {
            return $"{column} is a moment such as 2026-01-05T09:30:00Z.";
        }

        set(moment);
        return null;
    }
}
