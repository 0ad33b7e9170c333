using Slipway.Identity.Accounts;
using Slipway.Identity.Administration;

namespace Slipway.Identity.Tests.Administration;

public sealed class AdminRuleTests
{
    private static readonly Guid s_actor = Guid.NewGuid();

    private static AccountFacts Account(string role = Roles.Customer, bool active = true, bool erasure = false, bool anonymised = false) =>
        new(Guid.NewGuid(), role, active, erasure, anonymised);

    [Fact]
    public void An_ordinary_account_may_be_changed_in_any_way()
    {
        foreach (var change in new[] { new AccountChange(Active: false), new AccountChange(Role: Roles.Admin), new AccountChange(Unlock: true) })
        {
            Assert.Null(AdminRules.Refusal(s_actor, Account(), change, activeAdmins: 1));
        }
    }

    [Fact]
    public void The_last_administrator_keeps_the_role_and_the_account()
    {
        var target = Account(Roles.Admin);
        Assert.Equal("lastAdmin", AdminRules.Refusal(s_actor, target, new AccountChange(Role: Roles.Customer), 1)?.Code);
        Assert.Equal("lastAdmin", AdminRules.Refusal(s_actor, target, new AccountChange(Active: false), 1)?.Code);
        Assert.Null(AdminRules.Refusal(s_actor, target, new AccountChange(Active: false), 2));
        Assert.Null(AdminRules.Refusal(s_actor, target, new AccountChange(Role: Roles.Admin), 1));
    }

    [Fact]
    public void Nobody_takes_their_own_power_away_by_mistake()
    {
        var myself = Account(Roles.Admin) with { Id = s_actor };
        Assert.Equal("notYourself", AdminRules.Refusal(s_actor, myself, new AccountChange(Active: false), 5)?.Code);
        Assert.Equal("notYourself", AdminRules.Refusal(s_actor, myself, new AccountChange(Role: Roles.Vendor), 5)?.Code);
    }

    [Theory]
    [InlineData("203.0.113.77", "203.0.113.0/24")]
    [InlineData("::ffff:203.0.113.77", "203.0.113.0/24")]
    [InlineData("2001:db8:1:2:3::4", "2001:db8:1::/48")]
    [InlineData("somewhere", null)]
    [InlineData(null, null)]
    public void The_trail_keeps_networks_not_addresses(string? address, string? kept) => Assert.Equal(kept, ActivityLog.Coarse(address));

    [Theory]
    [InlineData("account.registered", "account", UserEvents.Created)]
    [InlineData("account.changed", "account", UserEvents.Updated)]
    [InlineData("account.anonymised", "account", UserEvents.Deleted)]
    [InlineData("account.exported", "account", null)]
    [InlineData("client.registered", "client", null)]
    public void Others_are_told_of_accounts_made_changed_and_erased(string action, string target, string? type) =>
        Assert.Equal(type, UserEvents.TypeOf(new Activity(action, target, "0198")));

    [Fact]
    public void An_account_on_its_way_out_is_not_brought_back_by_somebody_else()
    {
        Assert.Equal("erasureRequested", AdminRules.Refusal(s_actor, Account(active: false, erasure: true), new AccountChange(Active: true), 1)?.Code);
        Assert.Equal("accountErased", AdminRules.Refusal(s_actor, Account(active: false, anonymised: true), new AccountChange(Role: Roles.Vendor), 1)?.Code);
    }
}
