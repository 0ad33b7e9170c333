using System.Globalization;
using Slipway.Model.Batch;
using Slipway.Model.Resources;
using Slipway.Model.Values;

namespace Slipway.Control.Jobs;

/// <param name="Jobs">The Jobs it owns, made by the schedule or by hand.</param>
internal sealed record CronPicture(
    string Name, CronJobSpec Spec, CronJobStatus Former, CronSchedule Schedule, TimeZoneInfo Zone, IReadOnlyList<CronChild> Jobs, DateTimeOffset CreatedAt, DateTimeOffset Now);

internal sealed record CronChild(Resource Job, bool Finished, bool Failed, DateTimeOffset? CompletedAt, DateTimeOffset CreatedAt);

/// <param name="Due">The scheduled time to make a Job for now.</param>
/// <param name="JobName">Follows from the scheduled time, so that no run is made twice.</param>
/// <param name="Replace">Running Jobs to delete first.</param>
/// <param name="Delete">Finished Jobs beyond the history limits.</param>
/// <param name="Missed">How many scheduled times have passed without a run, when it is more than the one made now.</param>
/// <param name="Blocked">A run is due but an earlier one is still going.</param>
internal sealed record CronPlan(
    DateTimeOffset? Due,
    string? JobName,
    IReadOnlyList<CronChild> Replace,
    IReadOnlyList<CronChild> Delete,
    int Missed,
    bool Blocked,
    DateTimeOffset? NextLook,
    CronJobStatus Status);

/// <summary>Which run of a CronJob is due, and which finished ones have had their time. Pure.</summary>
internal static class CronJobPlanner
{
    /// <summary>Missed times are not counted further than this; only the latest of them is made up for in any case.</summary>
    public const int MissedMax = 100;

    public static CronPlan Plan(CronPicture picture)
    {
        var (spec, former, now) = (picture.Spec, picture.Former, picture.Now);
        var active = picture.Jobs.Where(child => !child.Finished).ToList();
        var delete = Outdated(picture.Jobs, succeeded: true, spec.SuccessfulJobsHistoryLimit ?? 3)
            .Concat(Outdated(picture.Jobs, succeeded: false, spec.FailedJobsHistoryLimit ?? 1))
            .ToList();
        var status = new CronJobStatus
        {
            Active = active.Count == 0 ? null : [.. active.Select(child => Reference(child.Job))],
            LastScheduleTime = former.LastScheduleTime,
            LastSuccessfulTime = Latest(former.LastSuccessfulTime, picture.Jobs.Where(child => child is { Finished: true, Failed: false }).Max(child => child.CompletedAt)),
        };
        var next = picture.Schedule.Next(now, picture.Zone);
        if (spec.Suspend == true)
        {
            return new CronPlan(null, null, [], delete, 0, false, null, status);
        }

        var (due, missed) = LatestDue(picture);
        if (due is null)
        {
            return new CronPlan(null, null, [], delete, missed, false, next, status);
        }

        if (spec.ConcurrencyPolicy == "Forbid" && active.Count > 0)
        {
            // It is made up for as soon as the present run ends, unless its starting deadline passes before.
            return new CronPlan(null, null, [], delete, missed, true, next, status);
        }

        status = status with { LastScheduleTime = due };
        var replace = spec.ConcurrencyPolicy == "Replace" ? active : [];
        return new CronPlan(due, JobName(picture.Name, due.Value), replace, delete, missed, false, next, status);
    }

    public static string JobName(string cronJob, DateTimeOffset scheduled) =>
        RevisionNames.Child(cronJob, $"-{(scheduled.ToUnixTimeSeconds() / 60).ToString(CultureInfo.InvariantCulture)}");

    public static ObjectReference Reference(Resource job) => new()
    {
        ApiVersion = job.Kind.ApiVersion,
        Kind = job.Kind.Kind,
        Namespace = job.Namespace,
        Name = job.Name,
        Uid = job.Uid,
    };

    /// <summary>The latest scheduled time that has passed and was not run, and how many have passed.</summary>
    private static (DateTimeOffset? Due, int Missed) LatestDue(CronPicture picture)
    {
        var after = picture.Former.LastScheduleTime ?? picture.CreatedAt;
        if (picture.Spec.StartingDeadlineSeconds is { } seconds && picture.Now.AddSeconds(-seconds) is var earliest && earliest > after)
        {
            after = earliest;
        }

        DateTimeOffset? due = null;
        var missed = 0;
        for (var time = picture.Schedule.Next(after, picture.Zone); time <= picture.Now; time = picture.Schedule.Next(time.Value, picture.Zone))
        {
            due = time;
            if (++missed > MissedMax)
            {
                // After a long pause only the latest time matters: go on searching close to the present.
                return (CloseTo(picture) ?? due, missed);
            }
        }

        return (due, missed);
    }

    private static DateTimeOffset? CloseTo(CronPicture picture)
    {
        DateTimeOffset? latest = null;
        foreach (var back in new[] { TimeSpan.FromMinutes(2), TimeSpan.FromHours(2), TimeSpan.FromDays(2), TimeSpan.FromDays(62), TimeSpan.FromDays(3000) })
        {
            for (var time = picture.Schedule.Next(picture.Now - back, picture.Zone); time <= picture.Now; time = picture.Schedule.Next(time.Value, picture.Zone))
            {
                latest = time;
            }

            if (latest is not null)
            {
                return latest;
            }
        }

        return null;
    }

    private static IEnumerable<CronChild> Outdated(IReadOnlyList<CronChild> jobs, bool succeeded, int limit) =>
        jobs.Where(child => child.Finished && child.Failed != succeeded)
            .OrderByDescending(child => child.CreatedAt)
            .ThenByDescending(child => child.Job.Name, StringComparer.Ordinal)
            .Skip(limit);

    private static DateTimeOffset? Latest(DateTimeOffset? one, DateTimeOffset? other) =>
        one is null ? other : other is null || one > other ? one : other;
}
