using Slipway.Control.Fleet.Revisions;
using Slipway.Control.Revisions;
using Slipway.Control.Tests.Fleet.World;
using Slipway.Model.Failures;
using Slipway.Runtime.Endpoints;
using Slipway.Runtime.InMemory;
using Slipway.Runtime.Instances;

namespace Slipway.Control.Tests.Fleet;

public sealed class SetbackTests
{
    private static RevisionKey Web => FleetWorld.Web;

    private static InstanceFate Dies(int code = 7) =>
        InstanceFate.Healthy with { ReadyAfter = null, ExitsAfter = TimeSpan.FromMilliseconds(100), ExitCode = code };

    [Fact]
    public async Task A_crash_is_answered_by_a_new_instance_at_once()
    {
        using var world = new FleetWorld();
        var id = await world.Deploy();
        world.Driver.Crash(id);
        await world.Fleet.StepAsync();

        Assert.Empty(world.Endpoints.Find(Web).Ready);
        Assert.Equal(2, world.StartedIds.Count);
        Assert.Equal("ExitCode139", world.Status.Reason);
        await world.Pass(1);
        Assert.Single(world.Endpoints.Find(Web).Ready);
        Assert.Null(world.Status.Reason);
    }

    [Fact]
    public async Task An_eviction_by_the_driver_is_a_setback_although_the_driver_stopped_it()
    {
        using var world = new FleetWorld();
        var id = await world.Deploy();
        world.Driver.Evict(id, "Volume 'cache' held too much.");
        await world.Fleet.StepAsync();

        Assert.Equal("Evicted", world.Status.Reason);
        Assert.Contains("Volume 'cache' held too much.", world.Status.Message, StringComparison.Ordinal);
        await world.Pass(1);
        Assert.Single(world.Endpoints.Find(Web).Ready);
    }

    [Fact]
    public async Task Ends_before_the_first_readiness_are_told_and_tried_again_with_growing_waits()
    {
        using var world = new FleetWorld(_ => Dies());
        await world.Publish(FleetWorld.Plan(Web));
        await world.Pass(2);
        Assert.Equal(3, world.StartedIds.Count);
        Assert.Equal((FleetPhase.Starting, "ExitCode7"), (world.Status.Phase, world.Status.Reason));
        Assert.Contains("ended by itself", world.Status.Message, StringComparison.Ordinal);

        await world.Pass(3);
        Assert.Equal(4, world.StartedIds.Count);
        await world.Pass(5);
        Assert.Equal(5, world.StartedIds.Count);
        await world.Pass(3);
        Assert.Equal(5, world.StartedIds.Count);
    }

    [Fact]
    public async Task A_later_try_that_works_heals_the_revision()
    {
        var fate = Dies();
        using var world = new FleetWorld(_ => fate);
        await world.Publish(FleetWorld.Plan(Web));
        await world.Pass(5);
        fate = InstanceFate.Healthy;
        await world.Pass(20);
        Assert.Equal((FleetPhase.Healthy, null), (world.Status.Phase, world.Status.Reason));
        Assert.Single(world.Endpoints.Find(Web).Ready);
    }

    [Fact]
    public async Task What_never_becomes_ready_fails_at_its_deadline_and_is_stopped()
    {
        using var world = new FleetWorld(_ => InstanceFate.Healthy with { ReadyAfter = null });
        await world.Publish(FleetWorld.Plan(Web) with { ProgressDeadline = TimeSpan.FromSeconds(60) });
        await world.Pass(58);
        Assert.Equal(FleetPhase.Starting, world.Status.Phase);

        await world.Pass(5);
        Assert.Equal((FleetPhase.Failed, "ProgressDeadlineExceeded"), (world.Status.Phase, world.Status.Reason));
        Assert.Equal("revisionFailed", world.Endpoints.Find(Web).Unavailable?.Code);
        Assert.Empty(world.Live());
        await world.Pass(300);
        Assert.Single(world.StartedIds);
    }

    [Fact]
    public async Task A_request_gives_a_failed_revision_another_try()
    {
        var fate = InstanceFate.Healthy with { ReadyAfter = null };
        using var world = new FleetWorld(_ => fate);
        await world.Publish(FleetWorld.Plan(Web) with { ProgressDeadline = TimeSpan.FromSeconds(30) });
        await world.Pass(60);
        fate = InstanceFate.Healthy;
        world.Fleet.Wanted(Web);
        await world.Pass(2);
        Assert.Equal(FleetPhase.Healthy, world.Status.Phase);
        Assert.Null(world.Endpoints.Find(Web).Unavailable);
    }

    [Fact]
    public async Task A_driver_that_refuses_is_quoted()
    {
        using var world = new FleetWorld(_ => InstanceFate.Healthy with
        {
            StartFailure = new Failure(FailureKind.Exhausted, "no-free-port", "All ports are taken."),
        });
        await world.Publish(FleetWorld.Plan(Web));
        await world.Pass(1);
        Assert.Equal((FleetPhase.Starting, "NoFreePort", "All ports are taken."), (world.Status.Phase, world.Status.Reason, world.Status.Message));
        Assert.Empty(world.Driver.List());
    }

    [Fact]
    public async Task An_image_that_cannot_run_fails_the_revision_at_once()
    {
        using var world = new FleetWorld(_ => InstanceFate.Healthy with
        {
            StartFailure = new Failure(FailureKind.Invalid, "image-not-runnable", "Built for another processor."),
        });
        await world.Publish(FleetWorld.Plan(Web));
        await world.Pass(1);
        Assert.Equal((FleetPhase.Failed, "ImageNotRunnable"), (world.Status.Phase, world.Status.Reason));
        Assert.Single(world.StartedIds);
    }

    [Fact]
    public async Task A_failing_instance_serves_until_its_replacement_does()
    {
        using var world = new FleetWorld();
        var sick = await world.Deploy(("slipway.dev/freeze-after", "never"));
        await world.Pass(1);
        FailLivenessButAnswer(world, sick);
        await world.Fleet.StepAsync();
        Assert.Equal(2, world.Live().Count());
        await world.Pass(2);
        var healthy = Assert.Single(world.Endpoints.Find(Web).Ready).InstanceId;
        Assert.NotEqual(sick, healthy);
        Assert.Equal(healthy, Assert.Single(world.Live()).Id);
    }

    [Fact]
    public async Task An_instance_that_is_not_ready_gets_no_requests_and_comes_back()
    {
        using var world = new FleetWorld();
        var id = await world.Deploy();
        world.Driver.SetReady(id, false);
        await world.Fleet.StepAsync();
        Assert.Empty(world.Endpoints.Find(Web).Ready);
        world.Driver.SetReady(id, true);
        await world.Fleet.StepAsync();
        Assert.Single(world.Endpoints.Find(Web).Ready);
    }

    [Fact]
    public async Task Requests_that_outlast_their_patience_do_not_keep_an_instance_for_ever()
    {
        using var world = new FleetWorld();
        await world.Deploy();
        world.Request(seconds: 100_000);
        await world.Publish(FleetWorld.Plan(Web) with { Blocked = new Unavailability("serviceStopped", "Stopped.") });
        await world.Pass(299);
        Assert.Single(world.Live());
        await world.Pass(5);
        Assert.Empty(world.Live());
        Assert.Equal(1, world.Traffic.Lost);
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 10)]
    [InlineData(3, 20)]
    [InlineData(6, 160)]
    [InlineData(7, 300)]
    [InlineData(1000, 300)]
    public void Waits_double_up_to_their_limit(int failures, int seconds) =>
        Assert.Equal(seconds, NewSetbacks().WaitAfter(failures).TotalSeconds);

    [Fact]
    public void Several_instances_that_fall_together_count_once()
    {
        var noon = DateTimeOffset.UnixEpoch.AddDays(1);
        var setbacks = NewSetbacks();
        for (var instance = 0; instance < 5; instance++)
        {
            setbacks.Record(noon.AddSeconds(instance), noon.AddMinutes(-1), null, "ExitCode1", null);
        }

        Assert.Equal((1, 5L), (setbacks.InARow, setbacks.Total));
    }

    [Fact]
    public void A_long_healthy_life_makes_the_next_crash_a_first_one()
    {
        var noon = DateTimeOffset.UnixEpoch.AddDays(1);
        var setbacks = NewSetbacks();
        setbacks.Record(noon, noon.AddSeconds(-1), null, "ExitCode1", null);
        setbacks.Record(noon.AddSeconds(2), noon.AddSeconds(1), null, "ExitCode1", null);
        Assert.Equal(2, setbacks.InARow);
        setbacks.Record(noon.AddHours(1), noon.AddSeconds(3), noon.AddSeconds(4), "ExitCode1", null);
        Assert.Equal(1, setbacks.InARow);
    }

    private static Setbacks NewSetbacks() => new(TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(10));

    private static void FailLivenessButAnswer(FleetWorld world, string id)
    {
        world.Driver.FailLiveness(id);
        world.Driver.SetReady(id, true);
    }
}
