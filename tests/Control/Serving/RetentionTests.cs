using System.Globalization;
using Slipway.Control.Configurations;
using Slipway.Control.Tests.World;
using Slipway.Model.Resources;
using Slipway.Model.Serving;

namespace Slipway.Control.Tests.Serving;

public sealed class RetentionTests
{
    private static readonly DateTimeOffset s_now = new(2030, 1, 10, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void The_newest_twenty_idle_revisions_are_kept_whatever_their_age() =>
        Assert.Equal(
            ["web-00005", "web-00004", "web-00003", "web-00002", "web-00001"],
            Expired([.. Enumerable.Range(1, 25).Reverse().Select(number => Revision(number, TimeSpan.FromDays(30), TimeSpan.FromDays(20)))]));

    [Theory]
    [InlineData(47, 16, false)]
    [InlineData(49, 14, false)]
    [InlineData(49, 16, true)]
    public void Beyond_that_both_ages_must_be_over(int createdHours, int usedHours, bool expired)
    {
        var revisions = Enumerable.Range(2, 20).Reverse().Select(number => Revision(number, TimeSpan.FromHours(1), TimeSpan.FromHours(1)))
            .Append(Revision(1, TimeSpan.FromHours(createdHours), TimeSpan.FromHours(usedHours)));
        Assert.Equal(expired ? ["web-00001"] : [], Expired([.. revisions]));
    }

    [Fact]
    public void Revisions_that_are_routed_or_named_are_never_collected()
    {
        var old = TimeSpan.FromDays(30);
        Resource[] revisions =
        [
            .. Enumerable.Range(10, 20).Reverse().Select(number => Revision(number, old, old)),
            Revision(4, old, old, ServingNames.RoutingActive),
            Revision(3, old, old, ServingNames.RoutingPending),
            Revision(2, old, old),
            Revision(1, old, old),
        ];
        Assert.Equal(["web-00001"], Expired(revisions, named: ["web-00002"]));
    }

    [Fact]
    public void Beyond_the_hard_limit_age_does_not_protect()
    {
        var settings = RevisionRetentionSettings.Default with { KeptAtMost = 22 };
        var young = Enumerable.Range(1, 25).Reverse().Select(number => Revision(number, TimeSpan.Zero, TimeSpan.Zero)).ToList();
        Assert.Equal(["web-00003", "web-00002", "web-00001"], Expired(young, settings: settings));
    }

    [Fact]
    public async Task Old_reserves_go_when_their_configuration_is_looked_at()
    {
        await using var world = new ControlWorld(new RevisionRetentionSettings(1, 1000, TimeSpan.Zero, TimeSpan.Zero));
        for (var number = 1; number <= 4; number++)
        {
            await world.Apply(Kinds.Service, ControlWorld.Service("web", image: $"registry.test/web:{number}"));
            await world.Settle();
        }

        Assert.Equal(["web-00003", "web-00004"], world.Store.List(Kinds.Revision).Items.Select(revision => revision.Name));
    }

    private static List<string> Expired(IReadOnlyList<Resource> revisions, string[]? named = null, RevisionRetentionSettings? settings = null) =>
        [.. RevisionRetention.Expired(revisions, named ?? [], settings ?? RevisionRetentionSettings.Default, s_now).Select(revision => revision.Name)];

    private static Resource Revision(int number, TimeSpan age, TimeSpan unused, string state = ServingNames.RoutingReserve) =>
        new(
            Kinds.Revision,
            new ObjectMeta
            {
                Name = $"web-{number:00000}",
                CreationTimestamp = s_now - age,
                Labels = new() { [ServingNames.RoutingState] = state },
                Annotations = new() { [ServingNames.RoutingStateModified] = (s_now - unused).ToString("o", CultureInfo.InvariantCulture) },
            },
            "{}"u8.ToArray());
}
