using Slipway.Runtime.Instances;
using Slipway.Runtime.Process;

namespace Slipway.Runtime.Tests.Process;

/// <summary>Whom a manifest and an image may make an instance.</summary>
public sealed class UserChoiceTests
{
    private static readonly UserRules s_rules = new(RootAllowed: false, HostUsersAllowed: false, 200_000, 10_000);

    private static readonly AccountBook s_host = new(
        AccountBook.Parse("root:x:0:0:root:/root:/bin/bash\nann:x:1000:1000::/home/ann:/bin/sh\n", groupField: 3),
        AccountBook.Parse("root:x:0:\ndocker:x:998:ann\nann:x:1000:\n", groupField: null));

    private static readonly AccountBook s_image = new(
        AccountBook.Parse("root:x:0:0::/:/bin/sh\napp:x:1654:1655::/app:/bin/sh\nwheel:x:1700:0::/:/bin/sh\nann:x:1000:1000::/:/bin/sh\nbroken line\n:x:5:5\nodd:x:-1:2\n", groupField: 3),
        AccountBook.Parse("staff:x:1800:\n", groupField: null));

    [Theory]
    [InlineData(null, null, null, null, null)]
    [InlineData(4000, null, null, 4000, 4000)]
    [InlineData(4000, 5000, "app", 4000, 5000)]
    [InlineData(1654, null, null, 1654, 1655)]
    [InlineData(1700, null, null, 1700, 1700)]
    [InlineData(null, 5000, null, null, 5000)]
    [InlineData(null, 5000, "app", 1654, 5000)]
    [InlineData(null, null, "app", 1654, 1655)]
    [InlineData(null, null, "app:staff", 1654, 1800)]
    [InlineData(null, null, "app:7", 1654, 7)]
    [InlineData(null, null, "4321", 4321, 4321)]
    [InlineData(null, null, "4321:4322", 4321, 4322)]
    [InlineData(null, null, "1654", 1654, 1655)]
    [InlineData(null, null, "root", null, null)]
    [InlineData(null, null, "0", null, null)]
    [InlineData(null, null, "4321:0", null, null)]
    [InlineData(null, null, "wheel", null, null)]
    [InlineData(null, null, "ann", null, null)]
    [InlineData(null, null, "4321:998", null, null)]
    [InlineData(null, null, "200005", null, null)]
    [InlineData(null, null, "stranger", null, null)]
    [InlineData(null, null, "app:strangers", null, null)]
    [InlineData(null, null, "", null, null)]
    public void The_manifest_comes_before_the_image_and_what_an_image_may_not_is_passed_over(int? user, int? group, string? image, int? id, int? primary)
    {
        var choice = Decide(user, group, image, s_rules).Value;

        Assert.Equal((id, primary), (choice.Id, choice.Group));
    }

    [Theory]
    [InlineData(0, null, "root-not-allowed", "runAsUser is 0")]
    [InlineData(4000, 0, "root-not-allowed", "runAsGroup is 0")]
    [InlineData(null, 0, "root-not-allowed", "runAsGroup is 0")]
    [InlineData(1000, null, "user-not-allowed", "'ann' of this host")]
    [InlineData(4000, 998, "user-not-allowed", "'docker' of this host")]
    [InlineData(998, null, "user-not-allowed", "'docker' of this host")]
    [InlineData(200_000, null, "user-not-allowed", "200000 to 209999")]
    [InlineData(4000, 209_999, "user-not-allowed", "200000 to 209999")]
    public void What_a_manifest_may_not_is_refused_with_its_reason(int? user, int? group, string code, string words)
    {
        var failure = Decide(user, group, null, s_rules).Failure!;

        Assert.Equal(code, failure.Code);
        Assert.Contains(words, failure.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_platform_may_allow_root_and_accounts_of_the_host_but_not_against_the_manifest()
    {
        var open = s_rules with { RootAllowed = true, HostUsersAllowed = true };

        Assert.Equal((0, 0), (Decide(0, null, null, open).Value.Id, Decide(0, null, null, open).Value.Group));
        Assert.Equal(1000, Decide(1000, null, null, open).Value.Id);
        Assert.Equal("user-not-allowed", Decide(200_000, null, null, open).Failure!.Code);
        var contradiction = UserChoice.Decide(Specs.Named("a") with { RunAsUser = 0, RunAsNonRoot = true }, open, s_host, s_image).Failure!;
        Assert.Equal("root-not-allowed", contradiction.Code);
        Assert.Contains("runAsNonRoot", contradiction.Detail, StringComparison.Ordinal);
    }

    private static Model.Failures.Outcome<UserChoice> Decide(int? user, int? group, string? image, UserRules rules)
    {
        var spec = Specs.Named("a");
        return UserChoice.Decide(spec with { RunAsUser = user, RunAsGroup = group, Runnable = spec.Runnable with { User = image } }, rules, s_host, s_image);
    }
}
