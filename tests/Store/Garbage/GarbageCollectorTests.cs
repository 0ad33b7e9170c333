using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Model.Resources;
using Slipway.Store.Garbage;
using Slipway.Store.Journal;

namespace Slipway.Store.Tests.Garbage;

/// <summary>The collector on a store in memory: one that is driven by hand where the end matters, one that follows where it does not.</summary>
public sealed class GarbageCollectorTests : IAsyncDisposable
{
    private readonly InMemoryJournal _journal = new();
    private readonly ResourceStore _store;

    public GarbageCollectorTests() => _store = ResourceStore.InMemory(TimeProvider.System, _journal);

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public async Task What_nobody_owns_any_more_goes_down_to_the_grandchildren()
    {
        var (owner, child) = await FamilyAsync();
        await _store.Created(Scene.Draft("grandchild").OwnedBy(child));
        var bystander = await _store.Created(Scene.Draft("bystander"));
        await _store.Deleted(owner);
        await CollectAsync();

        Assert.Equal(bystander, Assert.Single(_store.List(Kinds.ConfigMap).Items));
    }

    [Fact]
    public async Task An_object_lives_as_long_as_one_of_its_owners_and_forgets_the_dead_one()
    {
        var (one, other) = (await _store.Created(Scene.Draft("one")), await _store.Created(Scene.Draft("other")));
        var child = await _store.Created(Scene.Draft("child").OwnedBy(one, other));
        await _store.Deleted(one);
        await CollectAsync();

        Assert.Equal(other.Uid, Assert.Single(_store.Get(child.Key)!.Metadata.OwnerReferences!).Uid);
        await _store.Deleted(other);
        await CollectAsync();
        Assert.Null(_store.Get(child.Key));
    }

    [Fact]
    public async Task A_namesake_made_later_does_not_inherit_dependents()
    {
        var (owner, child) = await FamilyAsync();
        await _store.Deleted(owner);
        await _store.Created(Scene.Draft("owner"));
        await CollectAsync();

        Assert.Null(_store.Get(child.Key));
    }

    [Fact]
    public async Task An_owner_in_another_namespace_is_none()
    {
        var owner = await _store.Created(Scene.Draft("owner", @namespace: "a"));
        var child = await _store.Created(Scene.Draft("child", @namespace: "b").OwnedBy(owner));
        await CollectAsync();

        Assert.Null(_store.Get(child.Key));
    }

    [Fact]
    public async Task Foreground_deletion_takes_the_dependents_first()
    {
        var (owner, child) = await FamilyAsync();
        var grandchild = await _store.Created(Scene.Draft("grandchild").OwnedBy(child));
        using var watch = _store.Watch(null, _store.Version).Value;
        await _store.Deleted(owner, Propagation.Foreground);
        await CollectAsync();

        Assert.Empty(_store.List(Kinds.ConfigMap).Items);
        var gone = (await watch.Next(6)).Where(change => change.Type == ChangeType.Deleted).Select(change => change.Resource.Name);
        Assert.Equal([grandchild.Name, child.Name, owner.Name], gone);
    }

    [Fact]
    public async Task Foreground_deletion_waits_for_a_dependent_that_has_a_finalizer_of_its_own()
    {
        var owner = await _store.Created(Scene.Draft("owner"));
        var child = await _store.Created(Scene.Draft("child").OwnedBy(owner).WithMeta(metadata => metadata with { Finalizers = ["a/b"] }));
        await _store.Deleted(owner, Propagation.Foreground);
        await CollectAsync();
        Assert.True(_store.Get(owner.Key)!.IsDeleting);

        var marked = _store.Get(child.Key)!;
        Assert.True(marked.IsDeleting);
        await _store.Replaced(marked.WithMeta(metadata => metadata with { Finalizers = null }));
        await CollectAsync();
        Assert.Empty(_store.List(Kinds.ConfigMap).Items);
    }

    [Fact]
    public async Task Orphaned_dependents_stay_without_the_reference()
    {
        var (owner, child) = await FamilyAsync();
        await _store.Deleted(owner, Propagation.Orphan);
        await CollectAsync();

        Assert.Null(_store.Get(owner.Key));
        Assert.Null(_store.Get(child.Key)!.Metadata.OwnerReferences);
    }

    [Fact]
    public async Task A_ring_of_owners_does_not_wait_for_itself()
    {
        var (owner, child) = await FamilyAsync();
        owner = await _store.Replaced(owner.OwnedBy(child));
        await _store.Deleted(owner, Propagation.Foreground);
        await CollectAsync();

        Assert.Empty(_store.List(Kinds.ConfigMap).Items);
    }

    [Fact]
    public async Task Deleting_a_namespace_empties_it_first()
    {
        var home = await _store.Created(Scene.Namespace("team"));
        for (var at = 0; at < 150; at++)
        {
            await _store.Created(Scene.Draft($"object-{at}", @namespace: "team", kind: at % 2 == 0 ? Kinds.ConfigMap : Kinds.Secret));
        }

        var elsewhere = await _store.Created(Scene.Draft("elsewhere", @namespace: "other"));
        await _store.Deleted(home);
        await CollectAsync();

        Assert.Null(_store.Get(home.Key));
        Assert.Empty(_store.List(Kinds.Secret).Items);
        Assert.Equal(elsewhere, Assert.Single(_store.List(Kinds.ConfigMap).Items));
    }

    [Fact]
    public async Task The_running_collector_follows_what_happens()
    {
        using var stop = new CancellationTokenSource();
        var running = Collector().RunAsync(stop.Token);
        var (owner, child) = await FamilyAsync();
        await _store.Deleted(owner);
        await Scene.Until(() => _store.Get(child.Key) is null, "the child is collected");

        var home = await _store.Created(Scene.Namespace("team"));
        await _store.Created(Scene.Draft("one", @namespace: "team"));
        await _store.Deleted(home);
        await Scene.Until(() => _store.Get(home.Key) is null, "the namespace is gone");
        await stop.CancelAsync();
        await running.WaitAsync(Scene.Patience);
    }

    [Fact]
    public async Task The_running_collector_outlives_an_outage_and_a_history_that_is_too_short_for_it()
    {
        await using var store = ResourceStore.InMemory(TimeProvider.System, _journal, new StoreOptions { HistoryChanges = 2 });
        using var stop = new CancellationTokenSource();
        var running = new GarbageCollector(store, TimeProvider.System, NullLogger<GarbageCollector>.Instance).RunAsync(stop.Token);
        for (var round = 0; round < 20; round++)
        {
            var owner = await store.Created(Scene.Draft($"owner-{round}"));
            await store.Created(Scene.Draft($"child-{round}").OwnedBy(owner));
            await store.Deleted(owner);
            _journal.Down = round % 2 == 0;
            _journal.Down = false;
        }

        await Scene.Until(() => store.List(Kinds.ConfigMap).Items.Count == 0, "everything is collected");
        await stop.CancelAsync();
        await running.WaitAsync(Scene.Patience);
    }

    [Fact]
    public async Task The_collector_ends_with_the_store()
    {
        var running = Collector().RunAsync(CancellationToken.None);
        await _store.DisposeAsync();

        await running.WaitAsync(Scene.Patience);
    }

    private GarbageCollector Collector() => new(_store, TimeProvider.System, NullLogger<GarbageCollector>.Instance);

    private Task CollectAsync() => Collector().CollectAsync(TestContext.Current.CancellationToken);

    private async Task<(Resource Owner, Resource Child)> FamilyAsync()
    {
        var owner = await _store.Created(Scene.Draft("owner"));
        return (owner, await _store.Created(Scene.Draft("child").OwnedBy(owner)));
    }
}
