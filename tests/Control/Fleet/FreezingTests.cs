using Slipway.Control.Revisions;
using Slipway.Control.Tests.Fleet.World;
using Slipway.Runtime.Endpoints;
using Slipway.Runtime.Instances;

namespace Slipway.Control.Tests.Fleet;

public sealed class FreezingTests
{
    private static RevisionKey Web => FleetWorld.Web;

    [Fact]
    public async Task An_idle_instance_is_frozen_and_out_of_the_directory()
    {
        using var world = new FleetWorld();
        await world.Deploy();
        await world.Pass(20);
        Assert.Single(world.Live(InstancePhase.Running));

        await world.Pass(15);
        Assert.Single(world.Live(InstancePhase.Frozen));
        Assert.Empty(world.Endpoints.Find(Web).Ready);
        Assert.Equal(new FleetStatus("uid-1", 1, 1, 0, FleetPhase.Healthy, FleetActivity.Active), world.Status);
    }

    [Fact]
    public async Task A_frozen_instance_answers_after_thaw_without_waiting_for_a_tick()
    {
        using var world = new FleetWorld();
        var id = await world.Deploy();
        await world.Pass(35);
        world.Request();
        await world.Fleet.StepAsync();

        Assert.Equal(id, Assert.Single(world.Endpoints.Find(Web).Ready).InstanceId);
        Assert.Equal(0, world.Traffic.Waiting(Web));
        await world.Pass(1);
        Assert.Equal(1, world.Traffic.Served);
        Assert.Single(world.StartedIds);
        Assert.Equal(1, Assert.Single(world.Fleet.Snapshots).Thaws);
    }

    [Fact]
    public async Task An_instance_with_a_request_in_flight_is_not_frozen()
    {
        using var world = new FleetWorld();
        await world.Deploy();
        world.Request(seconds: 100);
        await world.Pass(99);
        Assert.Single(world.Live(InstancePhase.Running));
        await world.Pass(32);
        Assert.Single(world.Live(InstancePhase.Frozen));
    }

    [Fact]
    public async Task A_frozen_instance_is_stopped_when_the_autoscaler_wants_none()
    {
        using var world = new FleetWorld();
        await world.Deploy();
        await world.Pass(35);
        Assert.Single(world.Live(InstancePhase.Frozen));
        await world.Pass(70);
        Assert.Empty(world.Live());
    }

    [Fact]
    public async Task A_minimum_is_kept_frozen_but_for_what_must_stay_hot()
    {
        using var world = new FleetWorld();
        await world.Publish(FleetWorld.Plan(Web, "uid-1", ("autoscaling.knative.dev/min-scale", "3"), ("slipway.dev/min-scale-hot", "1")));
        await world.Pass(200);
        Assert.Equal(2, world.Live(InstancePhase.Frozen).Count());
        Assert.Single(world.Live(InstancePhase.Running));
        Assert.Single(world.Endpoints.Find(Web).Ready);
    }

    [Theory]
    [InlineData("slipway.dev/freeze-after", "never")]
    [InlineData("run.googleapis.com/cpu-throttling", "false")]
    public async Task Some_revisions_are_never_frozen(string annotation, string value)
    {
        using var world = new FleetWorld();
        await world.Publish(FleetWorld.Plan(Web, "uid-1", ("autoscaling.knative.dev/min-scale", "1"), (annotation, value)));
        await world.Pass(300);
        Assert.Single(world.Live(InstancePhase.Running));
    }

    [Fact]
    public async Task A_revision_chooses_its_own_idle_time()
    {
        using var world = new FleetWorld();
        await world.Deploy(("slipway.dev/freeze-after", "5s"));
        await world.Pass(7);
        Assert.Single(world.Live(InstancePhase.Frozen));
    }

    [Fact]
    public async Task A_rush_thaws_as_many_as_it_keeps_busy()
    {
        using var world = new FleetWorld();
        await world.Publish(FleetWorld.Plan(Web, "uid-1", ("autoscaling.knative.dev/min-scale", "5"), ("autoscaling.knative.dev/target", "10")));
        await world.Pass(60);
        Assert.Equal(5, world.Live(InstancePhase.Frozen).Count());

        for (var request = 0; request < 30; request++)
        {
            world.Request(seconds: 30);
        }

        await world.Pass(5);
        Assert.Equal(5, world.Endpoints.Find(Web).Ready.Length);
        Assert.Equal(5, world.StartedIds.Count);
    }

    [Fact]
    public async Task A_frozen_instance_survives_a_restart_of_the_control_plane_and_wakes_up_for_the_new_one()
    {
        using var world = new FleetWorld();
        var id = await world.Deploy(("autoscaling.knative.dev/min-scale", "1"));
        await world.Pass(40);
        Assert.Single(world.Live(InstancePhase.Frozen));

        world.Restart();
        await world.Fleet.StepAsync();
        world.Request();
        await world.Pass(1);
        Assert.Equal(1, world.Traffic.Served);
        Assert.Equal(id, Assert.Single(world.Live()).Id);
    }
}
