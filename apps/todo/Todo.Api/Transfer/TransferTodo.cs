namespace Todo.Api.Transfer;

/// <summary>A todo on its way in or out of a file. All values are still the texts somebody wrote; the rules of todos judge them.</summary>
internal sealed record TransferTodo
{
    /// <summary>Only meaningful inside one file: children name their parent by it.</summary>
    public string? Id { get; set; }

    public string? ParentId { get; set; }

    public string? List { get; set; }

    public string Title { get; set; } = "";

    public string Notes { get; set; } = "";

    public string? Category { get; set; }

    public string? Priority { get; set; }

    public List<string> Tags { get; set; } = [];

    public string? DueDate { get; set; }

    public string? DueTime { get; set; }

    public string? TimeZone { get; set; }

    public string? Recurrence { get; set; }

    public List<int> Reminders { get; set; } = [];

    public bool Completed { get; set; }

    public DateTimeOffset? CompletedAt { get; set; }

    public DateTimeOffset? CreatedAt { get; set; }
}

/// <summary>One row of a file: either a todo or the reason why it is none. Rows are counted from one.</summary>
internal sealed record TransferRow(int Row, TransferTodo? Todo, string? Error);

/// <summary>What a file held; <see cref="Error"/> when it could not be read as a whole.</summary>
internal sealed record TransferFile(IReadOnlyList<TransferRow> Rows, string? Error = null)
{
    public const int RowsMax = 2000;

    public static TransferFile Unreadable(string error) => new([], error);

    public static string TooLong { get; } = $"A file may hold at most {RowsMax} todos. Split it.";
}
