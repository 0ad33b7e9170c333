using Slipway.Telemetry.Labels;

namespace Slipway.Telemetry.Tests.Logs;

public sealed class LogRetentionTests
{
    private const string All = """{namespace="shop"}""";
    private const long Day = 86_400_000_000_000;

    [Fact]
    public async Task Lines_older_than_they_are_kept_go_with_their_segment()
    {
        await using var scene = await LogScene.OpenAsync(options => options with { SegmentAge = TimeSpan.FromMinutes(1) });
        for (var day = 0; day < 20; day++)
        {
            scene.Append(LogScene.Orders, $"day {day:00}", scene.Now);
            await scene.SealAsync();
            scene.Time.Advance(TimeSpan.FromDays(1));
        }

        await scene.SettleAsync();
        var days = scene.Lines(All);
        Assert.Equal("day 19", days[^1]);
        Assert.InRange(days.Count, 15, 17);
        Assert.True(scene.Store.DeletedSegments >= 3);
    }

    [Fact]
    public async Task A_clock_that_jumps_ahead_deletes_nothing()
    {
        await using var scene = await LogScene.OpenAsync(options => options with { SegmentAge = TimeSpan.FromMinutes(1) });
        for (var number = 0; number < 3; number++)
        {
            scene.Append(LogScene.Orders, $"line {number}", scene.Now);
            await scene.SealAsync();
        }

        scene.Time.Advance(TimeSpan.FromDays(1_000));
        await scene.SettleAsync();
        Assert.Equal(["line 0", "line 1", "line 2"], scene.Lines(All));
    }

    [Fact]
    public async Task A_line_from_the_future_does_not_drive_out_the_present()
    {
        await using var scene = await LogScene.OpenAsync(options => options with { SegmentAge = TimeSpan.FromMinutes(1) });
        scene.Append(LogScene.Orders, "now", scene.Now);
        await scene.SealAsync();
        scene.Append(LogScene.Orders, "in ten years", scene.Now + (3_650 * Day));
        await scene.SealAsync();
        await scene.SealAsync();
        Assert.Equal(["now", "in ten years"], scene.Lines(All));
    }

    [Fact]
    public async Task When_the_disk_space_is_used_up_the_oldest_segment_goes()
    {
        await using var scene = await LogScene.OpenAsync(options => options with { SegmentBytes = 20_000, DiskBytesMax = 100_000, BlockBytes = 10_000 });
        var random = new Random(5);
        for (var number = 0; number < 40; number++)
        {
            var noise = new byte[5_000];
            random.NextBytes(noise);
            scene.Append(LabelSet.Of(("namespace", "shop"), ("round", $"{number}")), $"{number:00} {Convert.ToHexString(noise)}", scene.Now);
            await scene.SealAsync();
        }

        Assert.InRange(scene.Store.DiskBytes, 50_000, 130_000);
        var lines = scene.Lines(All);
        Assert.StartsWith("39 ", lines[^1], StringComparison.Ordinal);
        Assert.InRange(lines.Count, 5, 25);
        Assert.Equal(lines.Count, lines.Select(line => line[..2]).Distinct().Count());
    }
}
