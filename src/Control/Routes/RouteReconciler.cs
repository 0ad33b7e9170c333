using System.Collections.Concurrent;
using System.Text;
using Slipway.Control.Reconciling;
using Slipway.Model;
using Slipway.Model.Resources;
using Slipway.Model.Serving;
using Slipway.Store;

namespace Slipway.Control.Routes;

/// <summary>Resolves the traffic of Routes and moves it, slowly where that is asked for.</summary>
internal sealed class RouteReconciler(IResourceStore store, IIngressStatus ingressStatus, IngressSettings ingress, TimeProvider time) : IReconciler
{
    /// <summary>A lost notice from the data plane must not keep a Service from becoming ready.</summary>
    private static readonly TimeSpan s_ingressRetry = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<ResourceKey, bool> _awaitingIngress = new();

    public string Name => "routes";

    public int Workers => 4;

    public IEnumerable<ResourceKey> Keys(IResourceStore source) => source.List(Kinds.Route).Items.Select(route => route.Key);

    public IEnumerable<ResourceKey> Concerned(Change change)
    {
        if (change.Resource.Kind == Kinds.Route)
        {
            return [change.Resource.Key];
        }

        return change.Resource.Kind == Kinds.Configuration || change.Resource.Kind == Kinds.Revision
            ? Mentioning(store, change.Resource)
            : [];
    }

    public void Listen(Action<ResourceKey> wake) => ingressStatus.Changed += () =>
    {
        foreach (var (route, _) in _awaitingIngress)
        {
            wake(route);
        }
    };

    public async Task<Reconciliation> ReconcileAsync(ResourceKey key, CancellationToken cancellation)
    {
        if (store.Get(key) is not { IsDeleting: false } route)
        {
            _awaitingIngress.TryRemove(key, out _);
            return Reconciliation.Done;
        }

        // Registered before the question is asked, so that an answer in between wakes this Route again.
        _awaitingIngress[key] = true;
        var serves = ingressStatus.Serves(new RouteKey(key.Namespace, key.Name), route.Version);
        var spec = route.Read("spec", KindsJson.Default.RouteSpec) ?? new RouteSpec();
        var resolution = TrafficResolver.Resolve(
            spec,
            name => store.Get(new ResourceKey(Kinds.Configuration, key.Namespace, name)),
            name => store.Get(new ResourceKey(Kinds.Revision, key.Namespace, name)));
        var plan = RoutePlanner.Plan(route, resolution, ingress, serves, time.GetUtcNow());
        if (!plan.AwaitsIngress)
        {
            _awaitingIngress.TryRemove(key, out _);
        }

        var next = route.With(plan.Metadata).With("status", plan.Status, KindsJson.Default.RouteStatus);
        var metadataChanged = !ReferenceEquals(plan.Metadata, route.Metadata);
        if (metadataChanged || !RawJson.Same(next.RawField("status"), route.RawField("status")))
        {
            var written = await store.ReplaceAsync(next, WriteOptions.Default, cancellation);
            if (written.Failure is { } failure)
            {
                return failure;
            }
        }

        if (plan.AwaitsIngress)
        {
            return Reconciliation.After(s_ingressRetry);
        }

        return plan.NextStepAt is { } due
            ? Reconciliation.After(due > time.GetUtcNow() ? due - time.GetUtcNow() : TimeSpan.Zero)
            : Reconciliation.Done;
    }

    /// <summary>The Routes of the namespace whose text names the object. A search for the quoted name reads no JSON and finds a few too many at worst.</summary>
    internal static IEnumerable<ResourceKey> Mentioning(IResourceStore store, Resource named)
    {
        var quoted = Encoding.UTF8.GetBytes($"\"{named.Name}\"");
        return store.List(Kinds.Route, named.Namespace).Items
            .Where(route => route.Body.Span.IndexOf(quoted) >= 0)
            .Select(route => route.Key);
    }
}
