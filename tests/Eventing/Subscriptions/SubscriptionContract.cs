using Npgsql;
using Slipway.Eventing.Log;
using Slipway.Eventing.Subscriptions;
using Slipway.Eventing.Tests.Hosting;

namespace Slipway.Eventing.Tests.Subscriptions;

/// <summary>What every store of positions and held events must do.</summary>
public abstract class SubscriptionContract
{
    private protected abstract ISubscriptionStore Store { get; }

    private protected ManualTime Time { get; } = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_position_is_where_it_was_stored_last_and_the_start_counts_once()
    {
        await Store.OpenAsync("t", [new Progress("t", 0, 5), new Progress("t", 1, 6)], Cancellation);
        await Store.StoreAsync([new Progress("t", 0, 9), new Progress("other", 0, 3)], Cancellation);
        await Store.MoveAsync(new Progress("t", 1, 2, 6), Cancellation);

        Assert.Equal([new Progress("t", 0, 9), new Progress("t", 1, 2, 6)], await Store.OpenAsync("t", [new Progress("t", 0, 100), new Progress("t", 1, 100)], Cancellation));
        Assert.Empty(await Store.OpenAsync("other", [], Cancellation));
    }

    [Fact]
    public async Task Held_events_come_back_in_order_and_once()
    {
        await Store.HoldAsync([Held(7, HeldState.Dead) with { Attempts = 3, Code = 500, Error = "broken" }], Cancellation);
        await Store.HoldAsync([Held(9, HeldState.Waiting), Held(8, HeldState.Waiting), Held(7, HeldState.Waiting)], Cancellation);

        var first = (await Store.FirstHeldAsync("t", 0, "k", Cancellation))!;
        Assert.Equal((7, HeldState.Dead, 3, 500, "broken"), (first.Place, first.State, first.Attempts, first.Code!.Value, first.Error));
        Assert.Equal("e7", first.Event.Id);
        Assert.Equal([new HeldKey("t", 0, "k", MayGo: false)], await Store.HeldKeysAsync("t", Cancellation));
        await Store.ReleaseAsync(first.Id, Cancellation);
        Assert.Equal(8, (await Store.FirstHeldAsync("t", 0, "k", Cancellation))!.Place);
        Assert.Equal([new HeldKey("t", 0, "k", MayGo: true)], await Store.HeldKeysAsync("t", Cancellation));
        Assert.Equal(new HeldCount(0, 2), await Store.CountAsync("t", Cancellation));
    }

    [Fact]
    public async Task Decisions_reach_those_that_match_and_only_dead_ones()
    {
        await Store.HoldAsync(
            [Held(1, HeldState.Dead) with { Code = 400 }, Held(2, HeldState.Waiting), Held(3, HeldState.Dead, "other") with { Code = 500 }], Cancellation);
        var all = new HeldQuery { Subscriptions = ["t"] };

        Assert.Equal(2, (await Store.ListAsync(all, Cancellation)).Count);
        Assert.Equal(3, Assert.Single(await Store.ListAsync(all with { Code = 500 }, Cancellation)).Place);
        Assert.Equal(1, Assert.Single(await Store.ListAsync(all with { Key = "k" }, Cancellation)).Place);
        Assert.Empty(await Store.ListAsync(all with { Type = "unknown" }, Cancellation));
        Assert.Equal(2, (await Store.ListAsync(all with { Type = "slipway.test.thing.done.v1" }, Cancellation)).Count);
        Assert.Equal("k", Assert.Single(await Store.RetryAsync(all with { Code = 400 }, Cancellation)).Key);
        Assert.Equal("other", Assert.Single(await Store.SkipAsync(all, "useless", Cancellation)).Key);
        Assert.Empty(await Store.RetryAsync(all, Cancellation));
        Assert.Equal("useless", Assert.Single(await Store.ListAsync(all with { State = HeldState.Skipped }, Cancellation)).Reason);
        Assert.Equal(new HeldCount(0, 2), await Store.CountAsync("t", Cancellation));
    }

    [Fact]
    public async Task One_that_was_tried_in_vain_is_dead_again()
    {
        await Store.HoldAsync([Held(1, HeldState.Waiting)], Cancellation);
        var waiting = (await Store.FirstHeldAsync("t", 0, "k", Cancellation))!;

        await Store.DieAsync(waiting with { Attempts = 11, Code = null, Error = "unreachable" }, Cancellation);

        var dead = (await Store.FirstHeldAsync("t", 0, "k", Cancellation))!;
        Assert.Equal((HeldState.Dead, 11, null, "unreachable"), (dead.State, dead.Attempts, dead.Code, dead.Error));
    }

    [Fact]
    public async Task What_belongs_to_nobody_any_more_is_forgotten()
    {
        await Store.OpenAsync("gone", [new Progress("gone", 0, 5)], Cancellation);
        await Store.HoldAsync([Held(1, HeldState.Dead), Held(1, HeldState.Dead) with { Subscription = "gone" }], Cancellation);
        await Store.SkipAsync(new HeldQuery { Subscriptions = ["t"] }, "useless", Cancellation);
        Time.Advance(TimeSpan.FromDays(2));

        await Store.CleanAsync(["t"], Time.GetUtcNow() - TimeSpan.FromDays(3), Cancellation);
        Assert.Single(await Store.ListAsync(new HeldQuery { Subscriptions = ["t"], State = HeldState.Skipped }, Cancellation));
        await Store.CleanAsync(["t"], Time.GetUtcNow(), Cancellation);

        Assert.Empty(await Store.ListAsync(new HeldQuery { Subscriptions = ["t", "gone"], State = HeldState.Skipped }, Cancellation));
        Assert.Equal(new HeldCount(0, 0), await Store.CountAsync("gone", Cancellation));
        Assert.Empty(await Store.OpenAsync("gone", [], Cancellation));
    }

    private HeldEvent Held(long place, HeldState state, string key = "k") => new()
    {
        Subscription = "t",
        Partition = 0,
        Place = place,
        Key = key,
        State = state,
        AppendedAt = Time.GetUtcNow(),
        Event = Tell.Event($"e{place}", key),
    };
}

public sealed class MemorySubscriptionTests : SubscriptionContract
{
    private readonly MemorySubscriptions _store;

    public MemorySubscriptionTests() => _store = new MemorySubscriptions(Time);

    private protected override ISubscriptionStore Store => _store;
}

public sealed class PostgresSubscriptionTests(TestPostgres postgres) : SubscriptionContract, IAsyncLifetime
{
    private NpgsqlDataSource? _database;
    private PostgresSubscriptions? _store;

    private protected override ISubscriptionStore Store => _store!;

    public async ValueTask InitializeAsync()
    {
        var database = await CleanDatabase.OfAsync(postgres);
        _database = NpgsqlDataSource.Create(database.Address);
        await EventTables.EnsureAsync(_database, TestContext.Current.CancellationToken);
        _store = new PostgresSubscriptions(_database, Time);
    }

    public ValueTask DisposeAsync() => _database!.DisposeAsync();
}
