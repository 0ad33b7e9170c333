using System.Globalization;
using Npgsql;
using Slipway.Sdk.Database;
using Slipway.Sdk.Problems;
using Todo.Api.Dates;
using Todo.Api.Todos;
using Importance = Todo.Api.Todos.Priority;

namespace Todo.Api.Endpoints.Documented;

/// <summary>The plain shape of a todo that older clients know: no lists, no versions, a single due date.</summary>
internal sealed record PlainTodo(
    Guid Id, Guid UserId, string Title, string Description, string? Category, string? Priority, bool Completed, DateTimeOffset? CompletedAt,
    string? DueDate, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    public static PlainTodo Of(TodoState todo) => new(
        todo.Id, todo.OwnerId, todo.Content.Title, todo.Content.Notes, todo.Content.Category,
        todo.Content.Priority == Importance.None ? null : TodoDocuments.Name(todo.Content.Priority), todo.Completed, todo.CompletedAt,
        DueDateOf(todo.Content.Due), todo.CreatedAt, todo.UpdatedAt);

    private static string? DueDateOf(Due? due) => due switch
    {
        null => null,
        { Time: null } => due.Date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        _ => due.At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
    };
}

internal sealed record PlainPage(IReadOnlyList<PlainTodo> Items, int Page, int PageSize, long Total);

internal sealed record PlainTodoBody
{
    public string? Title { get; set; }

    public string? Description { get; set; }

    public string? Category { get; set; }

    public string? Priority { get; set; }

    public bool? Completed { get; set; }

    public string? DueDate { get; set; }

    /// <summary>Checked like any other todo, with findings under the names of this shape.</summary>
    public Outcome<TodoContent> Check()
    {
        var findings = new Findings();
        var content = new TodoContent
        {
            Title = findings.Text("/title", Title, TodoRules.TitleMax),
            Notes = findings.Text("/description", Description, TodoRules.NotesMax, required: false),
            Category = findings.OptionalText("/category", Category, TodoRules.WordMax),
            Priority = findings.Choice(
                "/priority", Priority, Importance.None, ("low", Importance.Low), ("medium", Importance.Medium), ("high", Importance.High)),
            Due = DueOf(findings),
        };
        return findings.Any ? findings.ToProblem() : content;
    }

    /// <summary>What this shape cannot say stays as it is, and a date that is the same keeps its time zone.</summary>
    public static TodoContent Over(TodoContent existing, TodoContent written) => written with
    {
        Tags = existing.Tags,
        Due = written.Due is not null && existing.Due?.At == written.Due.At ? existing.Due : written.Due,
        Recurrence = written.Due is null ? null : existing.Recurrence,
        Reminders = written.Due is null ? [] : existing.Reminders,
    };

    private Due? DueOf(Findings findings)
    {
        if (string.IsNullOrEmpty(DueDate))
        {
            return null;
        }

        if (DateOnly.TryParseExact(DueDate, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) && date.Year is >= 1900 and <= 2999)
        {
            return new Due(date, null, null);
        }

        if (DueDate.Length is > 10 and <= 40
            && DateTimeOffset.TryParse(DueDate, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var moment)
            && moment.Year is >= 1900 and <= 2999)
        {
            return new Due(DateOnly.FromDateTime(moment.UtcDateTime), new TimeOnly(moment.Hour, moment.Minute, moment.Second), "UTC");
        }

        findings.Add("/dueDate", "notADate", "dueDate is a day such as 2026-01-05 or a moment such as 2026-01-05T09:30:00Z.");
        return null;
    }
}

internal sealed record PlainCompletedBody
{
    public bool? Completed { get; set; }
}

internal sealed class PlainCategories : List<Endpoints.Todos.NamedCount>;
