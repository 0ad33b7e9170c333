namespace Todo.Insights.Wire;

/// <summary>The body of <c>POST /insights</c>.</summary>
internal sealed record InsightsRequest
{
    public IReadOnlyList<TodoToAnalyse>? Todos { get; set; }

    /// <summary>BCP 47; English and German are known, anything else lets the words decide.</summary>
    public string? Language { get; set; }

    /// <summary>IANA name; UTC when absent.</summary>
    public string? TimeZone { get; set; }

    /// <summary>The moment days are counted from; the present when absent.</summary>
    public string? Now { get; set; }
}

internal sealed record TodoToAnalyse
{
    public string? Id { get; set; }

    public string? Title { get; set; }

    public string? Description { get; set; }

    public string? Category { get; set; }

    /// <summary>A date, or an instant of which the day in the caller's zone counts.</summary>
    public string? DueDate { get; set; }

    public bool? Completed { get; set; }

    public string? Priority { get; set; }

    public int? EffortMinutes { get; set; }
}

/// <summary>The body of <c>POST /api/v1/parse</c>.</summary>
internal sealed record ParseRequest
{
    public string? Text { get; set; }

    public string? TimeZone { get; set; }

    public string? Language { get; set; }

    public string? Now { get; set; }
}
