using Slipway.Telemetry.Tests.PromQl;

namespace Slipway.Telemetry.Tests.Prometheus;

/// <summary>The client everybody has gets along with the door.</summary>
public sealed class PromtoolTests
{
    [Fact]
    public async Task Promtool_asks_for_moments_ranges_series_and_labels()
    {
        var promtool = PrometheusPeer.Find("promtool");
        Assert.SkipWhen(promtool is null, "promtool is not installed (apt-get install prometheus)");
        await using var door = await PrometheusDoor.OpenAsync(PeerData.Make());
        var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30)).Token;
        async Task<string> QueryAsync(params string[] arguments)
        {
            var (code, output) = await PrometheusPeer.RunAsync(promtool!, ["query", .. arguments], limit);
            Assert.True(code == 0, output);
            return output;
        }

        var moment = await QueryAsync("instant", "--time=1700010000", door.Address, "sum(temperature{zone=\"east\"}) * 0 + 7");
        var range = await QueryAsync("range", "--start=1700010000", "--end=1700010060", "--step=30s", door.Address, "vector(3)");
        var series = await QueryAsync("series", "--match=level", "--start=1700006400", "--end=1700017200", door.Address);
        var labels = await QueryAsync("labels", "--start=1700006400", "--end=1700017200", door.Address, "zone");
        var (refused, problem) = await PrometheusPeer.RunAsync(promtool!, ["query", "instant", door.Address, "sum("], limit);

        Assert.Equal("{} => 7 @[1700010000]\n", moment);
        Assert.Equal("{} =>\n3 @[1700010000]\n3 @[1700010030]\n3 @[1700010060]\n", range);
        Assert.Equal(3, series.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Equal("east\nnorth\nsouth\nwest\n", labels);
        Assert.NotEqual(0, refused);
        Assert.Contains("bad_data", problem, StringComparison.Ordinal);
    }
}
