using Slipway.Control.Events;
using Slipway.Control.Reconciling;
using Slipway.Model;
using Slipway.Model.Batch;
using Slipway.Model.Defaulting;
using Slipway.Model.Failures;
using Slipway.Model.Resources;
using Slipway.Store;

namespace Slipway.Control.Jobs;

/// <summary>Makes a Job whenever a CronJob's schedule says so, and keeps a short history of them.</summary>
internal sealed class CronJobReconciler(IResourceStore store, IEventRecorder events, TimeProvider time) : IReconciler
{
    public const string ScheduledAnnotation = "batch.kubernetes.io/cronjob-scheduled-timestamp";

    public string Name => "cronjobs";

    public IEnumerable<ResourceKey> Keys(IResourceStore source) => source.List(Kinds.CronJob).Items.Select(cron => cron.Key);

    public IEnumerable<ResourceKey> Concerned(Change change)
    {
        if (change.Resource.Kind == Kinds.CronJob)
        {
            yield return change.Resource.Key;
        }
        else if (change.Resource.Kind == Kinds.Job && OwnerOf(change.Resource) is { } owner)
        {
            yield return new ResourceKey(Kinds.CronJob, change.Resource.Namespace, owner.Name);
        }
    }

    public async Task<Reconciliation> ReconcileAsync(ResourceKey key, CancellationToken cancellation)
    {
        if (store.Get(key) is not { IsDeleting: false } cron)
        {
            return Reconciliation.Done;
        }

        var spec = cron.Read("spec", KindsJson.Default.CronJobSpec) ?? new CronJobSpec();
        if (CronSchedule.Parse(spec.Schedule) is { Failure: { } unreadable })
        {
            events.Warning(cron, "UnparseableSchedule", unreadable.Detail);
            return Reconciliation.Done;
        }

        if (Zone(spec.TimeZone) is not { } zone)
        {
            events.Warning(cron, "UnknownTimeZone", $"This host knows no time zone \"{spec.TimeZone}\"; use an IANA name such as Europe/Vienna.");
            return Reconciliation.Done;
        }

        var now = time.GetUtcNow();
        var former = cron.Read("status", KindsJson.Default.CronJobStatus) ?? new CronJobStatus();
        var children = store.List(Kinds.Job, key.Namespace).Items.Where(job => OwnerOf(job)?.Uid == cron.Uid && !job.IsDeleting).Select(Child).ToList();
        var plan = CronJobPlanner.Plan(new CronPicture(
            cron.Name, spec, former, CronSchedule.Parse(spec.Schedule).Value, zone, children, cron.Metadata.CreationTimestamp ?? now, now));
        return await ActAsync(cron, plan, children, now, cancellation);
    }

    private static OwnerReference? OwnerOf(Resource job) =>
        job.Metadata.OwnerReferences?.Find(owner => owner.Kind == Kinds.CronJob.Kind && owner.ApiVersion == Kinds.CronJob.ApiVersion);

    private static TimeZoneInfo? Zone(string? name) =>
        string.IsNullOrEmpty(name) ? TimeZoneInfo.Utc : TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone : null;

    private static CronChild Child(Resource job)
    {
        var status = job.Read("status", KindsJson.Default.JobStatus);
        var failed = status?.Conditions?.Exists(condition => condition is { Type: JobPlanner.Failed, Status: ConditionStatus.True }) == true;
        return new CronChild(job, JobPlanner.IsFinished(status), failed, status?.CompletionTime, job.Metadata.CreationTimestamp ?? DateTimeOffset.MinValue);
    }

    private static Resource Draft(Resource cron, string name, DateTimeOffset scheduled)
    {
        var template = RawJson.Field(cron.RawField("spec"), "jobTemplate");
        var metadata = RawJson.Field(template, "metadata");
        var given = metadata.IsEmpty
            ? new Model.Serving.TemplateMetadata()
            : System.Text.Json.JsonSerializer.Deserialize(template.Span, KindsJson.Default.JobTemplate)?.Metadata ?? new Model.Serving.TemplateMetadata();
        var draft = new ObjectMeta
        {
            Name = name,
            Namespace = cron.Namespace,
            Labels = given.Labels,
            Annotations = new Dictionary<string, string>(given.Annotations ?? [], StringComparer.Ordinal)
            {
                [ScheduledAnnotation] = Configurations.RevisionDrafts.Wire(scheduled),
            },
            OwnerReferences = [Ownership.By(cron)],
        };
        var job = new Resource(Kinds.Job, draft, "{}"u8.ToArray()).WithRaw("spec", RawJson.Field(template, "spec")).ToJson();
        Defaults.Apply(Kinds.Job, job, null);
        return Resource.FromJson(Kinds.Job, job);
    }

    private async Task<Reconciliation> ActAsync(
        Resource cron, CronPlan plan, List<CronChild> children, DateTimeOffset now, CancellationToken cancellation)
    {
        if (plan.Missed > CronJobPlanner.MissedMax)
        {
            events.Warning(cron, "TooManyMissedTimes", $"More than {CronJobPlanner.MissedMax} scheduled times have passed without a run. Only the latest is made up for; set spec.startingDeadlineSeconds to bound this.");
        }

        if (plan.Blocked)
        {
            events.Normal(cron, "JobAlreadyActive", "A run is due, but an earlier one is still going and concurrencyPolicy is Forbid");
        }

        foreach (var replaced in plan.Replace.Concat(plan.Delete))
        {
            var deleted = await store.DeleteAsync(replaced.Job.Key, new DeleteOptions(Uid: replaced.Job.Uid), cancellation);
            if (deleted.Failure is { Kind: not FailureKind.NotFound } refused)
            {
                return refused;
            }

            events.Normal(cron, "SuccessfulDelete", $"Deleted Job \"{replaced.Job.Name}\"");
        }

        var status = plan.Status;
        if (plan.Due is { } due)
        {
            var draft = Draft(cron, plan.JobName!, due);
            var created = await store.CreateAsync(draft, WriteOptions.Default, cancellation);
            if (created.Failure is { } failure)
            {
                // A run that exists already was made by a life of the control plane that died before it wrote this down.
                if (failure.Kind != FailureKind.AlreadyExists)
                {
                    events.Warning(cron, "FailedCreate", $"Could not create Job \"{plan.JobName}\": {failure.Detail}");
                    return failure;
                }
            }
            else
            {
                events.Normal(cron, "SuccessfulCreate", $"Created Job \"{plan.JobName}\"");
                var stillActive = (status.Active ?? []).Where(active => plan.Replace.All(replaced => replaced.Job.Uid != active.Uid));
                status = status with { Active = [.. stillActive, CronJobPlanner.Reference(created.Value)] };
            }
        }

        var next = cron.With("status", status, KindsJson.Default.CronJobStatus);
        if (!RawJson.Same(next.RawField("status"), cron.RawField("status")))
        {
            var written = await store.ReplaceAsync(next, WriteOptions.Default, cancellation);
            if (written.Failure is { Kind: not FailureKind.NotFound } refused)
            {
                return refused;
            }
        }

        return plan.NextLook is { } look ? Reconciliation.After(look - now) : Reconciliation.Done;
    }
}
