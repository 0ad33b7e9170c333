using Slipway.Model.Failures;
using Slipway.Model.Resources;
using Slipway.Store.Journal;

namespace Slipway.Store.Tests.Journal;

/// <summary>What writers hear when the journal misbehaves. The clock is moved by hand, so nothing here depends on speed.</summary>
public sealed class WriteLaneTests : IAsyncDisposable
{
    private readonly InMemoryJournal _journal = new();
    private readonly ManualTime _time = new();
    private readonly ResourceStore _store;

    public WriteLaneTests() => _store = ResourceStore.InMemory(_time, _journal);

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public void In_memory_a_write_is_done_when_the_call_returns()
    {
        var write = _store.Create(Scene.Draft("one"));

        Assert.True(write.IsCompletedSuccessfully);
        Assert.Equal(1, _store.Version);
    }

    [Fact]
    public async Task Writes_that_gather_during_a_commit_share_the_next_one()
    {
        var gate = new TaskCompletionSource();
        _journal.BeforeAppend = _ => gate.Task;
        var writes = Enumerable.Range(0, 100).Select(n => _store.Create(Scene.Draft($"object-{n}"))).ToList();
        gate.SetResult();
        await Task.WhenAll(writes).WaitAsync(Scene.Patience);

        Assert.Equal(2, _journal.Batches);
        Assert.Equal(100, _store.Version);
    }

    [Fact]
    public async Task Nothing_is_visible_before_it_is_durable()
    {
        using var watch = _store.Watch(null, 0).Value;
        var gate = new TaskCompletionSource();
        _journal.BeforeAppend = _ => gate.Task;
        var write = _store.Create(Scene.Draft("one"));
        var seen = watch.NextAsync(CancellationToken.None).AsTask();

        Assert.Null(_store.Get(Scene.Draft("one").Key));
        Assert.Equal(0, _store.Version);
        Assert.False(seen.IsCompleted);
        gate.SetResult();
        await write.WaitAsync(Scene.Patience);
        Assert.Single((await seen.WaitAsync(Scene.Patience)).Value);
    }

    [Fact]
    public async Task A_full_queue_refuses_at_once()
    {
        var gate = new TaskCompletionSource();
        _journal.BeforeAppend = _ => gate.Task;
        var writes = Enumerable.Range(0, 1 + 4_096 + 1).Select(n => _store.Create(Scene.Draft($"object-{n}"))).ToList();

        Assert.Equal("store-busy", (await writes[^1].WaitAsync(Scene.Patience)).Failure?.Code);
        Assert.All(writes[..^1], write => Assert.False(write.IsCompleted));
        gate.SetResult();
        var answers = await Task.WhenAll(writes[..^1]).WaitAsync(Scene.Patience);
        Assert.All(answers, answer => Assert.True(answer.Succeeded));
    }

    [Fact]
    public async Task During_an_outage_reading_goes_on_and_writers_hear_of_it_after_five_seconds()
    {
        var first = await _store.Created(Scene.Draft("one"));
        _journal.Down = true;
        var write = _store.Create(Scene.Draft("two"));
        Assert.False(write.IsCompleted);
        Assert.Same(first, _store.Get(first.Key));

        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal("database-unavailable", (await write.WaitAsync(Scene.Patience)).Failure?.Code);
        Assert.Equal("database-unavailable", (await _store.Create(Scene.Draft("three"))).Failure?.Code);

        _journal.Down = false;
        await WritingWorksAgain();
        Assert.Null(_store.Get(Scene.Draft("two").Key));
    }

    [Fact]
    public async Task A_short_outage_is_only_a_delay()
    {
        _journal.Down = true;
        var write = _store.Create(Scene.Draft("one"));
        _time.Advance(TimeSpan.FromSeconds(4));
        _journal.Down = false;

        Assert.True((await write.WaitAsync(Scene.Patience)).Succeeded);
    }

    [Theory]
    [InlineData(JournalFault.AnswerLost)]
    [InlineData(JournalFault.RequestLost)]
    public async Task A_commit_in_doubt_is_settled_before_anything_else_is_written(JournalFault fault)
    {
        var faults = new Queue<JournalFault>([fault]);
        _journal.Faults = _ => faults.TryDequeue(out var next) ? next : JournalFault.None;
        var one = await _store.Created(Scene.Draft("one"));
        var two = await _store.Created(Scene.Draft("two"));

        Assert.Equal((1, 2), (one.Version, two.Version));
        Assert.Equal(2, _journal.Contents().Version);
        await AssertReloadsEqual();
    }

    [Theory]
    [InlineData(JournalFault.AnswerLost, true)]
    [InlineData(JournalFault.RequestLost, false)]
    public async Task A_writer_whose_wait_ends_in_doubt_is_told_so_and_the_truth_shows_later(JournalFault fault, bool kept)
    {
        var faults = new Queue<JournalFault>([fault]);
        var begun = new TaskCompletionSource();
        _journal.Faults = _ =>
        {
            _journal.Down = true;
            begun.TrySetResult();
            return faults.TryDequeue(out var next) ? next : JournalFault.None;
        };
        var write = _store.Create(Scene.Draft("one"));
        await begun.Task;
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal("write-in-doubt", (await write.WaitAsync(Scene.Patience)).Failure?.Code);
        Assert.Equal(0, _store.Version);

        _journal.Faults = null;
        _journal.Down = false;
        await WritingWorksAgain();
        Assert.Equal(kept, _store.Get(Scene.Draft("one").Key) is not null);
        await AssertReloadsEqual();
    }

    [Fact]
    public async Task One_write_that_the_database_refuses_does_not_harm_its_neighbours()
    {
        var gate = new TaskCompletionSource();
        _journal.BeforeAppend = _ => gate.Task;
        _journal.Faults = batch => batch.Entries.Any(entry => entry.Resource.Name == "poison") ? JournalFault.Refused : JournalFault.None;
        var writes = new[] { "first", "a", "poison", "b" }.Select(name => _store.Create(Scene.Draft(name))).ToList();
        gate.SetResult();
        var answers = await Task.WhenAll(writes).WaitAsync(Scene.Patience);

        Assert.Equal([true, true, false, true], answers.Select(answer => answer.Succeeded));
        Assert.Equal("database-refused", answers[2].Failure!.Code);
        await AssertReloadsEqual();
    }

    [Fact]
    public async Task A_writer_that_gives_up_while_it_waits_is_never_written()
    {
        var gate = new TaskCompletionSource();
        _journal.BeforeAppend = _ => gate.Task;
        var first = _store.Create(Scene.Draft("first"));
        using var impatience = new CancellationTokenSource();
        var second = _store.CreateAsync(Scene.Draft("second"), WriteOptions.Default, impatience.Token);
        await impatience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        gate.SetResult();
        await first.WaitAsync(Scene.Patience);

        Assert.True((await _store.Create(Scene.Draft("third"))).Succeeded);
        Assert.Null(_store.Get(Scene.Draft("second").Key));
    }

    [Fact]
    public async Task Deleting_and_making_again_in_one_batch_keeps_the_new_one()
    {
        var old = await _store.Created(Scene.Draft("one"));
        var gate = new TaskCompletionSource();
        _journal.BeforeAppend = _ => gate.Task;
        var first = _store.Create(Scene.Draft("first"));
        var deleted = _store.Delete(old.Key);
        var created = _store.Create(Scene.Draft("one", """{"spec":{"new":true}}"""));
        gate.SetResult();
        await Task.WhenAll(first, deleted, created).WaitAsync(Scene.Patience);

        Assert.NotEqual(old.Uid, _store.Get(old.Key)!.Uid);
        Assert.Same(_store.Get(old.Key), _store.FindByUid((await created).Value.Uid));
        await AssertReloadsEqual();
    }

    [Fact]
    public async Task An_internal_error_stops_writing_instead_of_acknowledging_the_unknown()
    {
        _journal.BeforeAppend = _ => throw new InvalidOperationException("a bug");
        var write = await _store.Create(Scene.Draft("one"));

        Assert.Equal("write-in-doubt", write.Failure?.Code);
        Assert.Equal("store-failed", (await _store.Lost.WaitAsync(Scene.Patience)).Code);
        Assert.Equal("store-failed", (await _store.Create(Scene.Draft("two"))).Failure?.Code);
    }

    [Fact]
    public async Task A_slow_watcher_is_expired_and_a_quiet_one_is_not()
    {
        await using var store = ResourceStore.InMemory(_time, options: new StoreOptions { HistoryChanges = 10 });
        using var slow = store.Watch(Kinds.ConfigMap, 0).Value;
        using var quiet = store.Watch(Kinds.Job, 0).Value;
        for (var n = 0; n < 11; n++)
        {
            await store.Created(Scene.Draft($"object-{n}"));
        }

        Assert.Equal(FailureKind.Expired, (await slow.NextAsync(CancellationToken.None)).Failure?.Kind);
        Assert.Equal("history-expired", store.Watch(null, 0).Failure?.Code);
        Assert.Equal(10, (await store.Watch(null, 1).Value.Next(10)).Count);
        await store.Created(Scene.Draft("job", kind: Kinds.Job));
        Assert.Equal("job", Assert.Single(await quiet.Next(1)).Resource.Name);
    }

    [Fact]
    public async Task History_is_bounded_by_bytes_too()
    {
        await using var store = ResourceStore.InMemory(_time, options: new StoreOptions { HistoryBytes = 100_000 });
        for (var n = 0; n < 100; n++)
        {
            await store.Created(Scene.Draft($"object-{n}", $$"""{"data":"{{new string('x', 10_000)}}"}"""));
        }

        Assert.Equal(FailureKind.Expired, store.Watch(null, 80).Failure?.Kind);
        Assert.True(store.Watch(null, 95).Succeeded);
    }

    /// <summary>Recovery runs beside us, and until it is through writers are refused at once.</summary>
    private async Task WritingWorksAgain()
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!(await _store.Create(Scene.Draft("again")).WaitAsync(Scene.Patience)).Succeeded)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < Scene.Patience, "writing does not work again");
            await Task.Yield();
        }
    }

    private async Task AssertReloadsEqual()
    {
        await using var reloaded = ResourceStore.InMemory(_time, _journal);
        Assert.Equal(_store.Version, reloaded.Version);
        Assert.Equal(
            Kinds.All.SelectMany(kind => _store.List(kind).Items).Select(resource => resource.Portrait()),
            Kinds.All.SelectMany(kind => reloaded.List(kind).Items).Select(resource => resource.Portrait()));
    }
}
