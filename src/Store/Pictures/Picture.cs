using System.Collections.Immutable;
using Slipway.Model.Resources;

namespace Slipway.Store.Pictures;

/// <summary>Everything the store holds at one version. Readers take it once and then see one consistent moment.</summary>
internal sealed class Picture
{
    private readonly ImmutableDictionary<ResourceKind, KindPicture> _kinds;

    private Picture(long version, int count, ImmutableDictionary<ResourceKind, KindPicture> kinds)
    {
        Version = version;
        Count = count;
        _kinds = kinds;
    }

    public long Version { get; }

    public int Count { get; }

    public static Picture Of(long version, IReadOnlyList<Resource> resources) => new(
        version,
        resources.Count,
        resources.GroupBy(resource => resource.Kind).ToImmutableDictionary(group => group.Key, KindPicture.Of));

    public Resource? Find(ResourceKey key) => Of(key.Kind).Find(key.Namespace, key.Name);

    public KindPicture Of(ResourceKind kind) => _kinds.GetValueOrDefault(kind, KindPicture.Empty);

    public bool HoldsAnythingIn(string @namespace) =>
        _kinds.Any(kind => kind.Key.Namespaced && kind.Value.In(@namespace).Count > 0);

    public Picture With(long version, IReadOnlyDictionary<ResourceKey, Resource?> changes)
    {
        var kinds = _kinds;
        var count = Count;
        foreach (var group in changes.GroupBy(change => change.Key.Kind))
        {
            var before = Of(group.Key);
            var after = before.With([.. group]);
            count += after.Count - before.Count;
            kinds = kinds.SetItem(group.Key, after);
        }

        return new Picture(version, count, kinds);
    }
}
