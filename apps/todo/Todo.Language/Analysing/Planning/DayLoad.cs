namespace Todo.Language.Analysing.Planning;

/// <summary>Days that hold more work than fits. What is overdue has to be done today.</summary>
internal static class DayLoad
{
    public static List<OverloadFinding> Of(IReadOnlyList<Study> studies, IReadOnlyList<EffortFinding> effort, DateOnly today, int limit)
    {
        var minutes = effort.GroupBy(finding => finding.TodoId).ToDictionary(group => group.Key, group => group.First().Minutes);
        return [.. studies
            .Where(study => !study.Todo.Completed && study.Todo.DueDate is not null)
            .GroupBy(study => study.Todo.DueDate < today ? today : study.Todo.DueDate!.Value)
            .Select(day => new OverloadFinding(
                day.Key,
                (int)Math.Min(int.MaxValue, day.Sum(study => (long)minutes.GetValueOrDefault(study.Todo.Id))),
                limit,
                [.. day.Select(study => study.Todo.Id)]))
            .Where(day => day.Minutes > limit)
            .OrderBy(day => day.Date)];
    }
}
