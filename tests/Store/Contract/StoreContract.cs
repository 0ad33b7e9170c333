using Slipway.Model.Failures;
using Slipway.Model.Resources;
using Slipway.Store.Journal;

namespace Slipway.Store.Tests.Contract;

/// <summary>What every store promises, whichever journal it stands on.</summary>
public abstract class StoreContract : IAsyncLifetime
{
    protected ResourceStore Store { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Store = await OpenAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_created_object_gets_its_identity()
    {
        var created = await Store.Created(Scene.Draft("one"));

        Assert.True(Guid.TryParse(created.Uid, out _));
        Assert.Equal(1, created.Metadata.Generation);
        Assert.NotNull(created.Metadata.CreationTimestamp);
        Assert.Equal(1, created.Version);
        Assert.Equal(created.Version, Store.Version);
        Assert.Same(created, Store.Get(created.Key));
        Assert.Same(created, Store.FindByUid(created.Uid));
    }

    [Fact]
    public async Task A_name_can_be_taken_once()
    {
        var first = await Store.Created(Scene.Draft("one"));
        var second = await Store.Create(Scene.Draft("one"));

        Assert.Equal(FailureKind.AlreadyExists, second.Failure?.Kind);
        Assert.Equal(first.Version, Store.Version);
    }

    [Fact]
    public async Task A_generated_name_extends_its_prefix()
    {
        var draft = Scene.Draft("").WithMeta(metadata => metadata with { Name = null, GenerateName = "job-" });
        var (one, other) = (await Store.Created(draft), await Store.Created(draft));

        Assert.StartsWith("job-", one.Name, StringComparison.Ordinal);
        Assert.NotEqual(one.Name, other.Name);
    }

    [Theory]
    [InlineData("", "default", "metadata.name")]
    [InlineData("one", "", "metadata.namespace")]
    public async Task A_draft_without_an_address_is_refused(string name, string @namespace, string field)
    {
        var outcome = await Store.Create(Scene.Draft(name, @namespace: @namespace));

        Assert.Equal(FailureKind.Invalid, outcome.Failure?.Kind);
        Assert.Equal(field, Assert.Single(outcome.Failure!.Findings).Field);
    }

    [Fact]
    public async Task An_object_that_is_too_large_is_refused_with_its_size()
    {
        var outcome = await Store.Create(Scene.Draft("big", $$"""{"data":"{{new string('x', 2_000_000)}}"}"""));

        Assert.Equal("object-too-large", outcome.Failure?.Code);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("")]
    [InlineData("""{"a":"half a pair \ud800"}""")]
    public async Task A_body_that_is_no_json_object_is_refused_and_harms_nobody(string body)
    {
        Assert.Equal("body-not-json", (await Store.Create(Scene.Draft("one", body))).Failure?.Code);
        await Store.Created(Scene.Draft("two"));
    }

    [Fact]
    public async Task Replacing_needs_the_version_that_was_read()
    {
        var first = await Store.Created(Scene.Draft("one"));
        var second = await Store.Replaced(first.WithBody("""{"spec":{"a":2}}"""));
        var late = await Store.Replace(first.WithBody("""{"spec":{"a":3}}"""));
        var unversioned = await Store.Replace(second.WithMeta(metadata => metadata with { ResourceVersion = null }));

        Assert.Equal(2, second.Version);
        Assert.Equal("conflict", late.Failure?.Code);
        Assert.Equal("conflict", unversioned.Failure?.Code);
        Assert.Equal("""{"spec":{"a":2}}""", Store.Get(first.Key)!.BodyText());
    }

    [Fact]
    public async Task Replacing_what_was_deleted_and_made_again_is_a_conflict()
    {
        var first = await Store.Created(Scene.Draft("one"));
        await Store.Deleted(first);
        var second = await Store.Created(Scene.Draft("one"));
        var outcome = await Store.Replace(first.WithMeta(metadata => metadata with { ResourceVersion = second.Metadata.ResourceVersion }));

        Assert.Equal("uid-mismatch", outcome.Failure?.Code);
    }

    [Fact]
    public async Task Replacing_what_is_not_there_is_not_found() =>
        Assert.Equal(FailureKind.NotFound, (await Store.Replace(Scene.Draft("none"))).Failure?.Kind);

    [Fact]
    public async Task Metadata_that_the_server_owns_is_kept()
    {
        var first = await Store.Created(Scene.Draft("one"));
        var second = await Store.Replaced(first.WithBody("""{"spec":{"a":2}}""").WithMeta(metadata => metadata with
        {
            Generation = 77,
            CreationTimestamp = DateTimeOffset.UnixEpoch,
            DeletionTimestamp = DateTimeOffset.UnixEpoch,
            Uid = null,
        }));

        Assert.Equal(first.Uid, second.Uid);
        Assert.Equal(first.Metadata.CreationTimestamp, second.Metadata.CreationTimestamp);
        Assert.Equal(2, second.Metadata.Generation);
        Assert.False(second.IsDeleting);
    }

    [Fact]
    public async Task Generation_counts_intent_and_neither_status_nor_labels()
    {
        var first = await Store.Created(Scene.Draft("one", """{"spec":{"a":1}}"""));
        var status = await Store.Replaced(first.WithBody("""{"spec":{"a":1},"status":{"ready":true}}"""));
        var label = await Store.Replaced(status.WithMeta(metadata => metadata with { Labels = new() { ["x"] = "y" } }));
        var spec = await Store.Replaced(label.WithBody("""{"spec":{"a":2},"status":{"ready":true}}"""));
        var field = await Store.Replaced(spec.WithBody("""{"spec":{"a":2},"data":{},"status":{"ready":true}}"""));

        Assert.Equal([1, 1, 1, 2, 3], new[] { first, status, label, spec, field }.Select(version => version.Metadata.Generation));
    }

    [Theory]
    [InlineData("""{"spec":{"a":1,"b":[1,2]}}""")]
    [InlineData("""{ "spec" : { "b" : [1, 2], "a" : 1.0 } }""")]
    [InlineData("""{"spec":{"b":[1,2],"\u0061":10e-1}}""")]
    public async Task Writing_what_is_there_already_changes_nothing(string sameInOtherWords)
    {
        var first = await Store.Created(Scene.Draft("one", """{"spec":{"a":1,"b":[1,2]}}"""));
        using var watch = Store.Watch(null, Store.Version).Value;
        var again = await Store.Replaced(first.WithBody(sameInOtherWords).WithMeta(metadata => metadata with { Labels = [], Finalizers = [] }));
        var other = await Store.Created(Scene.Draft("two"));

        Assert.Same(first, again);
        Assert.Equal(2, other.Version);
        Assert.Equal("two", Assert.Single(await watch.Next(1)).Resource.Name);
    }

    [Fact]
    public async Task The_time_of_a_field_manager_is_no_change()
    {
        var first = await Store.Created(Scene.Draft("one").WithMeta(metadata => metadata with { ManagedFields = [Manager("kubectl", "2026-01-01T00:00:00Z")] }));
        var later = await Store.Replaced(first.WithMeta(metadata => metadata with { ManagedFields = [Manager("kubectl", "2026-02-02T00:00:00Z")] }));
        var other = await Store.Replaced(first.WithMeta(metadata => metadata with { ManagedFields = [Manager("console", "2026-02-02T00:00:00Z")] }));

        Assert.Same(first, later);
        Assert.Equal(2, other.Version);
    }

    [Fact]
    public async Task A_dry_run_shows_what_would_be_and_keeps_nothing()
    {
        var dry = await Store.CreateAsync(Scene.Draft("one"), new WriteOptions(DryRun: true), CancellationToken.None);
        var first = await Store.Created(Scene.Draft("one"));
        var replaced = await Store.ReplaceAsync(first.WithBody("""{"spec":{"a":2}}"""), new WriteOptions(DryRun: true), CancellationToken.None);
        var deleted = await Store.Delete(first.Key, new DeleteOptions(DryRun: true));

        Assert.True(dry.Succeeded);
        Assert.Equal(2, replaced.Value.Metadata.Generation);
        Assert.Equal(first.Version, replaced.Value.Version);
        Assert.True(deleted.Succeeded);
        Assert.Same(first, Store.Get(first.Key));
        Assert.Equal(1, Store.Version);
    }

    [Fact]
    public async Task A_deletion_has_a_version_of_its_own()
    {
        var first = await Store.Created(Scene.Draft("one"));
        var gone = await Store.Deleted(first);

        Assert.Equal(2, gone.Version);
        Assert.Equal(2, Store.Version);
        Assert.Null(Store.Get(first.Key));
        Assert.Null(Store.FindByUid(first.Uid));
        Assert.Equal(FailureKind.NotFound, (await Store.Delete(first.Key)).Failure?.Kind);
    }

    [Fact]
    public async Task A_deletion_may_insist_on_uid_and_version()
    {
        var first = await Store.Created(Scene.Draft("one"));

        Assert.Equal("uid-mismatch", (await Store.Delete(first.Key, new DeleteOptions(Uid: "other"))).Failure?.Code);
        Assert.Equal("conflict", (await Store.Delete(first.Key, new DeleteOptions(ResourceVersion: "99"))).Failure?.Code);
        Assert.True((await Store.Delete(first.Key, new DeleteOptions(Uid: first.Uid, ResourceVersion: first.Metadata.ResourceVersion))).Succeeded);
    }

    [Fact]
    public async Task An_object_with_finalizers_is_marked_and_goes_with_the_last_of_them()
    {
        var first = await Store.Created(Scene.Draft("one").WithMeta(metadata => metadata with { Finalizers = ["a/b", "c/d"] }));
        var marked = await Store.Deleted(first);
        var again = await Store.Deleted(first);
        var added = await Store.Replace(marked.WithMeta(metadata => metadata with { Finalizers = ["a/b", "e/f"] }));
        var half = await Store.Replaced(marked.WithMeta(metadata => metadata with { Finalizers = ["c/d"] }));
        var gone = await Store.Replaced(half.WithMeta(metadata => metadata with { Finalizers = null }));

        Assert.True(marked.IsDeleting);
        Assert.Same(marked, again);
        Assert.Equal("metadata.finalizers", Assert.Single(added.Failure!.Findings).Field);
        Assert.Equal(marked.Metadata.DeletionTimestamp, half.Metadata.DeletionTimestamp);
        Assert.Equal(4, gone.Version);
        Assert.Null(Store.Get(first.Key));
    }

    [Theory]
    [InlineData(Propagation.Foreground, Finalizers.Foreground)]
    [InlineData(Propagation.Orphan, Finalizers.Orphan)]
    public async Task The_wish_for_dependents_becomes_a_finalizer(Propagation propagation, string finalizer)
    {
        var first = await Store.Created(Scene.Draft("one"));
        var marked = await Store.Deleted(first, propagation);
        var plain = await Store.Deleted(first);

        Assert.Equal([finalizer], marked.Metadata.Finalizers);
        Assert.Equal(3, plain.Version);
        Assert.Null(Store.Get(first.Key));
    }

    [Fact]
    public async Task A_namespace_that_is_being_deleted_takes_nothing_new()
    {
        var home = await Store.Created(Scene.Namespace("team"));
        var inside = await Store.Created(Scene.Draft("one", @namespace: "team"));
        var marked = await Store.Deleted(home);
        var refused = await Store.Create(Scene.Draft("two", @namespace: "team"));
        var stripped = await Store.Replace(marked.WithMeta(metadata => metadata with { Finalizers = null }));
        await Store.Deleted(inside);
        await Store.Replaced(marked.WithMeta(metadata => metadata with { Finalizers = null }));

        Assert.Equal("""{"status":{"phase":"Terminating"}}""", marked.BodyText());
        Assert.Equal("namespace-terminating", refused.Failure?.Code);
        Assert.Equal("namespace-not-empty", stripped.Failure?.Code);
        Assert.Null(Store.Get(home.Key));
    }

    [Fact]
    public async Task A_list_is_sorted_and_belongs_to_one_moment()
    {
        foreach (var (space, name) in new[] { ("b", "z"), ("a", "y"), ("b", "a"), ("ab", "m"), ("a", "x") })
        {
            await Store.Created(Scene.Draft(name, @namespace: space));
        }

        await Store.Created(Scene.Draft("elsewhere", kind: Kinds.Pod));
        var list = Store.List(Kinds.ConfigMap);
        var one = Store.List(Kinds.ConfigMap, "a");
        await Store.Deleted(list.Items[0]);

        Assert.Equal(["a/x", "a/y", "ab/m", "b/a", "b/z"], list.Items.Select(item => $"{item.Namespace}/{item.Name}"));
        Assert.Equal(["x", "y"], one.Items.Select(item => item.Name));
        Assert.Equal(6, list.Version);
        Assert.Empty(Store.List(Kinds.ConfigMap, "none").Items);
        Assert.Equal(["y"], Store.List(Kinds.ConfigMap, "a").Items.Select(item => item.Name));
    }

    [Fact]
    public async Task A_watch_tells_every_change_in_order_with_what_it_replaced()
    {
        using var watch = Store.Watch(Kinds.ConfigMap, 0).Value;
        var first = await Store.Created(Scene.Draft("one"));
        await Store.Created(Scene.Draft("noise", kind: Kinds.Pod));
        var second = await Store.Replaced(first.WithBody("""{"spec":{"a":2}}"""));
        await Store.Deleted(second);

        var changes = await watch.Next(3);
        Assert.Equal([ChangeType.Added, ChangeType.Modified, ChangeType.Deleted], changes.Select(change => change.Type));
        Assert.Equal([1L, 3L, 4L], changes.Select(change => change.Version));
        Assert.Null(changes[0].Before);
        Assert.Same(first, changes[1].Before);
        Assert.Same(second, changes[2].Before);
        Assert.Equal(4, watch.Position);
    }

    [Fact]
    public async Task A_waiting_watcher_is_woken_and_one_of_a_quiet_kind_keeps_its_position_fresh()
    {
        using var quiet = Store.Watch(Kinds.Job, 0).Value;
        using var busy = Store.Watch(null, 0).Value;
        var waiting = busy.NextAsync(TestContext.Current.CancellationToken).AsTask();
        Assert.False(waiting.IsCompleted);
        await Store.Created(Scene.Draft("one"));

        Assert.Equal("one", Assert.Single((await waiting.WaitAsync(Scene.Patience)).Value).Resource.Name);
        Assert.Equal(1, quiet.Position);
    }

    [Fact]
    public async Task Cancelling_is_the_normal_way_to_stop_watching()
    {
        using var watch = Store.Watch(null, 0).Value;
        using var stop = new CancellationTokenSource();
        var waiting = watch.NextAsync(stop.Token).AsTask();
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.WaitAsync(Scene.Patience));
        await Store.Created(Scene.Draft("one"));
        Assert.Single(await watch.Next(1));
    }

    [Fact]
    public void A_version_from_the_future_is_expired() =>
        Assert.Equal(FailureKind.Expired, Store.Watch(null, 1_000_000).Failure?.Kind);

    [Fact]
    public async Task Closing_the_store_ends_watches_and_refuses_writes()
    {
        using var watch = Store.Watch(null, 0).Value;
        var waiting = watch.NextAsync(CancellationToken.None).AsTask();
        await Store.DisposeAsync();

        Assert.Equal("store-closed", (await waiting.WaitAsync(Scene.Patience)).Failure?.Code);
        Assert.Equal("store-closed", (await Store.Create(Scene.Draft("one"))).Failure?.Code);
    }

    [Fact]
    public async Task Eight_writers_in_parallel_lose_nothing()
    {
        const int each = 25;
        var counter = await Store.Created(Scene.Draft("counter", """{"n":0}"""));
        using var watch = Store.Watch(Kinds.ConfigMap, Store.Version).Value;
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            for (var done = 0; done < each;)
            {
                var current = Store.Get(counter.Key)!;
                var n = current.ToJson()["n"]!.GetValue<int>();
                var outcome = await Store.ReplaceAsync(current.WithBody($$"""{"n":{{n + 1}}}"""), WriteOptions.Default, CancellationToken.None);
                Assert.True(outcome.Succeeded || outcome.Failure!.Code == "conflict", outcome.Failure?.ToString());
                done += outcome.Succeeded ? 1 : 0;
            }
        })));

        Assert.Equal($$"""{"n":{{8 * each}}}""", Store.Get(counter.Key)!.BodyText());
        var changes = await watch.Next(8 * each);
        Assert.Equal(Enumerable.Range(1, 8 * each).Select(n => $$"""{"n":{{n}}}"""), changes.Select(change => change.Resource.BodyText()));
        Assert.Equal(changes.Select(change => change.Version).Order(), changes.Select(change => change.Version));
    }

    protected abstract Task<ResourceStore> OpenAsync();

    private static System.Text.Json.JsonElement Manager(string name, string time) =>
        System.Text.Json.JsonElement.Parse($$"""{"manager":"{{name}}","operation":"Apply","time":"{{time}}"}""");
}

public sealed class In_memory_store : StoreContract
{
    protected override Task<ResourceStore> OpenAsync() => Task.FromResult(ResourceStore.InMemory(TimeProvider.System));
}

/// <summary>Making a database is dear, so these scenes, which run one after the other, share one and empty it in between.</summary>
public sealed class Postgres_store(SharedPostgres postgres) : StoreContract
{
    private static TestDatabase? s_database;

    protected override async Task<ResourceStore> OpenAsync()
    {
        s_database ??= await postgres.DatabaseAsync();
        await s_database.TextAsync("drop schema if exists store cascade");
        return await s_database.StoreAsync();
    }
}
