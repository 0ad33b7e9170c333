using Slipway.Control.Autoscaling.Kpa;

namespace Slipway.Control.Tests.Autoscaling;

public sealed class ZeroHoldTests
{
    private static readonly DateTimeOffset s_noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static KpaState ActiveFor(double seconds) => KpaState.Fresh with
    {
        InitialReached = true,
        Activity = RevisionActivity.Active,
        ActivitySince = s_noon.AddSeconds(-seconds),
    };

    [Fact]
    public void A_revision_that_became_active_lately_keeps_one_instance()
    {
        var decision = Silence(new KpaSettings(), ActiveFor(59), s_noon);

        Assert.Equal(1, decision.Wanted);
        Assert.Equal(RevisionActivity.Active, decision.Next.Activity);
    }

    [Fact]
    public void Idle_begins_after_a_stable_window_and_ends_in_zero_after_the_grace()
    {
        // A revision with much room has no buffer in its path, so the whole grace counts.
        var settings = new KpaSettings { TargetBurstCapacity = 0 };
        var idle = Silence(settings, ActiveFor(60), s_noon);
        Assert.Equal(1, idle.Wanted);
        Assert.Equal(RevisionActivity.Inactive, idle.Next.Activity);

        var almost = Silence(settings, idle.Next, s_noon.AddSeconds(29));
        Assert.Equal(1, almost.Wanted);
        Assert.Equal(0, Silence(settings, almost.Next, s_noon.AddSeconds(30)).Wanted);
    }

    [Fact]
    public void A_buffer_that_was_in_the_path_for_the_grace_makes_zero_immediate()
    {
        var buffered = ActiveFor(60) with { BufferedSince = s_noon.AddSeconds(-30) };
        Assert.Equal(0, Silence(new KpaSettings(), buffered, s_noon).Wanted);
    }

    [Fact]
    public void Retention_outlasts_grace_and_buffer()
    {
        var settings = new KpaSettings { LastInstanceRetention = TimeSpan.FromMinutes(10) };
        var idle = Silence(settings, ActiveFor(600) with { BufferedSince = s_noon.AddMinutes(-5) }, s_noon);
        Assert.Equal(1, idle.Wanted);
        Assert.Equal(1, Silence(settings, idle.Next, s_noon.AddSeconds(599)).Wanted);
        Assert.Equal(0, Silence(settings, idle.Next, s_noon.AddSeconds(600)).Wanted);
    }

    [Fact]
    public void Without_leave_to_go_to_zero_one_instance_stays()
    {
        var settings = new KpaSettings { AllowZero = false };
        Assert.Equal(1, Silence(settings, ActiveFor(10_000), s_noon.AddDays(1)).Wanted);
    }

    [Fact]
    public void A_revision_stuck_in_starting_is_given_up_half_a_minute_after_its_deadline()
    {
        var starting = KpaState.Fresh with { InitialReached = true, ActivitySince = s_noon };
        var waiting = KpaDecider.Decide(new KpaSettings(), starting, new KpaInputs(s_noon.AddSeconds(629), 0, 0, 0));
        Assert.Equal(1, waiting.Wanted);
        Assert.False(waiting.Gaveup);

        var over = KpaDecider.Decide(new KpaSettings(), starting, new KpaInputs(s_noon.AddSeconds(630), 0, 0, 0));
        Assert.Equal(0, over.Wanted);
        Assert.True(over.Gaveup);
    }

    [Fact]
    public void A_request_during_the_grace_makes_it_active_again()
    {
        var settings = new KpaSettings { TargetBurstCapacity = 0 };
        var idle = Silence(settings, ActiveFor(60), s_noon);
        var used = KpaDecider.Decide(settings, idle.Next, new KpaInputs(s_noon.AddSeconds(10), 0.5, 0.5, 1));
        Assert.Equal(1, used.Wanted);
        Assert.Equal(RevisionActivity.Active, used.Next.Activity);
        Assert.Equal(s_noon.AddSeconds(10), used.Next.ActivitySince);
    }

    private static KpaDecision Silence(KpaSettings settings, KpaState state, DateTimeOffset now) =>
        KpaDecider.Decide(settings, state, new KpaInputs(now, 0, 0, 1));
}
