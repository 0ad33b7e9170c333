using FsCheck;
using FsCheck.Fluent;
using Slipway.Telemetry.Alerts.Rules;
using Slipway.Telemetry.Labels;

namespace Slipway.Telemetry.Tests.Alerts;

public sealed class AlertDeciderTests
{
    private const long Second = 1000;

    private static readonly IReadOnlyDictionary<string, string> s_nothing = new Dictionary<string, string>();

    [Fact]
    public void Without_a_wait_it_fires_at_once_and_is_over_at_once()
    {
        var firing = Assert.Single(Next(0, 0, [], [true], 0));
        Assert.Equal((AlertPhase.Firing, 0L), (firing.Phase, firing.FiredAt));

        var over = Assert.Single(Next(0, 0, [firing], [false], 10));
        Assert.Equal((AlertPhase.Resolved, 10 * Second), (over.Phase, over.ResolvedAt));
    }

    [Fact]
    public void What_stops_before_its_wait_is_over_was_nothing() =>
        Assert.Empty(Next(60, 0, Next(60, 0, [], [true], 0), [false], 30));

    [Fact]
    public void It_keeps_firing_for_as_long_as_it_is_told_and_counts_anew_when_it_comes_back()
    {
        var alerts = Next(0, 60, [], [true], 0);
        alerts = Next(0, 60, alerts, [false], 10);
        Assert.Equal((AlertPhase.Firing, 10 * Second), (alerts[0].Phase, alerts[0].KeptSince));
        alerts = Next(0, 60, alerts, [true], 60);
        Assert.Null(alerts[0].KeptSince);
        alerts = Next(0, 60, Next(0, 60, alerts, [false], 70), [false], 129);
        Assert.Equal(AlertPhase.Firing, alerts[0].Phase);
        Assert.Equal(AlertPhase.Resolved, Next(0, 60, alerts, [false], 130)[0].Phase);
    }

    [Fact]
    public void What_is_over_is_remembered_for_a_quarter_of_an_hour_and_begins_anew_if_it_comes_back()
    {
        var over = Next(60, 0, Next(60, 0, Next(60, 0, [], [true], 0), [true], 60), [false], 70);
        Assert.Equal(AlertPhase.Resolved, Assert.Single(over).Phase);
        Assert.Single(Next(60, 0, over, [false], 70 + 899));
        Assert.Empty(Next(60, 0, over, [false], 70 + 900));
        Assert.Equal((AlertPhase.Pending, 80 * Second), (Next(60, 0, over, [true], 80)[0].Phase, Next(60, 0, over, [true], 80)[0].ActiveAt));
    }

    [Fact]
    public void Just_after_a_start_nothing_is_over()
    {
        var firing = Next(0, 0, [], [true], 0);
        Assert.Equal(firing, AlertDecider.Next(TimeSpan.Zero, TimeSpan.Zero, firing, [], 10 * Second, mayResolve: false));
    }

    /// <summary>Compared with what is plain: an alert fires exactly when its condition has held at every look for the time it must.</summary>
    [Fact]
    public void It_fires_exactly_when_it_has_held_for_long_enough() => Prop.ForAll(
        (from looks in Gen.ArrayOf(Gen.Elements(true, true, true, false))
         from wait in Gen.Choose(0, 5)
         from keep in Gen.Choose(0, 4)
         select (looks, wait, keep)).ToArbitrary(),
        story =>
        {
            IReadOnlyList<AlertInstance> alerts = [];
            var heldSince = (long?)null;
            var (fires, lastTrue) = (false, 0L);
            for (var index = 0; index < story.looks.Length; index++)
            {
                alerts = Next(story.wait * 10, story.keep * 10, alerts, [story.looks[index]], index * 10);
                heldSince = story.looks[index] ? heldSince ?? index : fires && index - lastTrue <= story.keep && story.keep > 0 ? heldSince : null;
                lastTrue = story.looks[index] ? index : lastTrue;
                fires = story.looks[index]
                    ? fires || index - heldSince >= story.wait
                    : fires && story.keep > 0 && index - lastTrue <= story.keep;
                Assert.Equal(fires, alerts.Any(alert => alert.Phase == AlertPhase.Firing));
                Assert.True(alerts.Count <= 1);
                Assert.All(alerts, alert => Assert.True(alert.Phase != AlertPhase.Firing || alert.FiredAt >= alert.ActiveAt));
            }
        }).QuickCheckThrowOnFailure();

    private static IReadOnlyList<AlertInstance> Next(int wait, int keep, IReadOnlyList<AlertInstance> before, bool[] holds, long seconds) =>
        AlertDecider.Next(
            TimeSpan.FromSeconds(wait), TimeSpan.FromSeconds(keep), before,
            [.. holds.Where(one => one).Select(_ => new Finding(LabelSet.Of(("alertname", "A")), s_nothing, 1))], seconds * Second);
}
