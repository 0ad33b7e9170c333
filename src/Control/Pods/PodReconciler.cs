using Slipway.Control.Instances;
using Slipway.Control.Reconciling;
using Slipway.Model;
using Slipway.Model.Failures;
using Slipway.Model.Resources;
using Slipway.Runtime.Endpoints;
using Slipway.Runtime.Health;
using Slipway.Runtime.Instances;
using Slipway.Store;

namespace Slipway.Control.Pods;

/// <summary>
/// Keeps one Pod per instance the driver knows, and none beyond: a Pod goes when its instance is forgotten, which the
/// fleet and the jobs decide. Deleting a Pod by hand ends its instance.
/// </summary>
internal sealed class PodReconciler(
    IResourceStore store, IInstanceDriver driver, IInstanceHealth health, ITrafficGate gate, InstanceStops stops, TimeProvider time) : IReconciler
{
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_drain = TimeSpan.FromMinutes(5);

    /// <summary>A forgotten instance raises no news, so ended ones are looked at again after a while.</summary>
    private static readonly TimeSpan s_endedLook = TimeSpan.FromSeconds(60);

    public string Name => "pods";

    public int Workers => 2;

    public IEnumerable<ResourceKey> Keys(IResourceStore source) =>
        source.List(Kinds.Pod).Items.Select(pod => pod.Key).Concat(driver.List().Select(KeyOf)).Distinct();

    public IEnumerable<ResourceKey> Concerned(Change change)
    {
        if (change.Resource.Kind == Kinds.Pod)
        {
            // The end of a Pod is remembered by its key alone: the instance behind it was taken off the user's hands.
            if (change.Type == ChangeType.Deleted && driver.List().Any(instance => KeyOf(instance) == change.Resource.Key))
            {
                Recycle(change.Resource);
            }

            yield return change.Resource.Key;
        }
    }

    public void Listen(Action<ResourceKey> wake)
    {
        driver.Changed += instance => wake(KeyOf(instance));
        health.Changed += state =>
        {
            if (driver.List().FirstOrDefault(instance => instance.Id == state.InstanceId) is { } instance)
            {
                wake(KeyOf(instance));
            }
        };
    }

    public async Task<Reconciliation> ReconcileAsync(ResourceKey key, CancellationToken cancellation)
    {
        var existing = store.Get(key);
        var instance = driver.List().FirstOrDefault(candidate => candidate.Id == key.Name && candidate.Spec.Namespace == key.Namespace);
        if (instance is null)
        {
            if (existing is null)
            {
                return Reconciliation.Done;
            }

            var deleted = await store.DeleteAsync(key, new DeleteOptions(Uid: existing.Uid), cancellation);
            return deleted.Failure is { Kind: not FailureKind.NotFound } refused ? refused : Reconciliation.Done;
        }

        var owner = store.FindByUid(instance.Spec.OwnerUid);
        var ended = instance.Phase == InstancePhase.Exited;
        if (existing is null && (owner is null || owner.IsDeleting || instance.Phase == InstancePhase.Stopping || stops.IsUnderWay(instance.Id)))
        {
            // Its owner is gone or it is about to be: a Pod would only be collected again.
            return ended ? Reconciliation.Done : Reconciliation.After(s_endedLook);
        }

        if (ended && existing is not null && HasEnded(existing))
        {
            return Reconciliation.After(s_endedLook);
        }

        var next = PodPlanner.Of(instance, health.Find(instance.Id), existing, time.GetUtcNow());
        var written = existing is null
            ? await store.CreateAsync(next, WriteOptions.Default, cancellation)
            : await store.ReplaceAsync(next, WriteOptions.Default, cancellation);
        if (written.Failure is { Kind: not FailureKind.NotFound } failure)
        {
            return failure;
        }

        return ended ? Reconciliation.After(s_endedLook) : Reconciliation.Done;
    }

    private static bool HasEnded(Resource pod) =>
        pod.Read("status", KindsJson.Default.PodStatus)?.Phase is "Succeeded" or "Failed";

    private static ResourceKey KeyOf(InstanceState instance) => new(Kinds.Pod, instance.Spec.Namespace, instance.Id);

    /// <summary>Lets the requests of the instance finish, then stops it; the fleet sees it end and makes another if one is needed.</summary>
    private void Recycle(Resource pod) =>
        stops.Begin(pod.Name, s_grace, cancellation => gate.DrainAsync(pod.Name, s_drain, cancellation));
}
