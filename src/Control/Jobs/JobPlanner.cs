using Slipway.Control.Conditions;
using Slipway.Model.Batch;
using Slipway.Model.Resources;

namespace Slipway.Control.Jobs;

/// <param name="Withdrawn">Ids of tries that were stopped on purpose and count neither as success nor as failure.</param>
internal sealed record JobPicture(
    JobSpec Spec, JobStatus Former, IReadOnlyList<JobTask> Tasks, IReadOnlySet<string> Withdrawn, DateTimeOffset CreatedAt, DateTimeOffset Now);

internal sealed record JobStart(int Index, int Attempt);

/// <param name="Starts">Tries to begin.</param>
/// <param name="Withdraw">Tries to stop without counting them.</param>
/// <param name="Stop">Tries of a finished Job that still run.</param>
/// <param name="Forget">Ended tries whose outcome is written down and whose logs nobody is owed any more.</param>
/// <param name="NextLook">When something happens by itself.</param>
/// <param name="Expired">The Job itself is to go.</param>
internal sealed record JobPlan(
    JobStatus Status,
    IReadOnlyList<JobStart> Starts,
    IReadOnlyList<string> Withdraw,
    IReadOnlyList<string> Stop,
    IReadOnlyList<string> Forget,
    DateTimeOffset? NextLook,
    bool Expired);

/// <summary>What a Job does next, from what its tasks have done. Pure, and the counts are exact however often it is asked.</summary>
internal static class JobPlanner
{
    public const string Complete = "Complete";
    public const string Failed = "Failed";
    public const string Suspended = "Suspended";

    /// <summary>Ended tries of one Job whose records and logs are kept beyond what counting needs.</summary>
    public const int EndedKept = 200;

    private static readonly TimeSpan s_backoffBase = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_backoffCap = TimeSpan.FromMinutes(6);

    public static bool IsFinished(JobStatus? status) =>
        status?.Conditions?.Exists(condition => condition is { Type: Complete or Failed, Status: ConditionStatus.True }) == true;

    public static JobPlan Plan(JobPicture picture) =>
        IsFinished(picture.Former) ? Finished(picture) : Counting.Of(picture) is var counts && picture.Spec.Suspend == true
            ? Suspend(picture, counts)
            : Run(picture, counts);

    /// <summary>How long after the latest failure the next try waits; a success in between starts the count anew.</summary>
    public static TimeSpan Backoff(int failures) =>
        failures <= 0
            ? TimeSpan.Zero
            : TimeSpan.FromSeconds(Math.Min(s_backoffBase.TotalSeconds * Math.Pow(2, Math.Min(failures - 1, 20)), s_backoffCap.TotalSeconds));

    private static JobPlan Run(JobPicture picture, Counting counts)
    {
        var (spec, now) = (picture.Spec, picture.Now);
        var startedAt = picture.Former.StartTime ?? now;
        var conditions = Conditions(picture);
        if (picture.Former.Conditions?.Exists(condition => condition.Type == Suspended) == true)
        {
            conditions.False(Suspended, "JobResumed", "The Job goes on.");
        }

        var status = Status(picture, counts, startedAt, counts.Running.Count);
        if (spec.ActiveDeadlineSeconds is { } seconds && now >= startedAt.AddSeconds(seconds))
        {
            return Fail(picture, counts, status, conditions, "DeadlineExceeded", "The Job was active longer than its spec.activeDeadlineSeconds allows.");
        }

        if (counts.Failures > (spec.BackoffLimit ?? 6))
        {
            return Fail(picture, counts, status, conditions, "BackoffLimitExceeded", $"{counts.Failures} tries failed; spec.backoffLimit allows {spec.BackoffLimit ?? 6}.");
        }

        if (counts.IsComplete(spec))
        {
            conditions.True(Complete);
            var done = status with { Conditions = conditions.Build(), CompletionTime = now };
            return new JobPlan(done, [], [], [], [], Expiry(spec, now), false);
        }

        var readyAt = counts.LastFailure is { } last ? last + Backoff(counts.FailuresInARow) : now;
        var starts = now >= readyAt ? Starts(spec, counts) : [];
        var next = Earliest(
            starts.Count == 0 && now < readyAt && HasOpenTasks(spec, counts) ? readyAt : null,
            spec.ActiveDeadlineSeconds is { } limit ? startedAt.AddSeconds(limit) : null);
        var running = status with { Conditions = conditions.Build(), Active = counts.Running.Count + starts.Count, Ready = counts.Running.Count + starts.Count };
        return new JobPlan(running, starts, TooMany(spec, counts), [], counts.Forgettable, next, false);
    }

    private static JobPlan Suspend(JobPicture picture, Counting counts)
    {
        var conditions = Conditions(picture);
        conditions.True(Suspended, "JobSuspended", "The Job waits until spec.suspend is false.");

        // The deadline counts active time, so it starts anew when the Job goes on.
        var status = Status(picture, counts, null, 0) with { Conditions = conditions.Build() };
        return new JobPlan(status, [], [.. counts.Running.Select(task => task.Id)], [], counts.Forgettable, null, false);
    }

    private static JobPlan Finished(JobPicture picture)
    {
        var running = picture.Tasks.Where(task => task.Outcome == TaskOutcome.Running).Select(task => task.Id).ToList();
        var ended = picture.Tasks.Where(task => task.Outcome != TaskOutcome.Running)
            .OrderByDescending(task => task.EndedAt).Skip(EndedKept).Select(task => task.Id).ToList();
        var finishedAt = picture.Former.CompletionTime
            ?? picture.Former.Conditions?.Find(condition => condition.Type == Failed)?.LastTransitionTime
            ?? picture.Now;
        var expiry = Expiry(picture.Spec, finishedAt);
        return new JobPlan(picture.Former, [], [], running, ended, expiry, expiry <= picture.Now);
    }

    private static JobPlan Fail(JobPicture picture, Counting counts, JobStatus status, ConditionSet conditions, string reason, string message)
    {
        conditions.False(Complete, reason, message);
        conditions.True(Failed, reason, message);

        // What still runs is stopped and counts as failed: the Job's numbers are final with this write.
        var final = status with
        {
            Active = 0,
            Ready = 0,
            Failed = counts.Failures + counts.Running.Count,
            Conditions = [.. conditions.Build().Where(condition => condition.Type != Complete)],
        };
        return new JobPlan(final, [], [], [.. counts.Running.Select(task => task.Id)], [], Expiry(picture.Spec, picture.Now), false);
    }

    private static List<JobStart> Starts(JobSpec spec, Counting counts)
    {
        var free = (spec.Parallelism ?? 1) - counts.Running.Count;
        var starts = new List<JobStart>();

        // A pool without a fixed count starts nobody new once one of its workers says that the work is done.
        var limit = spec.Completions ?? (counts.Done.Count > 0 ? 0 : spec.Parallelism ?? 1);
        for (var index = 0; index < limit && starts.Count < free; index++)
        {
            if (!counts.Done.Contains(index) && !counts.RunsNow(index))
            {
                starts.Add(new JobStart(index, counts.NextAttempt(index)));
            }
        }

        return starts;
    }

    private static bool HasOpenTasks(JobSpec spec, Counting counts) => Starts(spec, counts).Count > 0;

    /// <summary>Parallelism was lowered while tasks ran: the ones with the highest index give way.</summary>
    private static List<string> TooMany(JobSpec spec, Counting counts) =>
        [.. counts.Running.OrderBy(task => task.Index).Skip(Math.Max(0, spec.Parallelism ?? 1)).Select(task => task.Id)];

    private static JobStatus Status(JobPicture picture, Counting counts, DateTimeOffset? startedAt, int active) => new()
    {
        Active = active,
        Ready = active,
        Succeeded = counts.Done.Count,
        Failed = counts.Failures,
        StartTime = startedAt,
        CompletedIndexes = CompletedIndexes.Format(counts.Done),
        CompletionTime = picture.Former.CompletionTime,
    };

    private static ConditionSet Conditions(JobPicture picture)
    {
        var conditions = new ConditionSet(picture.Former.Conditions, [], picture.Now);
        foreach (var former in picture.Former.Conditions ?? [])
        {
            conditions.Keep(former.Type);
        }

        return conditions;
    }

    private static DateTimeOffset? Expiry(JobSpec spec, DateTimeOffset finishedAt) =>
        spec.TtlSecondsAfterFinished is { } seconds ? finishedAt.AddSeconds(seconds) : null;

    private static DateTimeOffset? Earliest(DateTimeOffset? one, DateTimeOffset? other) =>
        one is null ? other : other is null || one < other ? one : other;
}
