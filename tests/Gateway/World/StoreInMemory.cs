using System.Collections.Immutable;
using Slipway.Model.Failures;
using Slipway.Model.Resources;
using Slipway.Store;

namespace Slipway.Gateway.Tests.World;

/// <summary>What the gateway needs of a store: pictures by kind, a history to watch, and a switch that makes it fail.</summary>
internal sealed class StoreInMemory : IResourceStore
{
    private readonly Lock _lock = new();
    private ImmutableSortedDictionary<string, Resource> _resources = ImmutableSortedDictionary<string, Resource>.Empty;
    private readonly List<Change> _history = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _version;

    public bool IsDown { get; set; }

    public long Version => IsDown ? throw new InvalidOperationException("The store is down.") : Interlocked.Read(ref _version);

    public Resource? Get(ResourceKey key) => _resources.GetValueOrDefault(NameOf(key));

    public Resource? FindByUid(string uid) => _resources.Values.FirstOrDefault(resource => resource.Uid == uid);

    public ResourceList List(ResourceKind kind, string? @namespace = null)
    {
        lock (_lock)
        {
            return new ResourceList(_version, [.. _resources.Values.Where(resource => resource.Kind == kind && (@namespace is null || resource.Namespace == @namespace))]);
        }
    }

    public Task<Outcome<Resource>> CreateAsync(Resource draft, WriteOptions options, CancellationToken cancellation) => Task.FromResult<Outcome<Resource>>(Put(draft));

    public Task<Outcome<Resource>> ReplaceAsync(Resource next, WriteOptions options, CancellationToken cancellation)
    {
        lock (_lock)
        {
            var current = Get(next.Key);
            if (current is null || current.Version != next.Version)
            {
                return Task.FromResult<Outcome<Resource>>(new Failure(FailureKind.Conflict, "conflict", "Changed meanwhile."));
            }

            if (current.Body.Span.SequenceEqual(next.Body.Span))
            {
                return Task.FromResult<Outcome<Resource>>(current);
            }

            return Task.FromResult<Outcome<Resource>>(Put(next));
        }
    }

    public Task<Outcome<Resource>> DeleteAsync(ResourceKey key, DeleteOptions options, CancellationToken cancellation)
    {
        lock (_lock)
        {
            if (Get(key) is not { } current)
            {
                return Task.FromResult<Outcome<Resource>>(new Failure(FailureKind.NotFound, "not-found", "Gone."));
            }

            _resources = _resources.Remove(NameOf(key));
            Publish(ChangeType.Deleted, Stamp(current), current);
            return Task.FromResult<Outcome<Resource>>(current);
        }
    }

    public Resource Put(Resource resource)
    {
        lock (_lock)
        {
            var before = Get(resource.Key);
            var stamped = Stamp(resource);
            _resources = _resources.SetItem(NameOf(resource.Key), stamped);
            Publish(before is null ? ChangeType.Added : ChangeType.Modified, stamped, before);
            return stamped;
        }
    }

    public Outcome<IWatch> Watch(ResourceKind? kind, long after) => IsDown
        ? new Failure(FailureKind.Unavailable, "store-unavailable", "The store is down.")
        : new Watcher(this, kind, after);

    private Resource Stamp(Resource resource)
    {
        _version++;
        return resource.With(resource.Metadata with
        {
            ResourceVersion = _version.ToString(),
            Uid = resource.Metadata.Uid ?? Guid.NewGuid().ToString(),
            CreationTimestamp = resource.Metadata.CreationTimestamp ?? DateTimeOffset.UnixEpoch.AddSeconds(_version),
            Generation = Math.Max(1, resource.Metadata.Generation),
        });
    }

    private void Publish(ChangeType type, Resource resource, Resource? before)
    {
        _history.Add(new Change(type, resource, before));
        var changed = _changed;
        _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        changed.SetResult();
    }

    private static string NameOf(ResourceKey key) => $"{key.Kind.Qualified}/{key.Namespace}/{key.Name}";

    private sealed class Watcher(StoreInMemory store, ResourceKind? kind, long after) : IWatch
    {
        public long Position { get; private set; } = after;

        public async ValueTask<Outcome<IReadOnlyList<Change>>> NextAsync(CancellationToken cancellation)
        {
            while (true)
            {
                Task changed;
                lock (store._lock)
                {
                    var next = store._history.Where(change => change.Version > Position && (kind is null || change.Resource.Kind == kind)).ToList();
                    if (next.Count > 0)
                    {
                        Position = next[^1].Version;
                        return next;
                    }

                    changed = store._changed.Task;
                }

                await changed.WaitAsync(cancellation);
            }
        }

        public void Dispose()
        {
        }
    }
}
