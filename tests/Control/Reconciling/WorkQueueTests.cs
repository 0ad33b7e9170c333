using Slipway.Control.Reconciling;
using Slipway.Control.Tests.World;
using Slipway.Model.Failures;
using Slipway.Model.Resources;

namespace Slipway.Control.Tests.Reconciling;

public sealed class WorkQueueTests
{
    private static readonly Failure s_failure = new(FailureKind.Unavailable, "away", "away");

    [Fact]
    public void A_key_stands_in_the_queue_once()
    {
        using var queue = Queue(new ManualTime());
        queue.Add(Key("a"));
        queue.Add(Key("a"));
        Assert.True(queue.TryTake(out _));
        Assert.False(queue.TryTake(out _));
    }

    [Fact]
    public void A_key_added_while_it_is_worked_on_comes_again_afterwards_and_not_before()
    {
        using var queue = Queue(new ManualTime());
        queue.Add(Key("a"));
        Assert.True(queue.TryTake(out var key));
        queue.Add(key);
        Assert.False(queue.TryTake(out _));
        queue.Finish(key, Reconciliation.Done);
        Assert.True(queue.TryTake(out _));
    }

    [Fact]
    public void Failures_wait_longer_each_time_up_to_the_cap_and_a_success_forgets_them()
    {
        var time = new ManualTime();
        using var queue = Queue(time);
        var waits = new List<double>();
        queue.Add(Key("a"));
        for (var tries = 0; tries < 6; tries++)
        {
            Assert.True(queue.TryTake(out var key));
            queue.Finish(key, s_failure);
            Assert.False(queue.TryTake(out _));
            var wait = queue.NextDue!.Value - time.GetUtcNow();
            waits.Add(wait.TotalSeconds);
            time.Advance(wait);
        }

        Assert.Equal([1, 2, 4, 8, 10, 10], waits);
        Assert.True(queue.TryTake(out var last));
        queue.Finish(last, Reconciliation.Done);
        queue.Add(Key("a"));
        Assert.True(queue.TryTake(out last));
        Assert.Equal(1, queue.Finish(last, s_failure));
    }

    [Fact]
    public void News_about_a_key_in_back_off_are_looked_at_at_once()
    {
        using var queue = Queue(new ManualTime());
        queue.Add(Key("a"));
        queue.TryTake(out var key);
        queue.Finish(key, s_failure);
        queue.Add(key);
        Assert.True(queue.TryTake(out _));
        Assert.Null(queue.NextDue);
    }

    [Fact]
    public void Of_two_delayed_wishes_the_earlier_one_stands()
    {
        var time = new ManualTime();
        using var queue = Queue(time);
        queue.AddAfter(Key("a"), TimeSpan.FromSeconds(10));
        queue.AddAfter(Key("a"), TimeSpan.FromSeconds(5));
        queue.AddAfter(Key("a"), TimeSpan.FromSeconds(20));
        time.Advance(TimeSpan.FromSeconds(5));
        Assert.True(queue.TryTake(out var key));
        queue.Finish(key, Reconciliation.Done);
        time.Advance(TimeSpan.FromSeconds(60));
        Assert.False(queue.TryTake(out _));
    }

    [Fact]
    public void A_full_queue_drops_new_keys_and_asks_for_a_resync_when_there_is_room()
    {
        using var queue = Queue(new ManualTime(), capacity: 4);
        foreach (var name in new[] { "a", "b", "c", "d", "e" })
        {
            queue.Add(Key(name));
        }

        Assert.Equal(4, queue.Count);
        Assert.False(queue.TakeOverflow());
        queue.TryTake(out _);
        queue.TryTake(out _);
        Assert.True(queue.TakeOverflow());
        Assert.False(queue.TakeOverflow());
    }

    [Fact]
    public async Task A_waiter_is_woken_by_a_key_and_by_a_delay_that_is_over()
    {
        var time = new ManualTime();
        using var queue = Queue(time);
        var waiting = queue.WaitAsync(default);
        Assert.False(waiting.IsCompleted);
        queue.AddAfter(Key("a"), TimeSpan.FromSeconds(1));
        time.Advance(TimeSpan.FromSeconds(1));
        await waiting.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.True(queue.TryTake(out _));
    }

    private static WorkQueue Queue(TimeProvider time, int capacity = 100) =>
        new(time, new Backoff(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10)), () => 0.5, capacity);

    private static ResourceKey Key(string name) => new(Kinds.Service, "demo", name);
}
