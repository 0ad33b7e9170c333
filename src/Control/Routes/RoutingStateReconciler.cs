using Slipway.Control.Configurations;
using Slipway.Control.Reconciling;
using Slipway.Model;
using Slipway.Model.Failures;
using Slipway.Model.Resources;
using Slipway.Model.Serving;
using Slipway.Store;

namespace Slipway.Control.Routes;

/// <summary>
/// Writes on Revisions and Configurations which Routes use them. A Revision that a Route refers to is active, one that no
/// Route refers to any more is a reserve and may be collected in time.
/// </summary>
internal sealed class RoutingStateReconciler(IResourceStore store, TimeProvider time) : IReconciler
{
    public string Name => "routing-states";

    public IEnumerable<ResourceKey> Keys(IResourceStore source)
    {
        // A Route that went while nobody watched still stands on the Revisions it used.
        var left = source.List(Kinds.Revision).Items
            .SelectMany(revision => Users(revision).Select(route => new ResourceKey(Kinds.Route, revision.Namespace, route)));
        return source.List(Kinds.Route).Items.Select(route => route.Key).Concat(left).Distinct();
    }

    public IEnumerable<ResourceKey> Concerned(Change change)
    {
        if (change.Resource.Kind == Kinds.Route)
        {
            return [change.Resource.Key];
        }

        var appears = change.Resource.Kind == Kinds.Revision && change.Type == ChangeType.Added;
        if (appears && change.Resource.OwnerKey(Kinds.Configuration) is { } owner && store.Get(owner) is { } configuration)
        {
            return RouteReconciler.Mentioning(store, configuration).Concat(RouteReconciler.Mentioning(store, change.Resource));
        }

        return change.Resource.Kind == Kinds.Configuration ? RouteReconciler.Mentioning(store, change.Resource) : [];
    }

    public async Task<Reconciliation> ReconcileAsync(ResourceKey key, CancellationToken cancellation)
    {
        var route = store.Get(key);
        var (revisions, configurations) = route is null || route.IsDeleting ? ([], []) : Used(route);
        Failure? failure = null;
        foreach (var revision in store.List(Kinds.Revision, key.Namespace).Items)
        {
            var uses = revisions.Contains(revision.Name);
            if (!revision.IsDeleting && (uses != Users(revision).Contains(key.Name) || (uses && !IsActive(revision))))
            {
                failure = await WriteAsync(revision, key.Name, uses, cancellation) ?? failure;
            }
        }

        foreach (var configuration in store.List(Kinds.Configuration, key.Namespace).Items)
        {
            var uses = configurations.Contains(configuration.Name);
            if (!configuration.IsDeleting && uses != Users(configuration).Contains(key.Name))
            {
                failure = await WriteAsync(configuration, key.Name, uses, cancellation) ?? failure;
            }
        }

        return failure is null ? Reconciliation.Done : failure;
    }

    private static bool IsActive(Resource revision) =>
        revision.Metadata.Label(ServingNames.RoutingState) == ServingNames.RoutingActive;

    private static string[] Users(Resource resource) =>
        resource.Metadata.Annotation(ServingNames.Routes)?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];

    private (HashSet<string> Revisions, HashSet<string> Configurations) Used(Resource route)
    {
        var revisions = new HashSet<string>(StringComparer.Ordinal);
        var configurations = new HashSet<string>(StringComparer.Ordinal);
        var wanted = route.Read("spec", KindsJson.Default.RouteSpec)?.Traffic ?? [];
        var present = route.Read("status", KindsJson.Default.RouteStatus)?.Traffic ?? [];
        foreach (var entry in wanted.Concat(present))
        {
            Add(revisions, entry.RevisionName);
            Add(configurations, entry.ConfigurationName);
        }

        foreach (var name in configurations)
        {
            // The latest created one counts as used before it is ready, or its instances would never be kept at their minimum.
            var configuration = store.Get(new ResourceKey(Kinds.Configuration, route.Namespace, name));
            var status = configuration?.Read("status", KindsJson.Default.ConfigurationStatus);
            Add(revisions, status?.LatestCreatedRevisionName);
            Add(revisions, status?.LatestReadyRevisionName);
            if (configuration is not null)
            {
                Add(revisions, RevisionDrafts.NameOf(configuration));
            }
        }

        return (revisions, configurations);
    }

    private async Task<Failure?> WriteAsync(Resource resource, string route, bool uses, CancellationToken cancellation)
    {
        var users = Users(resource).Where(user => user != route).Concat(uses ? [route] : []).Order(StringComparer.Ordinal).ToList();
        var annotations = new Dictionary<string, string>(resource.Metadata.Annotations ?? [], StringComparer.Ordinal);
        annotations.Remove(ServingNames.Routes);
        if (users.Count > 0)
        {
            annotations[ServingNames.Routes] = string.Join(',', users);
        }

        var metadata = resource.Metadata with { Annotations = annotations };
        if (resource.Kind == Kinds.Revision)
        {
            var state = users.Count > 0 ? ServingNames.RoutingActive : ServingNames.RoutingReserve;
            if (resource.Metadata.Label(ServingNames.RoutingState) != state)
            {
                annotations[ServingNames.RoutingStateModified] = RevisionDrafts.Wire(time.GetUtcNow());
                metadata = metadata with
                {
                    Labels = new Dictionary<string, string>(resource.Metadata.Labels ?? [], StringComparer.Ordinal) { [ServingNames.RoutingState] = state },
                };
            }
        }

        var written = await store.ReplaceAsync(resource.With(metadata), WriteOptions.Default, cancellation);
        return written.Failure is { Kind: FailureKind.NotFound } ? null : written.Failure;
    }

    private static void Add(HashSet<string> names, string? name)
    {
        if (!string.IsNullOrEmpty(name))
        {
            names.Add(name);
        }
    }
}
