using Slipway.Control.Revisions;
using Slipway.Model;
using Slipway.Model.Resources;
using Slipway.Model.Serving;
using Slipway.Runtime.Endpoints;
using Slipway.Runtime.Instances;
using Slipway.Simulation.Tests.World;

namespace Slipway.Simulation.Tests;

public sealed class ConvergenceTests
{
    private static readonly TimeSpan s_fine = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan s_coarse = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Sixty-four worlds in every run. <c>SLIPWAY_SEEDS=1000-1999</c> explores others; a failing seed found that way is
    /// repeated with <c>SLIPWAY_SEEDS=1234-1234</c>.
    /// </summary>
    public static TheoryData<int> Seeds
    {
        get
        {
            var range = (Environment.GetEnvironmentVariable("SLIPWAY_SEEDS") ?? "1-64").Split('-');
            var first = int.Parse(range[0]);
            return [.. Enumerable.Range(first, int.Parse(range[1]) - first + 1)];
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task A_world_of_faults_is_safe_on_every_step_and_comes_to_rest_once_they_stop(int seed)
    {
        try
        {
            await using var world = SimulatedWorld.FromSeed(seed);
            await world.Users.DeployGoodAsync();
            await world.RunForAsync(TimeSpan.FromMinutes(3), world.Weather, s_fine);
            await ComeToRest(world);
        }
        catch (Exception failure)
        {
            throw new Xunit.Sdk.XunitException($"seed {seed}: {failure.Message}\n{failure.StackTrace}");
        }
    }

    private static async Task ComeToRest(SimulatedWorld world)
    {
        // Long enough for the longest wait between two tries, and for requests and drains to end.
        world.Users.HealPrograms();
        await world.RunForAsync(TimeSpan.FromMinutes(6), Swarm.Calm, s_coarse);
        await world.Users.DeployGoodAsync();
        await world.RunForAsync(TimeSpan.FromMinutes(1), Swarm.Calm, s_coarse);
        foreach (var name in Users.Services)
        {
            ReadyWithEverything(world, name);
        }

        var served = world.Plane.Traffic.Served;
        foreach (var name in Users.Services)
        {
            world.Users.VisitOnce(name);
        }

        await world.RunForAsync(TimeSpan.FromSeconds(5), Swarm.Calm, s_fine);
        Assert.Equal(served + Users.Services.Count, world.Plane.Traffic.Served);

        await world.RunForAsync(TimeSpan.FromMinutes(3), Swarm.Calm, s_coarse);
        OnlyWhatIsWantedRuns(world);
    }

    private static void ReadyWithEverything(SimulatedWorld world, string name)
    {
        var service = world.Users.Find(name);
        Assert.NotNull(service);
        var status = service.Read("status", KindsJson.Default.ServiceStatus)!;
        var ready = status.Conditions.Find(condition => condition.Type == "Ready");
        Assert.True(
            ready?.Status == "True" && status.ObservedGeneration == service.Metadata.Generation,
            $"{name} is not ready: {ready?.Reason} {ready?.Message}; {Plans(world, name)}; log: {string.Join(" | ", world.Plane.Log.Lines.TakeLast(3))}");
        Assert.Equal(status.LatestCreatedRevisionName, status.LatestReadyRevisionName);
        Assert.Equal(100, Assert.Single(status.Traffic!).Percent);
    }

    private static void OnlyWhatIsWantedRuns(SimulatedWorld world)
    {
        var live = world.Driver.List().Where(state => state.Phase != InstancePhase.Exited).ToList();
        foreach (var plan in world.Plane.Plans.All)
        {
            var wanted = plan is { Reachable: true, Blocked: null } ? plan.Scaling.Min : 0;
            var status = world.Plane.Fleet.Find(plan.Revision)!;
            var instances = live.Where(state => state.Spec.OwnerUid == plan.Uid).ToList();
            Assert.True(
                instances.Count == wanted && status.Desired == wanted,
                $"{plan.Revision}: {wanted} wanted, {status}, {string.Join(", ", instances.Select(state => $"{state.Id} {state.Phase}"))}");
        }

        var known = world.Plane.Plans.All.Select(plan => plan.Uid).ToHashSet();
        Assert.DoesNotContain(live, state => !known.Contains(state.Spec.OwnerUid));
    }

    private static string Plans(SimulatedWorld world, string name) => string.Join(", ", world.Plane.Plans.All
        .Where(plan => plan.Revision.Name.StartsWith(name, StringComparison.Ordinal))
        .Select(plan => $"{plan.Revision.Name} {world.Plane.Fleet.Find(plan.Revision)}"));
}
