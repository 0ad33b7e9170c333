using Slipway.Runtime.Health;
using Slipway.Runtime.InMemory;
using Slipway.Runtime.Instances;

namespace Slipway.Runtime.Tests.InMemory;

public sealed class MemoryDriverTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public async Task An_instance_becomes_ready_when_its_fate_says()
    {
        using var driver = new MemoryDriver(_time, _ => new InstanceFate { ReadyAfter = TimeSpan.FromSeconds(3) });
        var heard = new List<HealthState>();
        driver.HealthChanged += heard.Add;
        await driver.StartAsync(Specs.Named("a"), default);

        _time.Advance(TimeSpan.FromSeconds(2.9));
        Assert.False(driver.Find("a")!.Ready);

        _time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.True(driver.Find("a")!.Ready);
        Assert.True(Assert.Single(heard).Started);
    }

    [Fact]
    public async Task A_frozen_instance_makes_no_progress()
    {
        using var driver = new MemoryDriver(_time, _ => new InstanceFate { ReadyAfter = TimeSpan.FromSeconds(3) });
        await driver.StartAsync(Specs.Named("a"), default);

        _time.Advance(TimeSpan.FromSeconds(1));
        await driver.FreezeAsync("a", default);
        _time.Advance(TimeSpan.FromHours(1));
        Assert.False(driver.Find("a")!.Ready);

        await driver.ThawAsync("a", default);
        _time.Advance(TimeSpan.FromSeconds(1.9));
        Assert.False(driver.Find("a")!.Ready);
        _time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.True(driver.Find("a")!.Ready);
    }

    [Fact]
    public async Task A_stop_during_the_start_never_reports_ready()
    {
        using var driver = new MemoryDriver(_time);
        var ready = false;
        driver.HealthChanged += health => ready |= health.Ready;
        await driver.StartAsync(Specs.Named("a"), default);

        var stop = driver.StopAsync("a", TimeSpan.FromSeconds(10), default);
        _time.Advance(TimeSpan.FromSeconds(1));

        await stop;
        Assert.False(ready);
        Assert.Null(driver.Find("a"));
    }

    [Fact]
    public async Task The_same_seed_tells_the_same_story()
    {
        Assert.Equal(await StoryAsync(7), await StoryAsync(7));
        Assert.NotEqual(await StoryAsync(7), await StoryAsync(8));
    }

    [Fact]
    public async Task Every_fault_shows_itself_when_it_must()
    {
        using var failing = MemoryDriver.WithFaults(_time, new FaultRates { StartFails = 1 }, new Random(1));
        Assert.Equal("spawn-failed", (await failing.StartAsync(Specs.Named("a"), default)).Failure!.Code);

        using var hungry = MemoryDriver.WithFaults(_time, new FaultRates { RunsOutOfMemory = 1 }, new Random(1));
        await hungry.StartAsync(Specs.Named("a"), default);
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal("OOMKilled", hungry.List().Single().ExitReason);

        using var mute = MemoryDriver.WithFaults(_time, new FaultRates { NeverReady = 1 }, new Random(1));
        await mute.StartAsync(Specs.Named("a"), default);
        _time.Advance(TimeSpan.FromHours(1));
        Assert.False(mute.Find("a")!.Ready);
    }

    private async Task<string> StoryAsync(int seed)
    {
        var story = new List<string>();
        var rates = new FaultRates { StartFails = 0.1, Crashes = 0.5, NeverReady = 0.2, IgnoresSigterm = 0.3 };
        using var driver = MemoryDriver.WithFaults(_time, rates, new Random(seed));
        var start = _time.GetUtcNow();
        driver.Changed += state => story.Add($"{_time.GetUtcNow() - start} {state.Id} {state.Phase} {state.ExitCode}");
        driver.HealthChanged += health => story.Add($"{_time.GetUtcNow() - start} {health.InstanceId} {health.Ready}");
        for (var i = 0; i < 20; i++)
        {
            await driver.StartAsync(Specs.Named($"i{i}"), default);
            _time.Advance(TimeSpan.FromSeconds(10));
        }

        return string.Join('\n', story);
    }
}
