using Slipway.Runtime.Instances;
using Slipway.Simulation.Tests.World;

namespace Slipway.Simulation.Tests;

/// <summary>A simulation that finds nothing must at least have looked.</summary>
public sealed class WorldTests
{
    [Fact]
    public async Task The_same_seed_tells_the_same_story()
    {
        var first = await StoryOf(7);
        var second = await StoryOf(7);
        Assert.Equal(first, second);
    }

    [Fact]
    public async Task Worlds_see_starts_freezes_crashes_restarts_and_requests()
    {
        int starts = 0, served = 0, frozen = 0, crashed = 0;
        for (var seed = 1; seed <= 4; seed++)
        {
            await using var world = SimulatedWorld.FromSeed(seed);
            world.Driver.Changed += state =>
            {
                frozen += state.Phase == InstancePhase.Frozen ? 1 : 0;
                crashed += state is { Phase: InstancePhase.Exited, ExitReason: "Error" } ? 1 : 0;
            };
            await world.Users.DeployGoodAsync();
            await world.RunForAsync(TimeSpan.FromMinutes(4), world.Weather, TimeSpan.FromMilliseconds(200));
            starts += world.StartedIds.Count;
            served += world.RequestsServed + world.Plane.Traffic.Served;
        }

        Assert.True(starts > 20 && served > 1000 && frozen > 2 && crashed > 2, $"{starts} starts, {served} served, {frozen} frozen, {crashed} crashed");
    }

    private static async Task<string> StoryOf(int seed)
    {
        await using var world = SimulatedWorld.FromSeed(seed);
        var story = new List<string>();
        world.Driver.Changed += state => story.Add($"{world.Time.GetUtcNow():mm:ss.fff} {state.Id} {state.Phase}");
        await world.Users.DeployGoodAsync();
        await world.RunForAsync(TimeSpan.FromMinutes(3), world.Weather, TimeSpan.FromMilliseconds(200));
        return string.Join('\n', story);
    }
}
