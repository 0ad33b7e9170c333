using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Control.Instances;
using Slipway.Control.Tests.World;
using Slipway.Runtime.InMemory;
using Slipway.Runtime.Instances;

namespace Slipway.Control.Tests.Instances;

public sealed class CpuBoostsTests : IDisposable
{
    private readonly ManualTime _time = new();
    private readonly MemoryDriver _driver;

    public CpuBoostsTests() => _driver = new MemoryDriver(_time, _ => InstanceFate.Healthy with { ReadyAfter = TimeSpan.FromSeconds(3) });

    [Fact]
    public async Task The_boost_lasts_through_the_start_and_ten_seconds_more()
    {
        using var boosts = Follow();
        await StartAsync("a");

        _time.Advance(TimeSpan.FromSeconds(12.9));
        Assert.Equal(2, _driver.CpuLimitOf("a"));

        _time.Advance(TimeSpan.FromSeconds(0.2));
        Assert.Equal(0.5, _driver.CpuLimitOf("a"));
    }

    [Fact]
    public async Task Readiness_that_comes_and_goes_does_not_prolong_it()
    {
        using var boosts = Follow();
        await StartAsync("a");
        _time.Advance(TimeSpan.FromSeconds(8));
        _driver.SetReady("a", false);
        _time.Advance(TimeSpan.FromSeconds(3));
        _driver.SetReady("a", true);

        _time.Advance(TimeSpan.FromSeconds(2.1));

        Assert.Equal(0.5, _driver.CpuLimitOf("a"));
    }

    [Fact]
    public async Task One_that_began_before_anybody_listened_is_ended_too()
    {
        await StartAsync("ready");
        _time.Advance(TimeSpan.FromSeconds(5));
        await StartAsync("starting");

        using var boosts = Follow();
        _time.Advance(TimeSpan.FromSeconds(10.1));
        Assert.Equal((0.5, 2.0), (_driver.CpuLimitOf("ready"), _driver.CpuLimitOf("starting")));

        _time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(0.5, _driver.CpuLimitOf("starting"));
    }

    [Fact]
    public async Task One_that_ends_first_leaves_nothing_behind()
    {
        using var boosts = Follow();
        await StartAsync("a");
        _time.Advance(TimeSpan.FromSeconds(4));
        _driver.Crash("a");
        await _driver.ForgetAsync("a", default);

        await StartAsync("a");
        _time.Advance(TimeSpan.FromSeconds(12.9));
        Assert.Equal(2, _driver.CpuLimitOf("a"));
        _time.Advance(TimeSpan.FromSeconds(0.2));
        Assert.Equal(0.5, _driver.CpuLimitOf("a"));
    }

    public void Dispose() => _driver.Dispose();

    private CpuBoosts Follow() => new(_driver, _driver, _time, NullLogger<CpuBoosts>.Instance);

    private async Task StartAsync(string id)
    {
        var outcome = await _driver.StartAsync(
            new InstanceSpec
            {
                Id = id,
                Namespace = "demo",
                Owner = "web-00001",
                OwnerUid = "u",
                OwnerKind = "Revision",
                ContainerName = "user-container",
                Image = "registry.test/web@sha256:1",
                Runnable = new RunnableImage("/images/x", true, ["/app"], [], [], null, null),
                CpuLimit = 0.5,
                CpuBoostLimit = 2,
            },
            default);
        Assert.True(outcome.Succeeded, outcome.Failure?.ToString());
    }
}
