using System.Net;
using System.Net.Sockets;
using Slipway.EndToEnd.Tests.Harness;

namespace Slipway.EndToEnd.Tests.Scenes;

/// <summary>What can be wrong before anything runs: each has one line that names the setting and the fix.</summary>
public sealed class StartScenes
{
    [Fact]
    public async Task A_taken_port_is_named_with_its_setting()
    {
        await using var cloud = Cloud.Prepare();
        using var taken = new TcpListener(IPAddress.Any, cloud.GatewayPort);
        taken.Start();

        var refused = (await cloud.SlipwayAsync("up", "-d")).FailedWith(1);

        Assert.Contains($"{cloud.GatewayPort}", refused.Error, StringComparison.Ordinal);
        Assert.Contains("SLIPWAY_GATEWAY_PORT", refused.Error, StringComparison.Ordinal);
        // What it says last is said before it ends.
        await Eventually.TrueAsync(() => cloud.Processes().Count == 0, "no process is left");
    }

    [Fact]
    public async Task Two_settings_with_the_same_port_are_refused_together_with_every_other_problem()
    {
        await using var cloud = Cloud.Prepare(new Dictionary<string, string> { ["SLIPWAY_API_PORT"] = "5000", ["SLIPWAY_REGISTRY_PORT"] = "5000", ["SLIPWAY_FREEZE_AFTER_SECONDS"] = "soon" });

        var refused = (await cloud.SlipwayAsync("up", "-d")).FailedWith(1);

        Assert.Contains("SLIPWAY_API_PORT and SLIPWAY_REGISTRY_PORT are both 5000", refused.Error, StringComparison.Ordinal);
        Assert.Contains("SLIPWAY_FREEZE_AFTER_SECONDS", refused.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("postgres://slipway:secret@127.0.0.1:1/slipway", "127.0.0.1:1")]
    [InlineData("not a url", "SLIPWAY_DATABASE")]
    public async Task A_database_that_cannot_be_used_is_told_without_its_password(string url, string named)
    {
        await using var cloud = Cloud.Prepare(new Dictionary<string, string> { ["SLIPWAY_DATABASE"] = url });

        var refused = (await cloud.SlipwayAsync("up", "-d")).FailedWith(1);

        Assert.Contains(named, refused.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_server_in_the_same_folder_is_refused()
    {
        await using var cloud = await Cloud.StartAsync();

        var again = (await cloud.SlipwayAsync("up", "-d")).Succeeded();

        Assert.Contains("running already", again.Output, StringComparison.Ordinal);
        var second = await Command.RunAsync(Path.Combine(Path.GetDirectoryName(Checkout.Slipway)!, "slipwayd"), [], cloud.Settings);
        second.FailedWith(78);
    }

    [Fact]
    public async Task A_command_without_a_running_slipway_says_how_to_start_it()
    {
        await using var cloud = Cloud.Prepare();

        var refused = (await cloud.SlipwayAsync("get", "services")).FailedWith(3);

        Assert.Contains("slipway up", refused.Error, StringComparison.Ordinal);
    }
}
