namespace Todo.Language.QuickAdding;

/// <summary>What a run of tokens may mean. Nothing is decided yet: two readings may compete for the same words.</summary>
internal sealed record Meaning(string Kind, int First, int Count)
{
    public DateOnly? Date { get; init; }

    public TimeOnly? Time { get; init; }

    /// <summary>A date and a time of day in one expression, such as "in 3 hours" or "tonight".</summary>
    public TimeOnly? ImpliedTime { get; init; }

    public Repetition? Repetition { get; init; }

    /// <summary>The value of a tag, category or priority.</summary>
    public string? Value { get; init; }

    /// <summary>The writer said that this is the due date ("due", "by", "bis", "fällig"), so it wins over other dates.</summary>
    public bool Marked { get; init; }

    public int After => First + Count;
}
