using System.Text;
using Slipway.Control.Events;
using Slipway.Control.Instances;
using Slipway.Control.Reconciling;
using Slipway.Model;
using Slipway.Model.Batch;
using Slipway.Model.Defaulting;
using Slipway.Model.Failures;
using Slipway.Model.Resources;
using Slipway.Runtime.Images;
using Slipway.Runtime.Instances;
using Slipway.Store;

namespace Slipway.Control.Jobs;

/// <summary>Runs the tasks of Jobs to completion: counts what has ended, starts what is missing, stops what is too much.</summary>
internal sealed class JobReconciler(
    IResourceStore store,
    IInstanceDriver driver,
    IImages images,
    InstanceTemplates templates,
    InstanceStops stops,
    IEventRecorder events,
    TimeProvider time) : IReconciler
{
    /// <summary>Ids of tries that are being stopped on purpose. Written before the stop, so that a crash in between counts nothing wrongly.</summary>
    public const string WithdrawnAnnotation = "slipway.dev/withdrawn-tasks";

    private static readonly TimeSpan s_stopGrace = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_stopRetry = TimeSpan.FromSeconds(45);

    public string Name => "jobs";

    public int Workers => 8;

    public IEnumerable<ResourceKey> Keys(IResourceStore source) =>
        source.List(Kinds.Job).Items.Select(job => job.Key)
            .Concat(driver.List().Where(BelongsToJob).Select(JobOf))
            .Distinct();

    public IEnumerable<ResourceKey> Concerned(Change change)
    {
        if (change.Resource.Kind == Kinds.Job)
        {
            yield return change.Resource.Key;
        }
    }

    public void Listen(Action<ResourceKey> wake) => driver.Changed += instance =>
    {
        if (BelongsToJob(instance))
        {
            wake(JobOf(instance));
        }
    };

    public async Task<Reconciliation> ReconcileAsync(ResourceKey key, CancellationToken cancellation)
    {
        var job = store.Get(key);
        var instances = driver.List().Where(instance => BelongsToJob(instance) && JobOf(instance) == key).ToList();
        var orphans = instances.Where(instance => job is null || job.IsDeleting || instance.Spec.OwnerUid != job.Uid).ToList();
        var left = await RemoveAsync(orphans, cancellation);
        if (job is null || job.IsDeleting)
        {
            return left ? Reconciliation.After(s_stopRetry) : Reconciliation.Done;
        }

        var spec = job.Read("spec", KindsJson.Default.JobSpec) ?? new JobSpec();
        if (spec.Selector is null)
        {
            return await IdentifyAsync(job, cancellation);
        }

        var former = job.Read("status", KindsJson.Default.JobStatus) ?? new JobStatus();
        var withdrawn = Withdrawn(job);
        var now = time.GetUtcNow();
        var tasks = instances.Where(instance => instance.Spec.OwnerUid == job.Uid).Select(JobTask.From).ToList();
        var plan = JobPlanner.Plan(new JobPicture(spec, former, tasks, withdrawn, job.Metadata.CreationTimestamp ?? now, now));
        if (plan.Expired)
        {
            var deleted = await store.DeleteAsync(key, new DeleteOptions(Uid: job.Uid), cancellation);
            return deleted.Failure is { Kind: not FailureKind.NotFound } refused ? refused : Reconciliation.Done;
        }

        return await ActAsync(job, spec, former, withdrawn, plan, now, cancellation);
    }

    /// <summary>
    /// Before the platform stops every instance in order to end itself: what is cut short then is neither done nor failed,
    /// and the next life tries it again. Tries that survive count as if nothing had been said.
    /// </summary>
    public async Task WithdrawRunningAsync(CancellationToken cancellation)
    {
        var running = driver.List().Where(instance => BelongsToJob(instance) && instance.Phase != InstancePhase.Exited);
        foreach (var tries in running.GroupBy(JobOf))
        {
            if (store.Get(tries.Key) is { } job && Mark(job, [.. Withdrawn(job), .. tries.Select(instance => instance.Id)]) is { } marked)
            {
                await store.ReplaceAsync(job.With(marked), WriteOptions.Default, cancellation);
            }
        }
    }

    private static bool BelongsToJob(InstanceState instance) => instance.Spec.OwnerKind == Kinds.Job.Kind;

    private static ResourceKey JobOf(InstanceState instance) => new(Kinds.Job, instance.Spec.Namespace, instance.Spec.Owner);

    private static HashSet<string> Withdrawn(Resource job) =>
        [.. job.Metadata.Annotation(WithdrawnAnnotation)?.Split(',', StringSplitOptions.RemoveEmptyEntries) ?? []];

    /// <summary>A Job's selector names its uid, which only a stored Job has.</summary>
    private async Task<Reconciliation> IdentifyAsync(Resource job, CancellationToken cancellation)
    {
        var completed = job.ToJson();
        Defaults.Apply(Kinds.Job, completed, null);
        var written = await store.ReplaceAsync(Resource.FromJson(Kinds.Job, completed), WriteOptions.Default, cancellation);
        return written.Failure is { Kind: not FailureKind.NotFound } failure ? failure : Reconciliation.Done;
    }

    private async Task<Reconciliation> ActAsync(
        Resource job, JobSpec spec, JobStatus former, HashSet<string> withdrawn, JobPlan plan, DateTimeOffset now, CancellationToken cancellation)
    {
        // Outcomes are written down before anything is started, stopped or forgotten: from here on a crash loses no count.
        var written = await WriteAsync(job, plan, withdrawn, cancellation);
        if (written.Failure is { } refused)
        {
            return refused.Kind == FailureKind.NotFound ? Reconciliation.Done : refused;
        }

        Tell(job, former, plan.Status);
        foreach (var id in plan.Withdraw.Concat(plan.Stop))
        {
            stops.Begin(id, s_stopGrace);
        }

        foreach (var id in plan.Forget)
        {
            await driver.ForgetAsync(id, cancellation);
        }

        if (plan.Starts.Count > 0 && await StartAsync(job, spec, plan.Starts, cancellation) is { } failure)
        {
            events.Warning(job, "FailedCreate", failure.Detail);
            return failure;
        }

        var stopping = plan.Withdraw.Count + plan.Stop.Count > 0 ? now + s_stopRetry : (DateTimeOffset?)null;
        var next = plan.NextLook is null || stopping < plan.NextLook ? stopping ?? plan.NextLook : plan.NextLook;
        return next is { } due ? Reconciliation.After(due > now ? due - now : TimeSpan.Zero) : Reconciliation.Done;
    }

    private async Task<Outcome<Resource>> WriteAsync(Resource job, JobPlan plan, HashSet<string> withdrawn, CancellationToken cancellation)
    {
        var next = job.With("status", plan.Status, KindsJson.Default.JobStatus);

        // A try that runs on although it was to be withdrawn counts again, unless its stop is only slow.
        var ending = driver.List()
            .Where(instance => instance.Phase is InstancePhase.Exited or InstancePhase.Stopping || stops.IsUnderWay(instance.Id))
            .Select(instance => instance.Id)
            .ToHashSet(StringComparer.Ordinal);
        var marked = Mark(job, [.. withdrawn.Where(ending.Contains), .. plan.Withdraw]);
        if (marked is not null)
        {
            next = next.With(marked);
        }
        else if (RawJson.Same(next.RawField("status"), job.RawField("status")))
        {
            return job;
        }

        return await store.ReplaceAsync(next, WriteOptions.Default, cancellation);
    }

    /// <summary>The metadata that says so, or null when it does already.</summary>
    private static ObjectMeta? Mark(Resource job, IEnumerable<string> withdrawn)
    {
        var text = string.Join(',', withdrawn.Distinct().Order(StringComparer.Ordinal));
        if (text == (job.Metadata.Annotation(WithdrawnAnnotation) ?? ""))
        {
            return null;
        }

        var annotations = new Dictionary<string, string>(job.Metadata.Annotations ?? [], StringComparer.Ordinal);
        annotations.Remove(WithdrawnAnnotation);
        if (text.Length > 0)
        {
            annotations[WithdrawnAnnotation] = text;
        }

        return job.Metadata with { Annotations = annotations };
    }

    private async Task<Failure?> StartAsync(Resource job, JobSpec spec, IReadOnlyList<JobStart> starts, CancellationToken cancellation)
    {
        var container = spec.Template.Spec.Containers.FirstOrDefault();
        if (container is null)
        {
            return new Failure(FailureKind.Invalid, "template-invalid", "The Job's template names no container.");
        }

        var resolved = await images.ResolveAsync(container.Image, cancellation);
        if (resolved.Failure is { } unresolved)
        {
            return unresolved;
        }

        var prepared = await images.PrepareAsync(resolved.Value, cancellation);
        if (prepared.Failure is { } unprepared)
        {
            return unprepared;
        }

        var template = templates.Build(JobTemplates.Workload(job, spec, resolved.Value, prepared.Value));
        if (template.Failure is { } unresolvedReference)
        {
            return unresolvedReference;
        }

        foreach (var start in starts)
        {
            var started = await driver.StartAsync(JobTemplates.Task(template.Value, job, start), cancellation);
            if (started.Failure is { Kind: not FailureKind.AlreadyExists } failure)
            {
                return failure;
            }

            if (started.Succeeded)
            {
                events.Normal(job, "SuccessfulCreate", $"Started task {start.Index} (try {start.Attempt + 1})");
            }
        }

        return null;
    }

    /// <summary>Stops and forgets instances whose Job is gone; true when some are still there.</summary>
    private async Task<bool> RemoveAsync(List<InstanceState> orphans, CancellationToken cancellation)
    {
        var left = false;
        foreach (var orphan in orphans)
        {
            if (orphan.Phase == InstancePhase.Exited)
            {
                await driver.ForgetAsync(orphan.Id, cancellation);
            }
            else
            {
                stops.Begin(orphan.Id, s_stopGrace);
                left = true;
            }
        }

        return left;
    }

    private void Tell(Resource job, JobStatus former, JobStatus status)
    {
        if (JobPlanner.IsFinished(former) || !JobPlanner.IsFinished(status))
        {
            return;
        }

        var failed = status.Conditions!.Find(condition => condition is { Type: JobPlanner.Failed, Status: ConditionStatus.True });
        if (failed is null)
        {
            events.Normal(job, "Completed", "The Job is complete");
        }
        else
        {
            events.Warning(job, failed.Reason ?? "Failed", failed.Message ?? "The Job failed");
        }
    }
}
