namespace Todo.Api.Listing;

/// <summary>The orders a list of todos comes in: by which expression, and of which type its values are.</summary>
internal sealed record TodoOrder(string Key, string Type)
{
    public static readonly string[] Names = ["position", "createdAt", "updatedAt", "dueAt", "priority", "title"];

    /// <summary>Todos that are never due come last, whichever way round.</summary>
    public static TodoOrder Of(string name, bool descending) => name switch
    {
        "createdAt" => new TodoOrder("t.created_at", "timestamptz"),
        "updatedAt" => new TodoOrder("t.updated_at", "timestamptz"),
        "dueAt" => new TodoOrder(descending ? "coalesce(t.due_at, '-infinity')" : "coalesce(t.due_at, 'infinity')", "timestamptz"),
        "priority" => new TodoOrder("t.priority", "smallint"),
        "title" => new TodoOrder("lower(t.title) collate \"C\"", "text"),
        _ => new TodoOrder("t.position", "text"),
    };
}
