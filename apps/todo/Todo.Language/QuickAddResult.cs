namespace Todo.Language;

/// <summary>What a line of text says about a todo. What was not understood for certain is still in the title.</summary>
public sealed record QuickAddResult
{
    public required string Title { get; init; }

    public DateOnly? DueDate { get; init; }

    /// <summary>Only ever present together with a date.</summary>
    public TimeOnly? DueTime { get; init; }

    /// <summary>The zone the date was read in: the one asked for, or UTC when nobody knows that one.</summary>
    public required string TimeZone { get; init; }

    /// <summary>The value of an RRULE, such as <c>FREQ=WEEKLY;BYDAY=MO</c>.</summary>
    public string? Recurrence { get; init; }

    /// <summary>One of none, low, medium, high.</summary>
    public string Priority { get; init; } = "none";

    public IReadOnlyList<string> Tags { get; init; } = [];

    public string? Category { get; init; }

    /// <summary>The pieces that were understood and are therefore not in the title, in the order of the text.</summary>
    public IReadOnlyList<UnderstoodSpan> Spans { get; init; } = [];
}

/// <summary>A piece of the text; <see cref="Kind"/> is one of date, time, recurrence, priority, tag, category, escape.</summary>
public readonly record struct UnderstoodSpan(int Start, int Length, string Kind, string Text);
