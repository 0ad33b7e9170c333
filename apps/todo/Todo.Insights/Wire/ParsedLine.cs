using System.Globalization;
using Todo.Language;

namespace Todo.Insights.Wire;

/// <summary>The answer of <c>POST /api/v1/parse</c>.</summary>
internal sealed record ParsedLine(
    string Title, ParsedDue? Due, string? Recurrence, string Priority, IReadOnlyList<string> Tags, string? Category, IReadOnlyList<UnderstoodSpan> Spans)
{
    public static ParsedLine Of(QuickAddResult read) => new(
        read.Title,
        read.DueDate is { } date
            ? new(date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), read.DueTime?.ToString("HH:mm", CultureInfo.InvariantCulture), read.TimeZone)
            : null,
        read.Recurrence,
        read.Priority,
        read.Tags,
        read.Category,
        read.Spans);
}

internal sealed record ParsedDue(string Date, string? Time, string TimeZone);
