namespace Slipway.Runtime.Tests.Process;

/// <summary>What the kernel is told about the CPU of a starting instance.</summary>
public sealed class BoostTests : IAsyncDisposable
{
    private readonly ProcessWorld _world = new();

    [Fact]
    public async Task The_quota_is_raised_from_the_start_and_lowered_when_told()
    {
        var groups = _world.Driver.Machine.Groups;
        Assert.SkipUnless(groups is { Location.Version: 1, LimitsCpu: true }, "The cpu controller of control groups version 1 is not writable here.");
        var quota = Path.Combine(groups.Location.Folders["cpu"], "a", "cpu.cfs_quota_us");

        await _world.StartAsync(_world.Shell("a", "sleep 1000") with { CpuLimit = 0.5, CpuBoostLimit = 2 });
        Assert.Equal("200000", File.ReadAllText(quota).Trim());

        Assert.True(await _world.Driver.EndCpuBoostAsync("a", default));
        Assert.Equal("50000", File.ReadAllText(quota).Trim());
    }

    [Fact]
    public async Task A_boost_that_outlived_its_platform_is_ended_by_the_next_one()
    {
        var groups = _world.Driver.Machine.Groups;
        Assert.SkipUnless(groups is { Location.Version: 1, LimitsCpu: true }, "The cpu controller of control groups version 1 is not writable here.");
        var quota = Path.Combine(groups.Location.Folders["cpu"], "a", "cpu.cfs_quota_us");
        await _world.StartAsync(_world.Shell("a", "sleep 1000") with { CpuLimit = 1, CpuBoostLimit = 2 });

        var adopted = Assert.Single(await _world.RestartAsync());

        Assert.Equal((1.0, 2.0), (adopted.Spec.CpuLimit, adopted.Spec.CpuBoostLimit));
        Assert.Equal("200000", File.ReadAllText(quota).Trim());
        Assert.True(await _world.Driver.EndCpuBoostAsync("a", default));
        Assert.Equal("100000", File.ReadAllText(quota).Trim());
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();
}
