using Slipway.Control.Tests.World;
using Slipway.Model.Failures;
using Slipway.Model.Resources;

namespace Slipway.Control.Tests.Serving;

public sealed class ConvergenceTests
{
    private static readonly Failure s_away = new(FailureKind.Unavailable, "store-unavailable", "The database does not answer.");

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 25)];

    [Theory, MemberData(nameof(Seeds))]
    public async Task Any_order_of_work_with_failing_writes_ends_in_the_same_picture(int seed)
    {
        var dice = new Random(seed);
        await using var world = new ControlWorld(dice: dice.NextDouble);
        world.Store.Before = (_, _) => dice.NextDouble() < 0.15 ? s_away : null;
        world.Store.After = (_, _) => dice.NextDouble() < 0.1 ? s_away : null;
        string[] images = ["registry.test/web:1", "registry.test/web:2", "registry.test/web:3"];
        foreach (var image in images)
        {
            await Insist(() => world.Apply(Kinds.Service, ControlWorld.Service("web", image: image)));
            for (var step = dice.Next(0, 60); step > 0; step--)
            {
                await world.Engine.StepAsync(dice.Next);
            }

            // The first one is waited for, because traffic is going to name its revision; the others may overtake each other.
            await world.Pass(image == images[0] ? TimeSpan.FromMinutes(2) : TimeSpan.Zero);
            world.Time.Advance(TimeSpan.FromMilliseconds(dice.Next(0, 2000)));
        }

        await Insist(() => world.Apply(Kinds.Service, ControlWorld.Service(
            "web", image: images[2], traffic: """[{"revisionName":"web-00001","percent":30,"tag":"old"},{"latestRevision":true,"percent":70}]""")));
        await world.Pass(TimeSpan.FromSeconds(5));
        world.Store.Before = (_, _) => null;
        world.Store.After = (_, _) => null;
        await world.Pass(TimeSpan.FromMinutes(5));

        Assert.Equal("ConfigurationsReady=True Ready=True RoutesReady=True", world.Conditions(Kinds.Service, "web"));
        var latest = world.ServiceStatus("web").LatestReadyRevisionName;
        var generation = world.Get(Kinds.Configuration, "web").Metadata.Generation;
        Assert.Equal($"web-{generation:00000}", latest);
        Assert.Equal($"web-00001:30#old {latest}:70:latest", world.Traffic("web"));
        Assert.Equal("registry.test/web:3", world.Get(Kinds.Service, "web").ToJson()["spec"]!["template"]!["spec"]!["containers"]![0]!["image"]!.GetValue<string>());
        foreach (var revision in world.Store.List(Kinds.Revision).Items)
        {
            var used = revision.Name == latest || revision.Name == "web-00001";
            Assert.Equal(used, revision.Metadata.Label("serving.knative.dev/routingState") == "active");
            Assert.Contains(world.Plans.All, plan => plan.Revision.Name == revision.Name && plan.Reachable == used);
        }

        async Task Insist(Func<Task> apply)
        {
            // The user's own writes go around the faults: what is tested is what follows from them.
            var (before, after) = (world.Store.Before, world.Store.After);
            (world.Store.Before, world.Store.After) = ((_, _) => null, (_, _) => null);
            await apply();
            (world.Store.Before, world.Store.After) = (before, after);
        }
    }

    [Fact]
    public async Task A_crash_after_any_single_write_of_a_deployment_is_made_good()
    {
        int writes;
        await using (var undisturbed = new ControlWorld())
        {
            await undisturbed.Apply(Kinds.Service, ControlWorld.Service("web"));
            await undisturbed.Settle();
            writes = undisturbed.Store.Writes.Count;
        }

        Assert.InRange(writes, 8, 60);
        for (var broken = 0; broken < writes; broken++)
        {
            foreach (var afterTheWrite in new[] { false, true })
            {
                await using var world = new ControlWorld();
                await world.Apply(Kinds.Service, ControlWorld.Service("web"));
                var count = 0;
                Func<string, Resource, Failure?> fault = (_, _) => count++ == broken ? s_away : null;
                world.Store.Before = afterTheWrite ? (_, _) => null : fault;
                world.Store.After = afterTheWrite ? fault : (_, _) => null;
                await world.Pass(TimeSpan.FromSeconds(30));

                Assert.Equal("ConfigurationsReady=True Ready=True RoutesReady=True", world.Conditions(Kinds.Service, "web"));
                Assert.Single(world.Store.List(Kinds.Revision).Items);
                Assert.Equal("web-00001:100:latest", world.Traffic("web"));
            }
        }
    }

    [Fact]
    public async Task A_settled_world_writes_nothing_however_often_it_is_looked_at()
    {
        await using var world = new ControlWorld();
        await world.Apply(Kinds.Service, ControlWorld.Service("web"));
        await world.Settle();
        var version = world.Store.Version;
        world.Fleet.Say("web-00001", Control.Revisions.FleetPhase.Healthy);
        await world.Pass(TimeSpan.FromHours(3));

        Assert.Equal(version, world.Store.Version);
    }

    [Fact]
    public async Task A_new_control_plane_over_a_settled_store_changes_nothing()
    {
        await using var world = new ControlWorld();
        await world.Apply(Kinds.Service, ControlWorld.Service("web"));
        await world.Settle();
        var version = world.Store.Version;
        var conditions = world.Conditions(Kinds.Revision, "web-00001");
        using var next = world.Restart(fleetAnswers: false);
        while (await next.StepAsync())
        {
        }

        Assert.Equal(version, world.Store.Version);
        Assert.Equal(conditions, world.Conditions(Kinds.Revision, "web-00001"));
        Assert.True(world.PlansOfNextLife!.All.Single().Proven);
    }
}
