namespace Todo.Language.QuickAdding;

/// <summary>What a run of words may mean. Nothing is decided yet: two readings may compete for the same words.</summary>
internal sealed record Meaning(string Kind, int First, int Count)
{
    public DateOnly? Date { get; init; }

    public TimeOnly? Time { get; init; }

    /// <summary>A time of day that comes with a day or a repetition, as in "tonight" and "every morning".</summary>
    public TimeOnly? ImpliedTime { get; init; }

    public Repetition? Repetition { get; init; }

    /// <summary>The value of a tag, category or priority.</summary>
    public string? Value { get; init; }

    /// <summary>The writer said that this is the due date ("due", "by", "bis", "fällig"), so it wins over other dates.</summary>
    public bool Marked { get; init; }

    /// <summary>"from Monday", "ab Montag": when a repetition begins, and without one nobody's due date.</summary>
    public bool StartOnly { get; init; }

    /// <summary>A time that can be nothing else; "3:16" alone may be a verse.</summary>
    public bool Certain { get; init; }

    /// <summary>An hour up to twelve without its half of the day: "at 8" in the evening is 20:00.</summary>
    public bool Bare { get; init; }

    public int After => First + Count;
}
