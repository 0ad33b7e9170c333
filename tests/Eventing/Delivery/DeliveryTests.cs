using Slipway.Eventing.Delivery;
using Slipway.Eventing.Subscriptions;
using Slipway.Eventing.Tests.Hosting;
using Slipway.Model.Eventing;

namespace Slipway.Eventing.Tests.Delivery;

public sealed class DeliveryTests
{
    [Fact]
    public async Task Events_that_match_are_delivered_and_the_position_follows()
    {
        await using var world = new SimulatedWorld();
        await world.StartAsync(change: plan => plan with { Spec = new TriggerSpec { Filters = [new FilterSpec { Suffix = new() { ["type"] = ".kept" } }] } });
        await world.AppendAsync([.. Enumerable.Range(0, 40).Select(number => Tell.Event($"{number}", $"k{number % 5}", number % 2 == 0 ? "a.kept" : "a.left"))]);

        await world.UntilAcceptedAsync(20);
        await world.UntilAsync(() => world.Store.OpenAsync("trigger", [], default).Result.All(position => position.Place == world.Log.Range(world.Topic, position.Partition).End), "everything is behind it");

        Assert.All(world.Snapshot(world.Accepted), push => Assert.Equal("a.kept", push.Event.Type));
        Assert.Equal(20, world.Snapshot(world.Tried).Count);
    }

    [Fact]
    public async Task A_failing_event_is_tried_again_and_its_key_waits_while_others_go_on()
    {
        await using var world = new SimulatedWorld();
        var fail = true;
        world.Answer = push => push.Event.Id == "a1" && fail ? new DeliveryResult(503, "busy") : new DeliveryResult(204);
        await world.StartAsync(1);
        await world.AppendAsync(Tell.Event("a1", "a"), Tell.Event("a2", "a"), Tell.Event("b1", "b"), Tell.Event("b2", "b"));
        await Eventually.TrueAsync(() => world.Snapshot(world.Accepted).Count == 2, "the other key has gone on");
        Assert.Equal(["b1", "b2"], world.Snapshot(world.Accepted).Select(push => push.Event.Id));

        fail = false;
        await world.UntilAcceptedAsync(4);

        Assert.Equal(["a1", "a2"], world.Snapshot(world.Accepted).Skip(2).Select(push => push.Event.Id));
        Assert.Equal([1, 2], world.Snapshot(world.Tried).Where(push => push.Event.Id == "a1").Select(push => push.Attempt));
    }

    [Fact]
    public async Task A_dead_letter_holds_its_key_until_it_is_skipped()
    {
        await using var world = new SimulatedWorld();
        world.Answer = push => push.Event.Id == "a1" ? new DeliveryResult(400, "400 Bad Request") : new DeliveryResult(204);
        await world.StartAsync(1);
        await world.AppendAsync(Tell.Event("a1", "a"), Tell.Event("a2", "a"), Tell.Event("b1", "b"), Tell.Event("a3", "a"));
        await world.UntilAsync(() => world.Store.CountAsync("trigger", default).Result == new HeldCount(1, 2), "two wait behind the dead one");

        Assert.Equal(["b1"], world.Snapshot(world.Accepted).Select(push => push.Event.Id));
        var dead = Assert.Single(await world.Store.ListAsync(new HeldQuery { Subscriptions = ["trigger"] }, default));
        Assert.Equal(("a1", 400, 1), (dead.Event.Id, dead.Code!.Value, dead.Attempts));

        world.Worker.LookAtHeld(await world.Store.SkipAsync(new HeldQuery { Subscriptions = ["trigger"], Id = dead.Id }, "of no use", default));
        await world.AppendAsync(Tell.Event("a4", "a"));
        await world.UntilAcceptedAsync(4);

        Assert.Equal(["b1", "a2", "a3", "a4"], world.Snapshot(world.Accepted).Select(push => push.Event.Id));
        Assert.Equal(new HeldCount(0, 0), await world.Store.CountAsync("trigger", default));
    }

    [Fact]
    public async Task A_dead_letter_that_is_retried_goes_before_those_that_waited()
    {
        await using var world = new SimulatedWorld();
        var fail = true;
        world.Answer = push => push.Event.Id == "a1" && fail ? new DeliveryResult(null, "unreachable") : new DeliveryResult(204);
        await world.StartAsync(1);
        await world.AppendAsync(Tell.Event("a1", "a"), Tell.Event("a2", "a"));
        await world.UntilAsync(() => world.Store.CountAsync("trigger", default).Result == new HeldCount(1, 1), "it was given up");
        Assert.Equal(3, world.Snapshot(world.Tried).Count);

        world.Worker.LookAtHeld(await world.Store.RetryAsync(new HeldQuery { Subscriptions = ["trigger"] }, default));
        await world.UntilAsync(() => world.Snapshot(world.Tried).Count == 6 && world.Store.CountAsync("trigger", default).Result == new HeldCount(1, 1), "it was given up again");
        fail = false;
        world.Worker.LookAtHeld(await world.Store.RetryAsync(new HeldQuery { Subscriptions = ["trigger"] }, default));
        await world.UntilAcceptedAsync(2);

        Assert.Equal(["a1", "a2"], world.Snapshot(world.Accepted).Select(push => push.Event.Id));
    }

    [Fact]
    public async Task What_is_held_survives_a_kill()
    {
        await using var world = new SimulatedWorld();
        var fail = true;
        world.Answer = push => push.Event.Id == "a1" && fail ? new DeliveryResult(403, "no") : new DeliveryResult(204);
        await world.StartAsync(1);
        await world.AppendAsync(Tell.Event("a1", "a"), Tell.Event("a2", "a"));
        await world.UntilAsync(() => world.Store.CountAsync("trigger", default).Result == new HeldCount(1, 1), "it was given up");

        await world.KillAsync();
        await world.AppendAsync(Tell.Event("a3", "a"));
        await world.UntilAsync(() => world.Store.CountAsync("trigger", default).Result == new HeldCount(1, 2), "the next one waits as well");
        fail = false;

        // The decision is made while nobody works; the next life finds it.
        await world.Store.RetryAsync(new HeldQuery { Subscriptions = ["trigger"] }, default);
        await world.KillAsync();
        await world.UntilAcceptedAsync(3);

        Assert.Equal(["a1", "a2", "a3"], world.Snapshot(world.Accepted).Select(push => push.Event.Id).Distinct());
    }

    [Fact]
    public async Task With_a_dead_letter_sink_the_key_goes_on()
    {
        await using var world = new SimulatedWorld();
        var sink = new Subscriber(new Uri("http://sink.test/"), new Uri("http://sink.test/"), null);
        world.Answer = push => push.Event.Id == "a1" && push.To != sink ? new DeliveryResult(500, "500 broken") : new DeliveryResult(204);
        await world.StartAsync(1, plan => plan with { DeadLetterSink = sink });
        await world.AppendAsync(Tell.Event("a1", "a"), Tell.Event("a2", "a"));

        await world.UntilAcceptedAsync(2);

        var letter = world.Snapshot(world.Accepted)[0];
        Assert.Equal(sink, letter.To);
        Assert.Equal("500", letter.Event.Attribute("knativeerrorcode"));
        Assert.Equal("500 broken", letter.Event.Attribute("knativeerrordata"));
        Assert.Equal("http://subscriber.test/", letter.Event.Attribute("knativeerrordest"));
        Assert.Equal("a2", world.Snapshot(world.Accepted)[1].Event.Id);
    }

    [Fact]
    public async Task A_replay_delivers_again_what_was_delivered_and_says_so()
    {
        await using var world = new SimulatedWorld();
        await world.StartAsync(1);
        await world.AppendAsync([.. Enumerable.Range(0, 5).Select(number => Tell.Event($"{number}", "k"))]);
        await world.UntilAcceptedAsync(5);

        var before = await world.Worker.ReplayAsync(0, 2, default);
        await world.AppendAsync(Tell.Event("new", "k"));
        await world.UntilAcceptedAsync(9);

        Assert.Equal(5, before.Place);
        Assert.Equal([("2", true), ("3", true), ("4", true), ("new", false)], world.Snapshot(world.Accepted).Skip(5).Select(push => (push.Event.Id, push.Replay)));
    }

    [Fact]
    public async Task An_event_in_the_answer_goes_back_into_the_topic_and_loops_end()
    {
        await using var world = new SimulatedWorld();
        var made = 0;
        world.Answer = push => new DeliveryResult(200, Reply: Tell.Event($"reply-{++made}", "k"));
        await world.StartAsync(1);
        await world.AppendAsync(Tell.Event("first", "k"));

        await world.UntilAcceptedAsync(255);
        await world.UntilAsync(() => world.Store.OpenAsync("trigger", [], default).Result[0].Place == 255, "nothing more comes");

        Assert.Equal(255, world.Log.Range(world.Topic, 0).End);
        Assert.Equal("254", world.Snapshot(world.Accepted)[^1].Event.Attribute(Deliveries.HopsAttribute));
    }

    [Fact]
    public async Task Never_more_at_once_than_the_Trigger_allows()
    {
        await using var world = new SimulatedWorld();
        await world.StartAsync(3, plan => plan with { Concurrency = 4 });
        await world.AppendAsync([.. Enumerable.Range(0, 300).Select(number => Tell.Event($"{number}", $"{number}"))]);

        await world.UntilAcceptedAsync(300);

        Assert.InRange(world.MostAtOnce, 1, 4);
    }

    [Fact]
    public async Task A_paused_Trigger_keeps_its_place_and_delivers_nothing()
    {
        await using var world = new SimulatedWorld();
        await world.StartAsync(1, plan => plan with { Paused = true, FromEarliest = false });
        await world.AppendAsync(Tell.Event("1", "k"));

        Assert.Equal(0, (await world.Store.OpenAsync("trigger", [], default))[0].Place);
        Assert.Empty(world.Snapshot(world.Tried));
    }
}
