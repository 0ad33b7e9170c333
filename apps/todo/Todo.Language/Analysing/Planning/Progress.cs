namespace Todo.Language.Analysing.Planning;

/// <summary>How much is done, in all and by category.</summary>
internal static class Progress
{
    public static ProductivityFinding Of(IReadOnlyList<Study> studies, int overdue)
    {
        var total = studies.Count;
        var completed = studies.Count(study => study.Todo.Completed);
        var open = total - completed;
        var categories = studies
            .Where(study => !string.IsNullOrWhiteSpace(study.Todo.Category))
            .GroupBy(study => study.Todo.Category!)
            .Select(group => new CategoryProgress(group.Key, group.Count(), group.Count(study => study.Todo.Completed)))
            .OrderByDescending(category => category.Total)
            .ThenBy(category => category.Category, StringComparer.Ordinal)
            .Take(50)
            .ToList();
        return new(total, completed, open, Percent(completed, total), Percent(overdue, open), categories);
    }

    private static double Percent(int part, int whole) => whole == 0 ? 0 : Math.Round(100.0 * part / whole, 1);
}
