namespace Todo.Api.Todos;

/// <summary>Which reminder of a todo comes next.</summary>
internal static class Reminders
{
    /// <summary>Null when nothing is left to remind of: no date, done, thrown away, or all of them past.</summary>
    public static DateTimeOffset? NextAfter(DateTimeOffset moment, TodoState todo)
    {
        if (todo.DueAt is not { } due || todo.Completed || todo.DeletedAt is not null)
        {
            return null;
        }

        DateTimeOffset? next = null;
        foreach (var minutes in todo.Content.Reminders)
        {
            var at = due.AddMinutes(-minutes);
            next = at > moment && (next is null || at < next) ? at : next;
        }

        return next;
    }
}
