using System.Text.Json.Serialization;
using Todo.Api.Dates;

namespace Todo.Api.Todos;

internal enum Priority
{
    None,
    Low,
    Medium,
    High,
}

/// <summary>What people write into a todo.</summary>
internal sealed record TodoContent
{
    public string Title { get; set; } = "";

    public string Notes { get; set; } = "";

    public string? Category { get; set; }

    public Priority Priority { get; set; }

    public List<string> Tags { get; set; } = [];

    public Due? Due { get; set; }

    public string? Recurrence { get; set; }

    /// <summary>Minutes before it is due, ascending.</summary>
    public List<int> Reminders { get; set; } = [];
}

/// <summary>One todo as it is stored; also what the history keeps of it.</summary>
internal sealed record TodoState
{
    public Guid Id { get; set; }

    /// <summary>The owner of the list it is in.</summary>
    public Guid OwnerId { get; set; }

    public Guid ListId { get; set; }

    public Guid? ParentId { get; set; }

    public Guid CreatedBy { get; set; }

    public TodoContent Content { get; set; } = new();

    public string Position { get; set; } = "";

    public bool Completed { get; set; }

    public DateTimeOffset? CompletedAt { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset UpdatedAt { get; set; }

    public DateTimeOffset? DeletedAt { get; set; }

    public long Version { get; set; }

    [JsonIgnore]
    public DateTimeOffset? DueAt => Content.Due?.At;
}
