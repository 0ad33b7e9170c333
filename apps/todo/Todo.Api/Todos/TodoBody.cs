namespace Todo.Api.Todos;

/// <summary>A todo as a client writes it.</summary>
internal sealed record TodoBody
{
    public Guid? Id { get; set; }

    public Guid? ListId { get; set; }

    public Guid? ParentId { get; set; }

    public string? Title { get; set; }

    public string? Notes { get; set; }

    public string? Category { get; set; }

    public string? Priority { get; set; }

    public List<string>? Tags { get; set; }

    public DueBody? Due { get; set; }

    public string? Recurrence { get; set; }

    public List<ReminderBody>? Reminders { get; set; }
}

internal sealed record DueBody
{
    public string? Date { get; set; }

    public string? Time { get; set; }

    public string? TimeZone { get; set; }
}

internal sealed record ReminderBody
{
    public int MinutesBefore { get; set; }
}
