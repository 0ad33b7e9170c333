using Slipway.Model.Failures;
using Slipway.Model.Resources;
using Slipway.Store;

namespace Slipway.Control.Tests.World;

/// <summary>The real store, whose writes can be made to fail before or after they are done.</summary>
internal sealed class FaultyStore(IResourceStore inner) : IResourceStore
{
    /// <summary>Asked before each write; a failure means that nothing is written.</summary>
    public Func<string, Resource, Failure?> Before { get; set; } = (_, _) => null;

    /// <summary>Asked after each write; a failure means that it is written although the caller hears otherwise.</summary>
    public Func<string, Resource, Failure?> After { get; set; } = (_, _) => null;

    /// <summary>Every write that changed something, as <c>create Kind name</c>.</summary>
    public List<string> Writes { get; } = [];

    public long Version => inner.Version;

    public Resource? Get(ResourceKey key) => inner.Get(key);

    public Resource? FindByUid(string uid) => inner.FindByUid(uid);

    public ResourceList List(ResourceKind kind, string? @namespace = null) => inner.List(kind, @namespace);

    public Task<Outcome<Resource>> CreateAsync(Resource draft, WriteOptions options, CancellationToken cancellation) =>
        WriteAsync("create", draft, () => inner.CreateAsync(draft, options, cancellation));

    public Task<Outcome<Resource>> ReplaceAsync(Resource next, WriteOptions options, CancellationToken cancellation) =>
        WriteAsync("replace", next, () => inner.ReplaceAsync(next, options, cancellation));

    public Task<Outcome<Resource>> DeleteAsync(ResourceKey key, DeleteOptions options, CancellationToken cancellation) =>
        WriteAsync("delete", new Resource(key.Kind, new ObjectMeta { Name = key.Name, Namespace = key.Namespace }, "{}"u8.ToArray()), () => inner.DeleteAsync(key, options, cancellation));

    public Outcome<IWatch> Watch(ResourceKind? kind, long after) => inner.Watch(kind, after);

    private async Task<Outcome<Resource>> WriteAsync(string verb, Resource resource, Func<Task<Outcome<Resource>>> write)
    {
        if (Before(verb, resource) is { } refused)
        {
            return refused;
        }

        var version = inner.Version;
        var outcome = await write();
        if (inner.Version != version)
        {
            Writes.Add($"{verb} {resource.Kind.Kind} {resource.Name}");
        }

        return After(verb, resource) is { } lost ? lost : outcome;
    }
}
