using System.Text;
using Slipway.Control.Conditions;
using Slipway.Control.Events;
using Slipway.Control.Instances;
using Slipway.Control.Reconciling;
using Slipway.Model;
using Slipway.Model.Failures;
using Slipway.Model.Platform;
using Slipway.Model.Resources;
using Slipway.Model.Serving;
using Slipway.Runtime.Endpoints;
using Slipway.Store;

namespace Slipway.Control.Revisions;

/// <summary>
/// Resolves what a Revision refers to, publishes its plan for the fleet, and tells in the status what the fleet answers.
/// </summary>
/// <param name="hostProcessesOnly">The driver runs programs directly on the host and cannot run container images.</param>
internal sealed class RevisionReconciler(
    IResourceStore store,
    RevisionImages images,
    InstanceTemplates templates,
    RevisionPlans plans,
    IFleetStatus fleet,
    IEventRecorder events,
    bool hostProcessesOnly,
    TimeProvider time) : IReconciler
{
    private static readonly TimeSpan s_retry = TimeSpan.FromSeconds(15);

    public string Name => "revisions";

    /// <summary>Some of them may wait for a registry; the others go on meanwhile.</summary>
    public int Workers => 8;

    public IEnumerable<ResourceKey> Keys(IResourceStore source) =>
        source.List(Kinds.Revision).Items.Select(revision => revision.Key)
            .Concat(plans.All.Select(plan => KeyOf(plan.Revision)));

    public IEnumerable<ResourceKey> Concerned(Change change)
    {
        var resource = change.Resource;
        if (resource.Kind == Kinds.Revision)
        {
            return [resource.Key];
        }

        if (resource.Kind == Kinds.Service)
        {
            // Stopping and limits of scaling are annotations of the Service; its status concerns no Revision.
            return change.Type != ChangeType.Modified || !SameAnnotations(resource, change.Before)
                ? OfServices(resource.Namespace, [resource.Name])
                : [];
        }

        if (resource.Kind == Kinds.Database)
        {
            return OfServices(resource.Namespace, [.. Users(resource), .. change.Before is { } before ? Users(before) : []]);
        }

        if (resource.Kind != Kinds.Secret && resource.Kind != Kinds.ConfigMap)
        {
            return [];
        }

        return resource.OwnerKey(Kinds.Database) is { } owner && store.Get(owner) is { } database
            ? OfServices(resource.Namespace, Users(database)).Concat(Mentioning(resource))
            : Mentioning(resource);
    }

    public void Listen(Action<ResourceKey> wake) => fleet.Changed += revision => wake(KeyOf(revision));

    public async Task<Reconciliation> ReconcileAsync(ResourceKey key, CancellationToken cancellation)
    {
        var name = new RevisionKey(key.Namespace, key.Name);
        if (store.Get(key) is not { IsDeleting: false } revision)
        {
            if (plans.Find(name) is { } gone)
            {
                images.Forget(gone.Uid);
                plans.Withdraw(name);
            }

            return Reconciliation.Done;
        }

        if (plans.Find(name) is { } older && older.Uid != revision.Uid)
        {
            images.Forget(older.Uid);
            plans.Withdraw(name);
        }

        var spec = revision.Read("spec", KindsJson.Default.TemplateSpec) ?? new TemplateSpec();
        var former = revision.Read("status", KindsJson.Default.RevisionStatus);
        var answer = Answer(name, revision);
        var (digests, template, problem) = await PrepareAsync(revision, spec, former, answer, cancellation);
        var proven = RevisionStatusPlanner.IsProven(former);
        if (template is not null)
        {
            var service = store.Get(new ResourceKey(Kinds.Service, key.Namespace, RevisionPlanner.ServiceName(revision)));
            plans.Publish(RevisionPlanner.Plan(revision, service, spec, template, proven, Blocked(service)));
            answer = Answer(name, revision);
        }
        else if (proven && plans.Find(name) is not null)
        {
            // It serves already. What is missing now concerns instances of the future, and those still get the last plan.
            events.Warning(revision, problem!.Reason, problem.Message);
            problem = null;
        }

        var now = time.GetUtcNow();
        var status = RevisionStatusPlanner.Plan(revision, digests, problem, answer, now);
        var failure = await WriteAsync(revision, status, cancellation);
        if (failure is not null)
        {
            return failure;
        }

        Tell(revision, former, status);
        return template is null ? Reconciliation.After(s_retry) : Reconciliation.Done;
    }

    private static ResourceKey KeyOf(RevisionKey revision) => new(Kinds.Revision, revision.Namespace, revision.Name);

    private static bool SameAnnotations(Resource now, Resource? before)
    {
        var one = now.Metadata.Annotations ?? [];
        var other = before?.Metadata.Annotations ?? [];
        return one.Count == other.Count && one.All(pair => other.TryGetValue(pair.Key, out var value) && value == pair.Value);
    }

    private static List<string> Users(Resource database) =>
        database.Read("spec", KindsJson.Default.DatabaseSpec)?.Services ?? [];

    private FleetStatus? Answer(RevisionKey name, Resource revision) =>
        fleet.Find(name) is { } found && found.Uid == revision.Uid ? found : null;

    private async Task<(List<ContainerDigest>? Digests, InstanceTemplate? Template, RevisionProblem? Problem)> PrepareAsync(
        Resource revision, TemplateSpec spec, RevisionStatus? former, FleetStatus? answer, CancellationToken cancellation)
    {
        var container = spec.Containers.FirstOrDefault();
        if (container is null)
        {
            return (null, null, new RevisionProblem(RevisionStatusPlanner.ContainerHealthy, true, "ContainerMissing", "The template names no container."));
        }

        var digests = former?.ContainerStatuses;
        if (digests?.FirstOrDefault()?.ImageDigest is not { Length: > 0 } digest)
        {
            var resolved = await images.ResolveAsync(container.Image, cancellation);
            if (resolved.Failure is { } unresolved)
            {
                return (null, null, ImageProblem(unresolved));
            }

            digest = resolved.Value;
            digests = [new ContainerDigest { Name = container.Name, ImageDigest = digest }];
        }

        if (answer?.Reason == "ImageMissing")
        {
            images.Forget(revision.Uid);
        }

        var prepared = await images.PrepareAsync(revision, digest, cancellation);
        if (prepared.Failure is { } unprepared)
        {
            return (digests, null, ImageProblem(unprepared));
        }

        if (hostProcessesOnly && !prepared.Value.HostProcess)
        {
            return (digests, null, new RevisionProblem(
                RevisionStatusPlanner.ContainerHealthy,
                true,
                "ContainerDriverNeeded",
                $"Image \"{container.Image}\" is a container image without an artifact that runs directly on this host. Start Slipway with a container driver, or deploy the project itself with dotnet://."));
        }

        var template = templates.Build(RevisionPlanner.Workload(revision, spec, digest, prepared.Value));
        return template.Failure is { } failure
            ? (digests, null, new RevisionProblem(RevisionStatusPlanner.ResourcesAvailable, true, Reason(failure), failure.Detail))
            : (digests, template.Value, null);
    }

    private static RevisionProblem ImageProblem(Failure failure) =>
        failure.Kind is FailureKind.Unavailable or FailureKind.Exhausted
            ? new RevisionProblem(RevisionStatusPlanner.ResourcesAvailable, false, "ResolvingDigests", failure.Detail)
            : new RevisionProblem(RevisionStatusPlanner.ContainerHealthy, true, "ContainerMissing", failure.Detail);

    private static string Reason(Failure failure) => failure.Code switch
    {
        "reference-missing" => "ReferenceMissing",
        "several-containers" => "ContainerDriverNeeded",
        _ => "TemplateInvalid",
    };

    private static Unavailability? Blocked(Resource? service) =>
        service?.Metadata.Annotation(ServingNames.Stopped) == "true"
            ? new Unavailability("serviceStopped", $"Service \"{service.Name}\" was stopped. Remove the annotation {ServingNames.Stopped} to start it again.")
            : null;

    private async Task<Failure?> WriteAsync(Resource revision, RevisionStatus status, CancellationToken cancellation)
    {
        var next = revision.With("status", status, KindsJson.Default.RevisionStatus);
        if (RawJson.Same(next.RawField("status"), revision.RawField("status")))
        {
            return null;
        }

        var written = await store.ReplaceAsync(next, WriteOptions.Default, cancellation);
        return written.Failure is { Kind: FailureKind.NotFound } ? null : written.Failure;
    }

    private void Tell(Resource revision, RevisionStatus? former, RevisionStatus status)
    {
        var ready = status.Conditions.Find(condition => condition.Type == ConditionSet.Ready);
        var before = former?.Conditions.Find(condition => condition.Type == ConditionSet.Ready);
        if (ready?.Status == ConditionStatus.True && before?.Status != ConditionStatus.True)
        {
            events.Normal(revision, "RevisionReady", "The Revision is ready to serve");
        }

        if (ready?.Status == ConditionStatus.False && (before?.Status != ConditionStatus.False || before.Reason != ready.Reason))
        {
            events.Warning(revision, ready.Reason ?? "Failed", ready.Message ?? "The Revision failed");
        }
    }

    private IEnumerable<ResourceKey> OfServices(string @namespace, IEnumerable<string> services)
    {
        var wanted = services.ToHashSet(StringComparer.Ordinal);
        return wanted.Count == 0
            ? []
            : store.List(Kinds.Revision, @namespace).Items
                .Where(revision => wanted.Contains(RevisionPlanner.ServiceName(revision)))
                .Select(revision => revision.Key);
    }

    private IEnumerable<ResourceKey> Mentioning(Resource named)
    {
        var quoted = Encoding.UTF8.GetBytes($"\"{named.Name}\"");
        return store.List(Kinds.Revision, named.Namespace).Items
            .Where(revision => revision.Body.Span.IndexOf(quoted) >= 0)
            .Select(revision => revision.Key);
    }
}
