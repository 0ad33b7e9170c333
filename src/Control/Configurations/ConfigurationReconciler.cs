using Slipway.Control.Conditions;
using Slipway.Control.Events;
using Slipway.Control.Reconciling;
using Slipway.Model;
using Slipway.Model.Failures;
using Slipway.Model.Resources;
using Slipway.Model.Serving;
using Slipway.Store;

namespace Slipway.Control.Configurations;

/// <summary>Makes one immutable Revision per generation of a Configuration, and lets old ones go.</summary>
internal sealed class ConfigurationReconciler(
    IResourceStore store, IEventRecorder events, RevisionRetentionSettings retention, TimeProvider time) : IReconciler
{
    public string Name => "configurations";

    public int Workers => 4;

    public IEnumerable<ResourceKey> Keys(IResourceStore source) => source.List(Kinds.Configuration).Items.Select(configuration => configuration.Key);

    public IEnumerable<ResourceKey> Concerned(Change change)
    {
        if (change.Resource.Kind == Kinds.Configuration)
        {
            yield return change.Resource.Key;
        }
        else if (change.Resource.Kind == Kinds.Revision && change.Resource.OwnerKey(Kinds.Configuration) is { } owner)
        {
            yield return owner;
        }
    }

    public async Task<Reconciliation> ReconcileAsync(ResourceKey key, CancellationToken cancellation)
    {
        if (store.Get(key) is not { IsDeleting: false } configuration)
        {
            return Reconciliation.Done;
        }

        var (latest, obstacle, failure) = await EnsureRevisionAsync(configuration, cancellation);
        if (failure is not null)
        {
            return failure;
        }

        var revisions = RevisionDrafts.Of(store, configuration);
        var former = configuration.Read("status", KindsJson.Default.ConfigurationStatus) ?? new ConfigurationStatus();
        var status = ConfigurationStatusPlanner.Plan(configuration, latest, revisions, obstacle, time.GetUtcNow());
        var next = configuration.With("status", status, KindsJson.Default.ConfigurationStatus);
        if (!RawJson.Same(next.RawField("status"), configuration.RawField("status")))
        {
            var written = await store.ReplaceAsync(next, WriteOptions.Default, cancellation);
            if (written.Failure is { } refused)
            {
                return refused;
            }

            Tell(configuration, former, status);
        }

        foreach (var old in RevisionRetention.Expired(
            revisions, [status.LatestCreatedRevisionName, status.LatestReadyRevisionName], retention, time.GetUtcNow()))
        {
            var deleted = await store.DeleteAsync(old.Key, new DeleteOptions(Uid: old.Uid, ResourceVersion: old.Metadata.ResourceVersion), cancellation);
            if (deleted.Failure is { Kind: not FailureKind.NotFound } refused)
            {
                return refused;
            }
        }

        return Reconciliation.Done;
    }

    private async Task<(Resource? Latest, string? Obstacle, Failure? Failure)> EnsureRevisionAsync(Resource configuration, CancellationToken cancellation)
    {
        var existing = store.Get(new ResourceKey(Kinds.Revision, configuration.Namespace, RevisionDrafts.NameOf(configuration)));
        if (existing is null)
        {
            var created = await store.CreateAsync(RevisionDrafts.Draft(configuration, time.GetUtcNow()), WriteOptions.Default, cancellation);
            if (created.Succeeded)
            {
                events.Normal(configuration, "Created", $"Created Revision \"{created.Value.Name}\"");
                return (created.Value, null, null);
            }

            if (created.Failure!.Kind is FailureKind.Invalid or FailureKind.Malformed or FailureKind.Forbidden)
            {
                events.Warning(configuration, "CreationFailed", $"Could not create a Revision: {created.Failure.Detail}");
                return (null, created.Failure.Detail, null);
            }

            return (null, null, created.Failure);
        }

        return RevisionDrafts.Fits(existing, configuration)
            ? (existing, null, null)
            : (null, $"A Revision named \"{existing.Name}\" exists that has another owner or another spec. Choose another name in spec.template.metadata.name.", null);
    }

    private void Tell(Resource configuration, ConfigurationStatus former, ConfigurationStatus now)
    {
        var ready = now.Conditions.Find(condition => condition.Type == ConditionSet.Ready);
        var before = former.Conditions.Find(condition => condition.Type == ConditionSet.Ready);
        if (ready?.Status == ConditionStatus.True && before?.Status != ConditionStatus.True)
        {
            events.Normal(configuration, "ConfigurationReady", "The Configuration is ready");
        }

        if (now.LatestReadyRevisionName is { } name && name != former.LatestReadyRevisionName)
        {
            events.Normal(configuration, "LatestReadyUpdate", $"The latest ready Revision is now \"{name}\"");
        }

        if (ready?.Status == ConditionStatus.False && before?.Status != ConditionStatus.False)
        {
            var reason = now.LatestCreatedRevisionName == former.LatestReadyRevisionName ? "LatestReadyFailed" : "LatestCreatedFailed";
            events.Warning(configuration, reason, ready.Message ?? $"Revision \"{now.LatestCreatedRevisionName}\" failed");
        }
    }
}
