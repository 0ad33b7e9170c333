using Slipway.Control.Autoscaling.Kpa;

namespace Slipway.Control.Tests.Autoscaling;

public sealed class KpaExplanationTests
{
    private static readonly DateTimeOffset s_noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly KpaState s_active = KpaState.Fresh with
    {
        InitialReached = true,
        Activity = RevisionActivity.Active,
        ActivitySince = s_noon.AddHours(-1),
    };

    [Fact]
    public void Load_alone_is_told_with_its_target() => Assert.Equal(
        "7 instances: 482 requests in flight on average over 60 s at a target of 70 each.",
        Told(new KpaSettings(), 482, 482, 7));

    [Fact]
    public void A_bound_names_the_annotation_to_change() => Assert.Equal(
        "5 instances: 482 requests in flight on average over 60 s at a target of 70 each would need 7, but max-scale is 5.",
        Told(new KpaSettings { InstancesMax = 5 }, 482, 482, 5));

    [Fact]
    public void Panic_is_told_with_the_short_window() => Assert.Equal(
        "6 instances: panic, 400 requests in flight on average over 6 s at a target of 70 each; it does not shrink until 60 s have passed without a rush.",
        Told(new KpaSettings(), 100, 400, 1));

    [Fact]
    public void The_last_instance_says_why_it_stays() => Assert.Equal(
        "1 instance: 0 requests in flight on average over 60 s at a target of 70 each, held because the last instance stays until its grace is over.",
        Told(new KpaSettings(), 0, 0, 1));

    private static string Told(KpaSettings settings, double stable, double panic, int ready)
    {
        var inputs = new KpaInputs(s_noon, stable, panic, ready);
        return KpaExplanation.Of(settings, inputs, KpaDecider.Decide(settings, s_active, inputs));
    }
}
