using System.Collections.Immutable;
using Slipway.Control.Autoscaling.Hpa;

namespace Slipway.Control.Tests.Autoscaling;

public sealed class HpaDeciderTests
{
    private static readonly DateTimeOffset s_noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly HpaState s_settled = HpaState.Fresh with { InitialReached = true };

    private static readonly HpaSettings s_cpu = new() { Targets = [new ResourceTarget(ResourceMetric.Cpu, 0.7)], InstancesMax = 20 };

    [Theory]
    [InlineData(0.73, 2)] // within the tolerance of a tenth
    [InlineData(0.80, 3)]
    [InlineData(1.40, 4)]
    [InlineData(0.65, 2)]
    public void Two_instances_follow_their_cpu_use(double use, int expected) =>
        Assert.Equal(expected, HpaDecider.Decide(s_cpu with { Down = Immediate }, s_settled, Busy(2, use)).Wanted);

    [Fact]
    public void The_hungrier_of_two_metrics_decides()
    {
        var settings = s_cpu with { Targets = [new(ResourceMetric.Cpu, 0.7), new(ResourceMetric.Memory, 0.8)] };
        var decision = HpaDecider.Decide(settings, s_settled, new HpaInputs(s_noon, 2, [Instance(0.2, 190), Instance(0.2, 190)]));

        Assert.Equal(5, decision.Reasons.Metrics[1].Wish);
        Assert.Equal(5, decision.Wanted);
    }

    [Fact]
    public void Memory_may_have_an_absolute_target()
    {
        var settings = s_cpu with { Targets = [new(ResourceMetric.Memory, null, 100)] };
        Assert.Equal(4, HpaDecider.Decide(settings, s_settled, new HpaInputs(s_noon, 2, [Instance(0, 190), Instance(0, 190)])).Wanted);
    }

    [Fact]
    public void Going_up_is_immediate_but_limited_to_four_more_or_twice_as_many()
    {
        Assert.Equal(6, HpaDecider.Decide(s_cpu, s_settled, Busy(2, 10)).Wanted);
        Assert.Equal(12, HpaDecider.Decide(s_cpu, s_settled, Busy(6, 10)).Wanted);
    }

    [Fact]
    public void What_was_added_within_the_period_counts_against_the_policy()
    {
        var first = HpaDecider.Decide(s_cpu, s_settled, Busy(2, 10));
        var second = HpaDecider.Decide(s_cpu, first.Next, Busy(6, 10) with { Now = s_noon.AddSeconds(10) });
        Assert.Equal(6, second.Wanted);

        var third = HpaDecider.Decide(s_cpu, second.Next, Busy(6, 10) with { Now = s_noon.AddSeconds(15) });
        Assert.Equal(12, third.Wanted);
    }

    [Fact]
    public void Going_down_waits_for_five_quiet_minutes()
    {
        var state = HpaDecider.Decide(s_cpu, s_settled, Busy(6, 0.7)).Next;
        for (var seconds = 15; seconds < 300; seconds += 15)
        {
            var quiet = HpaDecider.Decide(s_cpu, state, Busy(6, 0.1) with { Now = s_noon.AddSeconds(seconds) });
            Assert.Equal(6, quiet.Wanted);
            state = quiet.Next;
        }

        Assert.Equal(1, HpaDecider.Decide(s_cpu, state, Busy(6, 0.1) with { Now = s_noon.AddSeconds(300) }).Wanted);
    }

    [Fact]
    public void A_policy_of_ten_percent_a_minute_takes_one_of_ten()
    {
        var settings = s_cpu with
        {
            Down = new(TimeSpan.Zero, PolicyChoice.Most, [new(PolicyUnit.Percent, 10, TimeSpan.FromSeconds(60))]),
        };
        var first = HpaDecider.Decide(settings, s_settled, Busy(10, 0.1));
        Assert.Equal(9, first.Wanted);

        var tooSoon = HpaDecider.Decide(settings, first.Next, Busy(9, 0.1) with { Now = s_noon.AddSeconds(30) });
        Assert.Equal(9, tooSoon.Wanted);

        var later = HpaDecider.Decide(settings, tooSoon.Next, Busy(9, 0.1) with { Now = s_noon.AddSeconds(60) });
        Assert.Equal(8, later.Wanted);
    }

    [Fact]
    public void A_stabilisation_upwards_waits_until_the_wish_has_lasted()
    {
        var settings = s_cpu with { Up = ScalingBehaviour.UpDefault with { Stabilization = TimeSpan.FromSeconds(60) } };
        var state = HpaDecider.Decide(settings, s_settled, Busy(2, 0.7)).Next;
        var spike = HpaDecider.Decide(settings, state, Busy(2, 2) with { Now = s_noon.AddSeconds(30) });
        Assert.Equal(2, spike.Wanted);

        var lasting = HpaDecider.Decide(settings, spike.Next, Busy(2, 2) with { Now = s_noon.AddSeconds(60) });
        Assert.Equal(6, lasting.Wanted);
    }

    [Fact]
    public void A_disabled_direction_stays_where_it_is()
    {
        var settings = s_cpu with { Down = ScalingBehaviour.DownDefault with { Choice = PolicyChoice.Disabled, Stabilization = TimeSpan.Zero } };
        Assert.Equal(6, HpaDecider.Decide(settings, s_settled, Busy(6, 0)).Wanted);
    }

    [Fact]
    public void Instances_that_just_started_count_as_idle_when_the_rest_is_busy()
    {
        var inputs = new HpaInputs(s_noon, 3, [Instance(0.9, 0), Instance(null, 0, ready: false), Instance(null, 0, ready: false)]);
        Assert.Equal(3, HpaDecider.Decide(s_cpu, s_settled, inputs).Wanted);
    }

    [Fact]
    public void An_unmeasurable_metric_takes_nothing_away()
    {
        var inputs = new HpaInputs(s_noon, 4, [new InstanceUse(true, null, null, null, null)]);
        Assert.Equal(4, HpaDecider.Decide(s_cpu, s_settled, inputs).Wanted);
    }

    [Fact]
    public void Bounds_hold_and_the_last_instance_stays_while_a_route_points_to_it()
    {
        var settings = s_cpu with { InstancesMin = 2, InstancesMax = 3, Down = Immediate };
        Assert.Equal(3, HpaDecider.Decide(settings, s_settled, Busy(2, 9)).Wanted);
        Assert.Equal(2, HpaDecider.Decide(settings, s_settled, Busy(2, 0)).Wanted);
        Assert.Equal(1, HpaDecider.Decide(s_cpu with { Down = Immediate }, s_settled, Busy(2, 0)).Wanted);
        Assert.Equal(0, HpaDecider.Decide(settings, s_settled, Busy(2, 0) with { Reachable = false }).Wanted);
    }

    private static ScalingBehaviour Immediate { get; } = ScalingBehaviour.DownDefault with { Stabilization = TimeSpan.Zero };

    private static HpaInputs Busy(int count, double use) =>
        new(s_noon, count, [.. Enumerable.Repeat(Instance(use, 10), count)]);

    private static InstanceUse Instance(double? cpu, double memory, bool ready = true) => new(ready, cpu, memory, 1, 100);
}
