using Slipway.Model.Batch;

namespace Slipway.Control.Jobs;

/// <summary>
/// What the tasks of a Job have done so far. A success is counted by its index, as a set, so that it does not matter
/// whether the record of the try is still there; failures are counted by their records, which stay until the Job ends.
/// </summary>
internal sealed class Counting
{
    private readonly ILookup<int, JobTask> _byIndex;
    private readonly int _formerFailures;

    private Counting(JobPicture picture)
    {
        // One that was to be withdrawn but still runs counts as running: whoever wants it stopped asks for it again.
        var counted = picture.Tasks.Where(task => task.Outcome == TaskOutcome.Running || !picture.Withdrawn.Contains(task.Id)).ToList();
        var formerDone = CompletedIndexes.Parse(picture.Former.CompletedIndexes);
        Running = [.. counted.Where(task => task.Outcome == TaskOutcome.Running)];
        Done = [.. formerDone, .. counted.Where(task => task.Outcome == TaskOutcome.Succeeded).Select(task => task.Index)];
        var failed = counted.Where(task => task.Outcome == TaskOutcome.Failed).ToList();
        _formerFailures = picture.Former.Failed;

        // Records can be lost with the machine's disk; what was written down once is not forgotten with them.
        Failures = Math.Max(failed.Count, _formerFailures);
        LastFailure = failed.Max(task => task.EndedAt);
        var lastSuccess = counted.Where(task => task.Outcome == TaskOutcome.Succeeded).Max(task => task.EndedAt);
        FailuresInARow = failed.Count(task => lastSuccess is null || task.EndedAt > lastSuccess);
        _byIndex = picture.Tasks.ToLookup(task => task.Index);
        Forgettable =
        [
            .. counted.Where(task => task.Outcome == TaskOutcome.Succeeded && formerDone.Contains(task.Index))
                .OrderByDescending(task => task.EndedAt).Skip(JobPlanner.EndedKept).Select(task => task.Id),
            // The record of a withdrawn try stays until its task is done, because its id must not be used again.
            .. picture.Tasks.Where(task => task.Outcome != TaskOutcome.Running && picture.Withdrawn.Contains(task.Id) && formerDone.Contains(task.Index))
                .Select(task => task.Id),
        ];
    }

    public IReadOnlyList<JobTask> Running { get; }

    public SortedSet<int> Done { get; }

    public int Failures { get; }

    public int FailuresInARow { get; }

    public DateTimeOffset? LastFailure { get; }

    public IReadOnlyList<string> Forgettable { get; }

    public static Counting Of(JobPicture picture) => new(picture);

    public bool RunsNow(int index) => _byIndex[index].Any(task => task.Outcome == TaskOutcome.Running);

    /// <summary>One more than the latest try that is on record; never an id that was used.</summary>
    public int NextAttempt(int index) => _byIndex[index].Select(task => task.Attempt + 1).DefaultIfEmpty(0).Max();

    public bool IsComplete(JobSpec spec) =>
        spec.Completions is { } completions ? Done.Count >= completions : Done.Count > 0 && Running.Count == 0;
}
