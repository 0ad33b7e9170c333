namespace Todo.Language;

/// <summary>A todo as the analyser sees it.</summary>
public sealed record TodoText
{
    public required string Id { get; init; }

    public required string Title { get; init; }

    public string Description { get; init; } = "";

    public string? Category { get; init; }

    public DateOnly? DueDate { get; init; }

    public bool Completed { get; init; }

    /// <summary>What the writer set: low, medium or high; anything else is nothing.</summary>
    public string? Priority { get; init; }

    public int? EffortMinutes { get; init; }
}

public sealed record AnalysisInput
{
    public required IReadOnlyList<TodoText> Todos { get; init; }

    /// <summary>The moment "tomorrow" and "overdue" are counted from.</summary>
    public required DateTimeOffset Now { get; init; }

    public string TimeZone { get; init; } = "UTC";

    /// <summary>"en" or "de"; otherwise the words of each todo decide, and the summary is in the language most of them have.</summary>
    public string? Language { get; init; }

    /// <summary>How much work fits into a day.</summary>
    public int MinutesPerDay { get; init; } = 480;
}
