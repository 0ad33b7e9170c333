using Slipway.Control.Autoscaling.Kpa;

namespace Slipway.Control.Tests.Autoscaling;

/// <summary>The published vectors of the algorithm, one test each.</summary>
public sealed class KpaVectorTests
{
    private static readonly DateTimeOffset s_noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>100 requests at 70 % make a target of 70 each; bounds and hold are out of the way.</summary>
    private static readonly KpaSettings s_plain = new();

    private static readonly KpaState s_active = KpaState.Fresh with
    {
        InitialReached = true,
        Activity = RevisionActivity.Active,
        ActivitySince = s_noon.AddHours(-1),
    };

    [Fact]
    public void A_rush_on_one_instance_enters_panic_and_wants_six()
    {
        var decision = Decide(s_plain, s_active, stable: 100, panic: 400, ready: 1);

        Assert.Equal(2, decision.Reasons.StableWish);
        Assert.Equal(6, decision.Reasons.PanicWish);
        Assert.True(decision.Reasons.Panicking);
        Assert.Equal(6, decision.Wanted);
    }

    [Fact]
    public void Without_load_five_become_two_then_one_then_none()
    {
        var idle = s_active with { BufferedSince = s_noon.AddHours(-1) };
        Assert.Equal(2, Decide(s_plain, idle, 0, 0, ready: 5).Wanted);
        Assert.Equal(1, Decide(s_plain, idle, 0, 0, ready: 2).Wanted);
        Assert.Equal(0, Decide(s_plain, idle, 0, 0, ready: 1).Wanted);
    }

    [Fact]
    public void A_target_of_seven_with_fifteen_in_flight_panics_to_three()
    {
        var settings = s_plain with { TargetPerInstance = 10 };
        var decision = Decide(settings, s_active, stable: 13, panic: 15, ready: 1);

        Assert.Equal(7, settings.Target);
        Assert.True(decision.Reasons.Panicking);
        Assert.Equal(3, decision.Wanted);
    }

    [Fact]
    public void Too_little_room_for_a_burst_is_negative()
    {
        var settings = s_plain with { TargetPerInstance = 10 };
        Assert.Equal(-191, BurstCapacity.Excess(settings, ready: 4, panicAverage: 20));
    }

    [Fact]
    public void Enough_room_for_a_burst_is_positive() =>
        Assert.Equal(489, BurstCapacity.Excess(s_plain, ready: 10, panicAverage: 300));

    [Theory]
    [InlineData(0, 0)]
    [InlineData(-1, -1)]
    public void A_burst_capacity_of_zero_or_minus_one_is_fixed(double wanted, int expected) =>
        Assert.Equal(expected, BurstCapacity.Excess(s_plain with { TargetBurstCapacity = wanted }, 3, 50));

    [Theory]
    [InlineData(0, 3)]
    [InlineData(1, 4)]
    [InlineData(10, 13)]
    public void Activators_grow_with_the_room_behind_them(int ready, int expected) =>
        Assert.Equal(expected, BurstCapacity.Activators(s_plain, ready));

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 3)]
    [InlineData(10, 7)]
    [InlineData(100, 14)]
    public void A_sample_stays_small_when_instances_are_many(int instances, int expected) =>
        Assert.Equal(expected, BurstCapacity.SampleSize(instances));

    [Theory]
    [InlineData(0, null, 70)]
    [InlineData(0, 50.0, 35)]
    [InlineData(10, null, 7)]
    [InlineData(10, 50.0, 7)]
    [InlineData(10, 4.0, 2.8)]
    [InlineData(0, 0.001, 0.01)]
    public void The_target_follows_from_concurrency_and_annotation(int concurrency, double? target, double expected) =>
        Assert.Equal(expected, (s_plain with { ContainerConcurrency = concurrency, TargetPerInstance = target }).Target, 6);

    [Theory]
    [InlineData(null, 140)]
    [InlineData(10.0, 7)]
    public void Requests_per_second_have_a_target_of_their_own(double? target, double expected) =>
        Assert.Equal(expected, (s_plain with { Metric = LoadMetric.Rps, ContainerConcurrency = 1, TargetPerInstance = target }).Target, 6);

    [Theory]
    [InlineData(60, 10, 6)]
    [InlineData(6, 10, 1)]
    [InlineData(6, 1, 1)]
    [InlineData(45, 10, 5)]
    [InlineData(3600, 100, 3600)]
    public void The_panic_window_is_a_share_in_whole_seconds(int stable, double percentage, int expected) =>
        Assert.Equal(expected, (s_plain with { StableWindow = TimeSpan.FromSeconds(stable), PanicWindowPercentage = percentage }).PanicWindow.TotalSeconds);

    [Fact]
    public void Nothing_measured_makes_no_decision_and_changes_nothing()
    {
        var decision = KpaDecider.Decide(s_plain, s_active, new KpaInputs(s_noon, null, null, 5));

        Assert.Null(decision.Wanted);
        Assert.Same(s_active, decision.Next);
    }

    [Fact]
    public void Panic_never_shrinks_and_ends_a_stable_window_after_the_last_rush()
    {
        var decision = Decide(s_plain, s_active, 100, 400, ready: 1);
        var later = KpaDecider.Decide(s_plain, decision.Next, new KpaInputs(s_noon.AddSeconds(60), 10, 0, 6));
        Assert.Equal(6, later.Wanted);

        var over = KpaDecider.Decide(s_plain, later.Next, new KpaInputs(s_noon.AddSeconds(62), 10, 0, 6));
        Assert.False(over.Reasons.Panicking);
        Assert.Equal(3, over.Wanted);
    }

    [Fact]
    public void A_second_rush_extends_the_panic()
    {
        var first = Decide(s_plain, s_active, 100, 400, ready: 1);
        var second = KpaDecider.Decide(s_plain, first.Next, new KpaInputs(s_noon.AddSeconds(50), 300, 900, 6));
        var later = KpaDecider.Decide(s_plain, second.Next, new KpaInputs(s_noon.AddSeconds(100), 10, 10, 13));

        Assert.True(later.Reasons.Panicking);
        Assert.Equal(13, later.Wanted);
    }

    [Fact]
    public void A_restart_with_several_instances_begins_in_panic_and_keeps_them()
    {
        var decision = KpaDecider.Decide(s_plain, KpaState.AfterRestart(s_noon, ready: 8), new KpaInputs(s_noon.AddSeconds(2), 5, 5, 8));

        Assert.True(decision.Reasons.Panicking);
        Assert.Equal(8, decision.Wanted);
    }

    [Fact]
    public void A_restart_with_one_instance_begins_calm()
    {
        var decision = KpaDecider.Decide(s_plain, KpaState.AfterRestart(s_noon, ready: 1), new KpaInputs(s_noon.AddSeconds(2), 5, 5, 1));

        Assert.False(decision.Reasons.Panicking);
        Assert.Equal(1, decision.Wanted);
    }

    [Fact]
    public void Activation_scale_lifts_any_load_but_not_silence()
    {
        var settings = s_plain with { ActivationScale = 4 };
        var idle = s_active with { BufferedSince = s_noon.AddHours(-1) };
        Assert.Equal(4, Decide(settings, idle, 1, 1, ready: 0).Wanted);
        Assert.Equal(0, Decide(settings, idle, 0, 0, ready: 1).Wanted);
    }

    [Fact]
    public void Scale_down_delay_keeps_the_most_of_its_window()
    {
        var settings = s_plain with { ScaleDownDelay = TimeSpan.FromMinutes(5) };
        var high = Decide(settings, s_active, 690, 690, ready: 10);
        Assert.Equal(10, high.Wanted);

        var low = KpaDecider.Decide(settings, high.Next, new KpaInputs(s_noon.AddMinutes(4), 100, 100, 10));
        Assert.Equal(10, low.Wanted);

        var later = KpaDecider.Decide(settings, low.Next, new KpaInputs(s_noon.AddMinutes(5).AddSeconds(1), 100, 100, 10));
        Assert.Equal(5, later.Wanted);
    }

    [Fact]
    public void Minimum_and_maximum_bound_the_wish()
    {
        var settings = s_plain with { InstancesMin = 2, InstancesMax = 5 };
        Assert.Equal(2, Decide(settings, s_active, 1, 1, ready: 1).Wanted);
        Assert.Equal(5, Decide(settings, s_active, 2000, 2000, ready: 4).Wanted);
    }

    [Fact]
    public void An_unreachable_revision_keeps_no_minimum_and_falls_at_once()
    {
        var settings = s_plain with { InstancesMin = 3, TargetBurstCapacity = -1 };
        var idle = s_active with { BufferedSince = s_noon.AddHours(-1) };
        var decision = KpaDecider.Decide(settings, idle, new KpaInputs(s_noon, 0, 0, 8, Reachable: false));

        Assert.Equal(0, decision.Wanted);
    }

    [Fact]
    public void A_new_revision_holds_its_initial_scale_until_it_was_reached()
    {
        var settings = s_plain with { InstancesInitial = 3 };
        var starting = Decide(settings, KpaState.Fresh, 0, 0, ready: 1);
        Assert.Equal(3, starting.Wanted);

        var reached = KpaDecider.Decide(settings, starting.Next, new KpaInputs(s_noon.AddSeconds(2), 0, 0, 3));
        Assert.True(reached.Next.InitialReached);
        Assert.Equal(1, reached.Wanted);
    }

    private static KpaDecision Decide(KpaSettings settings, KpaState state, double stable, double panic, int ready) =>
        KpaDecider.Decide(settings, state, new KpaInputs(s_noon, stable, panic, ready));
}
