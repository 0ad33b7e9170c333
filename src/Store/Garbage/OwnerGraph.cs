using Slipway.Model.Resources;

namespace Slipway.Store.Garbage;

/// <summary>Who names whom as an owner, kept up to date from the watch. Objects themselves are always read from the store.</summary>
internal sealed class OwnerGraph(IResourceStore store) : IGarbageView
{
    private readonly Dictionary<string, HashSet<ResourceKey>> _dependents = new(StringComparer.Ordinal);

    public void Apply(Change change)
    {
        foreach (var uid in OwnersOf(change.Before))
        {
            if (_dependents.TryGetValue(uid, out var dependents) && dependents.Remove(change.Resource.Key) && dependents.Count == 0)
            {
                _dependents.Remove(uid);
            }
        }

        if (change.Type != ChangeType.Deleted)
        {
            Add(change.Resource);
        }
    }

    public void Add(Resource resource)
    {
        foreach (var uid in OwnersOf(resource))
        {
            if (!_dependents.TryGetValue(uid, out var dependents))
            {
                _dependents[uid] = dependents = [];
            }

            dependents.Add(resource.Key);
        }
    }

    /// <summary>Everything a change may have consequences for, the object itself included.</summary>
    public IEnumerable<ResourceKey> ConcernedBy(Change change)
    {
        yield return change.Resource.Key;
        if (change.Type == ChangeType.Deleted || change.Resource.IsDeleting)
        {
            foreach (var dependent in DependentsOf(change.Resource.Uid))
            {
                yield return dependent.Key;
            }
        }

        foreach (var uid in OwnersOf(change.Resource).Concat(OwnersOf(change.Before)))
        {
            if (store.FindByUid(uid) is { IsDeleting: true } owner)
            {
                yield return owner.Key;
            }
        }

        var home = new ResourceKey(Kinds.Namespace, "", change.Resource.Namespace);
        if (change.Resource.Kind.Namespaced && store.Get(home) is { IsDeleting: true })
        {
            yield return home;
        }
    }

    public Resource? FindByUid(string uid) => store.FindByUid(uid);

    public IReadOnlyList<Resource> DependentsOf(string uid) =>
    [
        // Sorted, so that the same picture always leads to the same steps.
        .. _dependents.GetValueOrDefault(uid, [])
            .Select(store.Get)
            .OfType<Resource>()
            .Where(resource => OwnersOf(resource).Contains(uid))
            .OrderBy(resource => resource.Version),
    ];

    public IEnumerable<Resource> ContentsOf(string @namespace) =>
        Kinds.All.Where(kind => kind.Namespaced).SelectMany(kind => store.List(kind, @namespace).Items);

    private static IEnumerable<string> OwnersOf(Resource? resource) =>
        (resource?.Metadata.OwnerReferences ?? []).Select(reference => reference.Uid).Distinct(StringComparer.Ordinal);
}
