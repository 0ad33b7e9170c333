using System.Globalization;
using Slipway.Sdk.Paging;
using Todo.Api.Dates;
using Todo.Api.Todos;

namespace Todo.Api.Endpoints;

/// <summary>A todo as clients read it.</summary>
internal sealed record TodoDocument
{
    public required Guid Id { get; init; }

    public required Guid ListId { get; init; }

    public required Guid? ParentId { get; init; }

    public required string Title { get; init; }

    public required string Notes { get; init; }

    public required string? Category { get; init; }

    public required string Priority { get; init; }

    public required IReadOnlyList<string> Tags { get; init; }

    public required DueBody? Due { get; init; }

    public required DateTimeOffset? DueAt { get; init; }

    public required string? Recurrence { get; init; }

    public required IReadOnlyList<ReminderBody> Reminders { get; init; }

    public required string Position { get; init; }

    public required bool Completed { get; init; }

    public required DateTimeOffset? CompletedAt { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public required Guid CreatedBy { get; init; }

    public required DateTimeOffset? DeletedAt { get; init; }

    public required DateTimeOffset? PurgeAt { get; init; }

    public required long Version { get; init; }

    public required SubtaskCount Subtasks { get; init; }
}

internal sealed record SubtaskCount(int Total, int Done)
{
    public static SubtaskCount None { get; } = new(0, 0);
}

internal sealed record TodoPage(IReadOnlyList<TodoDocument> Items, Page Page, IReadOnlyList<Facet>? Facets);

internal sealed record Facet(string Field, IReadOnlyList<FacetValue> Values);

internal sealed record FacetValue(string Value, string Label, long Count, bool Selected);

internal sealed record CompletionDocument(TodoDocument Todo, TodoDocument? Next);

internal static class TodoDocuments
{
    public static TodoDocument Of(TodoState todo, SubtaskCount subtasks)
    {
        var content = todo.Content;
        return new TodoDocument
        {
            Id = todo.Id,
            ListId = todo.ListId,
            ParentId = todo.ParentId,
            Title = content.Title,
            Notes = content.Notes,
            Category = content.Category,
            Priority = Name(content.Priority),
            Tags = content.Tags,
            Due = Due(content.Due),
            DueAt = todo.DueAt,
            Recurrence = content.Recurrence,
            Reminders = [.. content.Reminders.Select(minutes => new ReminderBody { MinutesBefore = minutes })],
            Position = todo.Position,
            Completed = todo.Completed,
            CompletedAt = todo.CompletedAt,
            CreatedAt = todo.CreatedAt,
            UpdatedAt = todo.UpdatedAt,
            CreatedBy = todo.CreatedBy,
            DeletedAt = todo.DeletedAt,
            PurgeAt = todo.DeletedAt + Trash.Keep,
            Version = todo.Version,
            Subtasks = subtasks,
        };
    }

    /// <summary>What a client would send to write the same content.</summary>
    public static TodoBody Body(TodoContent content) => new()
    {
        Title = content.Title,
        Notes = content.Notes,
        Category = content.Category,
        Priority = Name(content.Priority),
        Tags = content.Tags,
        Due = Due(content.Due),
        Recurrence = content.Recurrence,
        Reminders = [.. content.Reminders.Select(minutes => new ReminderBody { MinutesBefore = minutes })],
    };

    public static string Name(Priority priority) => priority switch
    {
        Priority.Low => "low",
        Priority.Medium => "medium",
        Priority.High => "high",
        _ => "none",
    };

    public static DueBody? Due(Due? due) => due is null ? null : new DueBody
    {
        Date = due.Date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        Time = due.Time?.ToString(due.Time.Value.Second == 0 ? "HH:mm" : "HH:mm:ss", CultureInfo.InvariantCulture),
        TimeZone = due.TimeZone,
    };
}
