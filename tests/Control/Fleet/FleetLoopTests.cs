using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Control.Autoscaling.Decisions;
using Slipway.Control.Fleet;
using Slipway.Control.Revisions;
using Slipway.Control.Tests.Fleet.World;
using Slipway.Runtime.Endpoints;
using Slipway.Runtime.InMemory;
using Slipway.Runtime.Instances;

namespace Slipway.Control.Tests.Fleet;

/// <summary>The loop by itself, with the real clock.</summary>
public sealed class FleetLoopTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_waiting_request_starts_an_instance_and_the_end_of_the_loop_leaves_it_running()
    {
        using var driver = new MemoryDriver(TimeProvider.System);
        var plans = new RevisionPlans();
        var endpoints = new EndpointDirectory();
        using var traffic = new SimulatedTraffic(TimeProvider.System, endpoints, driver);
        using var fleet = new FleetSupervisor(
            plans, driver, driver, endpoints, traffic, traffic, new FleetSettings(),
            new DecisionLog(new DecisionLogSettings(), TimeProvider.System, NullLoggerFactory.Instance), TimeProvider.System, NullLoggerFactory.Instance);
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        endpoints.Changed += changed =>
        {
            if (changed.Ready.Length > 0)
            {
                ready.TrySetResult();
            }
        };
        var looked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        fleet.Changed += _ => looked.TrySetResult();
        plans.Publish(FleetWorld.Plan(FleetWorld.Web) with { Proven = true });

        using var stop = new CancellationTokenSource();
        var running = fleet.RunAsync(stop.Token);
        await looked.Task.WaitAsync(s_patience);
        Assert.Empty(driver.List());

        fleet.Wanted(FleetWorld.Web);
        await ready.Task.WaitAsync(s_patience);
        await stop.CancelAsync();
        await running.WaitAsync(s_patience);
        Assert.Equal(InstancePhase.Running, Assert.Single(driver.List()).Phase);
    }

    [Fact]
    public async Task An_instance_that_somebody_else_stops_is_replaced_without_blame()
    {
        using var world = new FleetWorld();
        var id = await world.Deploy();
        var stopping = world.Driver.StopAsync(id, TimeSpan.FromSeconds(10), default);
        await world.Fleet.StepAsync();
        Assert.Empty(world.Endpoints.Find(FleetWorld.Web).Ready);
        await world.Pass(1);
        await stopping.WaitAsync(s_patience);
        Assert.NotEqual(id, Assert.Single(world.Endpoints.Find(FleetWorld.Web).Ready).InstanceId);
        Assert.Equal(0, Assert.Single(world.Fleet.Snapshots).Failures);
    }
}
