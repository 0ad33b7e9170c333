using FsCheck;
using FsCheck.Fluent;
using Slipway.Identity.Tokens;

namespace Slipway.Identity.Tests.Tokens;

public sealed class KeyScheduleTests
{
    private static readonly DateTimeOffset s_start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly KeySchedule s_schedule = new(TimeSpan.FromDays(30), TimeSpan.FromMinutes(1), TimeSpan.FromDays(1) + TimeSpan.FromMinutes(1));

    [Fact]
    public void The_very_first_key_signs_at_once() =>
        Assert.Equal(s_start, s_schedule.Decide([], s_start, force: false)!.NewSignsFrom);

    [Fact]
    public void A_young_key_is_left_alone() => Assert.Null(s_schedule.Decide([Key("a", s_start)], s_start.AddDays(29), force: false));

    [Fact]
    public void After_thirty_days_the_next_key_is_published_first_and_signs_later()
    {
        var now = s_start.AddDays(30);
        Assert.Equal(now.AddMinutes(1), s_schedule.Decide([Key("a", s_start)], now, force: false)!.NewSignsFrom);
    }

    [Fact]
    public void An_operator_gets_a_new_key_at_once_but_not_two() =>
        Assert.Multiple(
            () => Assert.NotNull(s_schedule.Decide([Key("a", s_start)], s_start.AddDays(1), force: true)!.NewSignsFrom),
            () => Assert.Null(s_schedule.Decide([Key("a", s_start, s_start.AddDays(1)), Key("b", s_start.AddDays(1))], s_start.AddDays(1).AddSeconds(-30), force: true)));

    /// <summary>Years of looks at random moments, some of them by impatient operators.</summary>
    [Fact]
    public void Whatever_happens_one_key_signs_and_every_token_can_be_verified_until_it_expires() => Check.QuickThrowOnFailure(
        Prop.ForAll(Gen.Choose(1, 40 * 24 * 60).Two().ListOf(60).ToArbitrary(), looks =>
        {
            var keys = new List<SigningKey>();
            var now = s_start;
            var tokens = new List<(string Kid, DateTimeOffset Expires)>();
            foreach (var (minutes, mood) in looks)
            {
                Apply(keys, now, mood % 5 == 0);
                var signing = keys.Where(key => key.SignsAt(now)).ToList();
                Assert.Single(signing);
                tokens.Add((signing[0].Kid, now + TokenLifetimes.Longest));
                foreach (var (kid, _) in tokens.Where(token => token.Expires > now))
                {
                    Assert.Contains(keys, key => key.Kid == kid && key.IsPublishedAt(now));
                }

                now = now.AddMinutes(minutes);
            }
        }));

    private static void Apply(List<SigningKey> keys, DateTimeOffset now, bool force)
    {
        if (s_schedule.Decide(keys, now, force) is not { } change)
        {
            return;
        }

        keys.RemoveAll(key => change.Remove.Contains(key.Kid));
        if (change.NewSignsFrom is { } from)
        {
            for (var at = 0; at < keys.Count; at++)
            {
                keys[at] = keys[at].SignsUntil is null ? keys[at] with { SignsUntil = from, PublishedUntil = from + s_schedule.PublishedAfter } : keys[at];
            }

            keys.Add(Key(Guid.NewGuid().ToString(), from));
        }
    }

    private static SigningKey Key(string kid, DateTimeOffset from, DateTimeOffset? until = null) =>
        new(kid, "x", "y", from, from) { SignsUntil = until, PublishedUntil = until + s_schedule.PublishedAfter };
}
