using Slipway.Control.Revisions;
using Slipway.Control.Tests.Fleet.World;
using Slipway.Runtime.Endpoints;
using Slipway.Runtime.InMemory;
using Slipway.Runtime.Instances;

namespace Slipway.Control.Tests.Fleet;

public sealed class FleetLifeTests
{
    private static RevisionKey Web => FleetWorld.Web;

    [Fact]
    public async Task A_new_revision_starts_its_initial_instance_and_publishes_it_when_it_is_ready()
    {
        using var world = new FleetWorld();
        await world.Publish(FleetWorld.Plan(Web) with { Concurrency = 8, Http2 = true });

        Assert.Single(world.Live());
        Assert.Empty(world.Endpoints.Find(Web).Ready);
        Assert.Equal((FleetPhase.Starting, FleetActivity.Queued), (world.Status.Phase, world.Status.Activity));

        await world.Pass(0.5);
        var published = world.Endpoints.Find(Web);
        Assert.Single(published.Ready);
        Assert.Equal((8, true), (published.ConcurrencyMax, published.Http2));
        Assert.Equal(new FleetStatus("uid-1", 1, 1, 1, FleetPhase.Healthy, FleetActivity.Active), world.Status);
    }

    [Fact]
    public async Task Without_requests_it_scales_to_zero_and_stays_healthy()
    {
        using var world = new FleetWorld();
        await world.Deploy();
        await world.Pass(120);

        Assert.Empty(world.Live());
        Assert.Empty(world.Endpoints.Find(Web).Ready);
        Assert.Equal(new FleetStatus("uid-1", 0, 0, 0, FleetPhase.Healthy, FleetActivity.NoTraffic), world.Status);
    }

    [Fact]
    public async Task A_request_at_zero_starts_an_instance_before_any_time_passes()
    {
        using var world = new FleetWorld();
        await world.Deploy();
        await world.Pass(120);

        world.Request();
        await world.Fleet.StepAsync();
        Assert.Single(world.Live());

        await world.Pass(1);
        Assert.Equal(1, world.Traffic.Served);
        Assert.Equal("wake-up", world.Decisions.Find(Web, 50).First(decision => decision.Before == 0 && decision.Wanted == 1).Class);
    }

    [Fact]
    public async Task Load_brings_instances_and_silence_takes_them_without_cutting_a_request()
    {
        using var world = new FleetWorld();
        await world.Deploy(("autoscaling.knative.dev/target", "10"));
        await world.Pass(30, () =>
        {
            for (var request = 0; request < 5; request++)
            {
                world.Request(seconds: 1);
            }
        });
        Assert.InRange(world.Status.Ready, 7, 12);

        world.Request(seconds: 200);
        await world.Pass(300);
        Assert.Equal(0, world.Traffic.Lost);
        Assert.Empty(world.Live());
    }

    [Fact]
    public async Task Concurrency_of_one_makes_every_waiting_request_count()
    {
        using var world = new FleetWorld();
        await world.Publish(FleetWorld.Plan(Web) with { Concurrency = 1 });
        await world.Pass(1);
        for (var request = 0; request < 6; request++)
        {
            world.Request(seconds: 20);
        }

        await world.Pass(10);
        Assert.InRange(world.Status.Ready, 6, 10);
        Assert.Equal(0, world.Traffic.Waiting(Web));
    }

    [Fact]
    public async Task Max_scale_is_never_exceeded()
    {
        using var world = new FleetWorld();
        await world.Deploy(("autoscaling.knative.dev/target", "1"), ("autoscaling.knative.dev/max-scale", "3"));
        await world.Pass(20, () =>
        {
            world.Request(seconds: 5);
            Assert.True(world.Live().Count() <= 3);
        });
        Assert.Equal(3, world.Status.Ready);
    }

    [Fact]
    public async Task Starts_are_bounded_and_all_follow_in_the_end()
    {
        using var world = new FleetWorld(settings: new() { StartsAtOnce = 2 });
        await world.Publish(FleetWorld.Plan(Web, "uid-1", ("autoscaling.knative.dev/min-scale", "7")));
        await world.Pass(2);
        Assert.Equal(7, world.Status.Ready);
    }

    [Fact]
    public async Task A_manual_scale_overrides_the_autoscaler_until_it_is_removed()
    {
        using var world = new FleetWorld();
        await world.Deploy();
        await world.Publish(FleetWorld.Plan(Web, "uid-1", ("slipway.dev/manual-scale", "4")));
        await world.Pass(200);
        Assert.Equal(4, world.Live().Count());

        await world.Publish(FleetWorld.Plan(Web, "uid-1", ("slipway.dev/manual-scale", "0")));
        await world.Pass(10);
        Assert.Empty(world.Live());
        Assert.Equal("scaledToZero", world.Endpoints.Find(Web).Unavailable?.Code);

        await world.Publish(FleetWorld.Plan(Web));
        world.Request();
        await world.Pass(5);
        Assert.Equal(1, world.Traffic.Served);
    }

    [Fact]
    public async Task A_blocked_revision_is_drained_and_says_why()
    {
        using var world = new FleetWorld();
        await world.Deploy();
        world.Request(seconds: 5);
        await world.Publish(FleetWorld.Plan(Web) with { Blocked = new Unavailability("serviceStopped", "The service is stopped.") });

        Assert.Empty(world.Endpoints.Find(Web).Ready);
        Assert.Equal("serviceStopped", world.Endpoints.Find(Web).Unavailable?.Code);
        Assert.Single(world.Live(InstancePhase.Running));
        await world.Pass(6);
        Assert.Empty(world.Live());
        Assert.Equal((1, 0), (world.Traffic.Served, world.Traffic.Lost));

        world.Request();
        await world.Pass(2);
        Assert.Empty(world.Live());

        await world.Publish(FleetWorld.Plan(Web));
        await world.Pass(2);
        Assert.Single(world.Endpoints.Find(Web).Ready);
    }

    [Fact]
    public async Task A_withdrawn_revision_drains_stops_and_leaves_no_trace()
    {
        using var world = new FleetWorld();
        await world.Deploy();
        world.Request(seconds: 3);
        world.Plans.Withdraw(Web);
        await world.Fleet.StepAsync();
        Assert.Null(world.Fleet.Find(Web));
        Assert.Empty(world.Endpoints.All);

        world.Fleet.Wanted(Web);
        await world.Pass(5);
        Assert.Empty(world.Live());
        Assert.Equal((1, 0), (world.Traffic.Served, world.Traffic.Lost));
        Assert.Single(world.StartedIds);
    }

    [Fact]
    public async Task A_new_revision_under_an_old_name_gets_instances_of_its_own()
    {
        using var world = new FleetWorld();
        var old = await world.Deploy();
        await world.Publish(FleetWorld.Plan(Web, "uid-2"));
        Assert.Empty(world.Endpoints.Find(Web).Ready);

        await world.Pass(1);
        Assert.NotEqual(old, Assert.Single(world.Endpoints.Find(Web).Ready).InstanceId);
        Assert.Equal("uid-2", world.Status.Uid);
    }

    [Fact]
    public async Task An_unreachable_revision_goes_to_zero_in_spite_of_its_minimum()
    {
        using var world = new FleetWorld();
        var plan = FleetWorld.Plan(Web, "uid-1", ("autoscaling.knative.dev/min-scale", "2"));
        await world.Publish(plan);
        await world.Pass(120);
        Assert.Equal(2, world.Live().Count());

        await world.Publish(plan with { Reachable = false });
        await world.Pass(120);
        Assert.Empty(world.Live());
    }

    [Fact]
    public async Task Instances_found_at_start_are_kept_by_their_uid_and_not_shrunk_at_once()
    {
        using var world = new FleetWorld();
        await world.Publish(FleetWorld.Plan(Web, "uid-1", ("autoscaling.knative.dev/initial-scale", "3")));
        await world.Pass(1);
        var before = world.Live().Select(state => state.Id).ToList();

        world.Restart();
        world.Plans.Publish(FleetWorld.Plan(Web, "uid-1", ("autoscaling.knative.dev/initial-scale", "3")) with { Proven = true });
        await world.Pass(40);
        Assert.Equal(before, world.Live().Select(state => state.Id));
        Assert.Equal(3, world.StartedIds.Count);
    }

    [Fact]
    public async Task Instances_of_no_revision_are_stopped_when_nobody_claims_them()
    {
        using var world = new FleetWorld();
        await world.Driver.StartAsync(FleetWorld.Template(new RevisionKey("demo", "gone-00001"), "uid-gone").For("gone-00001-deployment-x"), default);
        await world.Driver.StartAsync(FleetWorld.Template(new RevisionKey("demo", "job"), "uid-job").Shared with { Id = "job-x", OwnerKind = "Job" }, default);
        await world.Pass(60);
        Assert.Equal(2, world.Live().Count());

        await world.Pass(70);
        Assert.Equal("job-x", Assert.Single(world.Live()).Id);
    }

    [Fact]
    public async Task Ended_instances_are_forgotten_by_number_and_age()
    {
        using var world = new FleetWorld();
        await world.Deploy();
        for (var round = 0; round < 12; round++)
        {
            await world.Pass(120);
            world.Request();
            await world.Pass(2);
        }

        Assert.True(world.StartedIds.Count > 10);
        Assert.InRange(world.Driver.List().Count(state => state.Phase == InstancePhase.Exited), 1, 5);
    }

    [Fact]
    public async Task Start_stages_are_measured()
    {
        using var world = new FleetWorld(_ => InstanceFate.Healthy with { ReadyAfter = TimeSpan.FromMilliseconds(300) });
        await world.Deploy();
        var snapshot = Assert.Single(world.Fleet.Snapshots);
        Assert.Equal((1, 1L), (snapshot.Ready, snapshot.ColdStarts));
        Assert.Equal(TimeSpan.FromMilliseconds(300), snapshot.LastColdStart!.Value.Total);
    }

    [Fact]
    public async Task Cpu_use_scales_the_resource_driven_class()
    {
        using var world = new FleetWorld();
        await world.Deploy(
            ("autoscaling.knative.dev/class", "hpa.autoscaling.knative.dev"),
            ("autoscaling.knative.dev/metric", "cpu"),
            ("autoscaling.knative.dev/target", "70"),
            ("autoscaling.knative.dev/max-scale", "4"));
        var cpu = TimeSpan.Zero;
        await world.Pass(200, () =>
        {
            cpu += TimeSpan.FromMilliseconds(95);
            foreach (var state in world.Live())
            {
                world.Driver.SetUsage(state.Id, new InstanceUsage(cpu, 1 << 20, 1, 0));
            }
        });
        Assert.Equal(4, world.Status.Ready);
    }
}
