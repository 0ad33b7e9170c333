using Slipway.Control.Configurations;
using Slipway.Control.Events;
using Slipway.Control.Reconciling;
using Slipway.Model;
using Slipway.Model.Failures;
using Slipway.Model.Resources;
using Slipway.Store;

namespace Slipway.Control.Services;

/// <summary>Keeps one Configuration and one Route per Service, and tells in its status how they are doing.</summary>
internal sealed class ServiceReconciler(IResourceStore store, IEventRecorder events, TimeProvider time) : IReconciler
{
    public string Name => "services";

    public int Workers => 4;

    public IEnumerable<ResourceKey> Keys(IResourceStore source) => source.List(Kinds.Service).Items.Select(service => service.Key);

    public IEnumerable<ResourceKey> Concerned(Change change)
    {
        if (change.Resource.Kind == Kinds.Service)
        {
            yield return change.Resource.Key;
        }
        else if (change.Resource.Kind == Kinds.Configuration || change.Resource.Kind == Kinds.Route)
        {
            // By name and not by owner: a foreign object under the Service's name concerns it as well.
            yield return new ResourceKey(Kinds.Service, change.Resource.Namespace, change.Resource.Name);
        }
    }

    public async Task<Reconciliation> ReconcileAsync(ResourceKey key, CancellationToken cancellation)
    {
        if (store.Get(key) is not { IsDeleting: false } service)
        {
            return Reconciliation.Done;
        }

        // A chosen revision name that is taken is found before anything is written, so that neither child moves traffic.
        var configuration = store.Get(key with { Kind = Kinds.Configuration });
        var wantedConfiguration = ServiceChildren.Configuration(service, configuration);
        var (configurationNow, configurationFailure) = await EnsureAsync(service, configuration, wantedConfiguration, cancellation);
        if (configurationFailure is not null)
        {
            return configurationFailure;
        }

        var taken = configurationNow is not null && configurationNow.IsControlledBy(service)
            ? RevisionDrafts.TakenName(store, configurationNow)
            : null;
        var route = store.Get(key with { Kind = Kinds.Route });
        var routeNow = route;
        if (taken is null)
        {
            (routeNow, var routeFailure) = await EnsureAsync(service, route, ServiceChildren.Route(service, route), cancellation);
            if (routeFailure is not null)
            {
                return routeFailure;
            }
        }

        var status = ServiceStatusPlanner.Plan(service, configurationNow, routeNow, taken, time.GetUtcNow());
        var next = service.With("status", status, KindsJson.Default.ServiceStatus);
        if (RawJson.Same(next.RawField("status"), service.RawField("status")))
        {
            return Reconciliation.Done;
        }

        var written = await store.ReplaceAsync(next, WriteOptions.Default, cancellation);
        return written.Failure is { } failure ? failure : Reconciliation.Done;
    }

    /// <summary>Creates the child or brings it up to date; one that belongs to somebody else is returned untouched.</summary>
    private async Task<(Resource? Child, Failure? Failure)> EnsureAsync(
        Resource service, Resource? existing, Resource wanted, CancellationToken cancellation)
    {
        if (existing is null)
        {
            var created = await store.CreateAsync(wanted, WriteOptions.Default, cancellation);
            if (created.Failure is { } failure)
            {
                events.Warning(service, "CreationFailed", $"Could not create {wanted.Kind.Kind} \"{wanted.Name}\": {failure.Detail}");
                return (null, failure);
            }

            events.Normal(service, "Created", $"Created {wanted.Kind.Kind} \"{wanted.Name}\"");
            return (created.Value, null);
        }

        if (!existing.IsControlledBy(service) || existing.IsDeleting || !ServiceChildren.Differs(existing, wanted))
        {
            return (existing, null);
        }

        var replaced = await store.ReplaceAsync(wanted, WriteOptions.Default, cancellation);
        return replaced.Failure is { } refused ? (null, refused) : (replaced.Value, null);
    }
}
