using FsCheck;
using FsCheck.Fluent;
using Slipway.Control.Routes;

namespace Slipway.Control.Tests.Serving;

public sealed class RolloutTests
{
    private static readonly DateTimeOffset s_noon = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(100, 120, 30, "1 34 67 100")]
    [InlineData(100, 120, 60, "1 100")]
    [InlineData(100, 60, 90, "1 100")]
    [InlineData(10, 100, 1, "1 2 3 4 5 6 7 8 9 10")]
    [InlineData(2, 100, 1, "1 2")]
    [InlineData(100, 0, 1, "100")]
    [InlineData(1, 120, 30, "1")]
    public void The_shares_of_the_newest_follow_the_arithmetic(int percent, int durationSeconds, int firstStepSeconds, string expected)
    {
        var duration = TimeSpan.FromSeconds(durationSeconds);
        var now = s_noon;
        var goal = Rollout.To("web", null, "new", percent);
        var rollout = Rollouts.Advance(Rollout.To("web", null, "old", percent), goal, duration, now);
        var seen = new List<int> { rollout.Shares[^1].Percent };
        if (!rollout.Settled)
        {
            now += TimeSpan.FromSeconds(firstStepSeconds);
            rollout = Rollouts.FirstStepServed(rollout, duration, now);
            while (!rollout.Settled)
            {
                now = rollout.NextStepAt!.Value;
                rollout = Rollouts.Advance(rollout, goal, duration, now);
                seen.Add(rollout.Shares[^1].Percent);
            }
        }

        Assert.Equal(expected, string.Join(' ', seen));
        Assert.Equal("new", rollout.Shares.Single().Revision);
    }

    [Fact]
    public void A_third_revision_takes_from_the_next_newest_first()
    {
        var duration = TimeSpan.FromSeconds(100);
        var half = new Rollout { Configuration = "web", Shares = [new() { Revision = "a", Percent = 60 }, new() { Revision = "b", Percent = 40 }], StartedAt = s_noon };
        var started = Rollouts.Advance(half, Rollout.To("web", null, "c", 100), duration, s_noon);

        Assert.Equal("a:60 b:39 c:1", Text(started));
        var stepped = Rollouts.FirstStepServed(started, duration, s_noon.AddSeconds(50));
        Assert.Equal("c:100", Text(Rollouts.Advance(stepped, Rollout.To("web", null, "c", 100), duration, s_noon.AddSeconds(500))));
    }

    [Fact]
    public void A_smaller_entry_shrinks_from_the_oldest_and_a_larger_one_grows_at_the_newest()
    {
        var duration = TimeSpan.FromSeconds(100);
        var going = new Rollout { Configuration = "web", Shares = [new() { Revision = "a", Percent = 60 }, new() { Revision = "b", Percent = 40 }], StartedAt = s_noon };

        Assert.Equal("a:10 b:40", Text(Rollouts.Advance(going, Rollout.To("web", null, "b", 50), duration, s_noon)));
        Assert.Equal("b:30", Text(Rollouts.Advance(going, Rollout.To("web", null, "b", 30), duration, s_noon)));
        var small = new Rollout { Configuration = "web", Shares = [new() { Revision = "a", Percent = 30 }, new() { Revision = "b", Percent = 20 }], StartedAt = s_noon };
        Assert.Equal("a:30 b:70", Text(Rollouts.Advance(small, Rollout.To("web", null, "b", 100), duration, s_noon)));
    }

    [Fact]
    public void Nothing_moves_before_the_ingress_serves_the_first_percent()
    {
        var started = Rollouts.Advance(Rollout.To("web", null, "old", 100), Rollout.To("web", null, "new", 100), TimeSpan.FromSeconds(10), s_noon);
        Assert.Equal("old:99 new:1", Text(Rollouts.Advance(started, Rollout.To("web", null, "new", 100), TimeSpan.FromSeconds(10), s_noon.AddHours(1))));
    }

    [Fact]
    public void Shares_always_add_up_and_the_newest_always_arrives() => Prop.ForAll(
        Gen.Choose(2, 100).SelectMany(percent => Gen.Choose(1, 600).SelectMany(duration => Gen.Choose(0, 700).Select(first => (percent, duration, first)))).ToArbitrary(),
        given =>
        {
            var duration = TimeSpan.FromSeconds(given.duration);
            var goal = Rollout.To("web", null, "new", given.percent);
            var rollout = Rollouts.Advance(Rollout.To("web", null, "old", given.percent), goal, duration, s_noon);
            var now = s_noon.AddSeconds(given.first);
            rollout = Rollouts.FirstStepServed(rollout, duration, now);
            var steps = 0;
            while (!rollout.Settled && steps++ < 200)
            {
                Assert.Equal(given.percent, rollout.Shares.Sum(share => share.Percent));
                now = rollout.NextStepAt!.Value;
                rollout = Rollouts.Advance(rollout, goal, duration, now);
            }

            return rollout.Settled && rollout.Shares[0].Revision == "new" && rollout.Shares[0].Percent == given.percent;
        }).QuickCheckThrowOnFailure();

    private static string Text(Rollout rollout) => string.Join(' ', rollout.Shares.Select(share => $"{share.Revision}:{share.Percent}"));
}
