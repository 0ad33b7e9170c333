using FsCheck;
using FsCheck.Fluent;
using Slipway.Identity.Sessions;

namespace Slipway.Identity.Tests.Sessions;

public sealed class RefreshRulesTests
{
    private static readonly DateTimeOffset s_now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_token_is_only_good_for_a_session_and_account_that_stand() => Check.QuickThrowOnFailure(Prop.ForAll<bool, bool, int>((session, account, age) =>
        (session && account) || RefreshRules.Decide(Picture(TimeSpan.FromSeconds(age), session: session, account: account)) == RefreshVerdict.Ended));

    [Fact]
    public void A_used_token_is_never_exchanged_again() => Check.QuickThrowOnFailure(Prop.ForAll<int, bool>((seconds, successorUsed) =>
        RefreshRules.Decide(Picture(TimeSpan.FromSeconds(Math.Abs((long)seconds)), successorUsed)) is RefreshVerdict.Repeat or RefreshVerdict.Replay));

    [Theory]
    [InlineData(0, false, nameof(RefreshVerdict.Repeat))]
    [InlineData(29, false, nameof(RefreshVerdict.Repeat))]
    [InlineData(30, false, nameof(RefreshVerdict.Replay))]
    [InlineData(1, true, nameof(RefreshVerdict.Replay))]
    public void The_grace_is_thirty_seconds_and_ends_with_the_use_of_the_successor(int seconds, bool successorUsed, string verdict) =>
        Assert.Equal(verdict, RefreshRules.Decide(Picture(TimeSpan.FromSeconds(seconds), successorUsed)).ToString());

    [Fact]
    public void An_expired_token_is_over() =>
        Assert.Equal(RefreshVerdict.Ended, RefreshRules.Decide(new RefreshPicture(s_now, s_now, null, false, true, true)));

    private static RefreshPicture Picture(TimeSpan sinceUse, bool successorUsed = false, bool session = true, bool account = true) =>
        new(s_now, s_now.AddDays(1), s_now - sinceUse, successorUsed, session, account);
}
