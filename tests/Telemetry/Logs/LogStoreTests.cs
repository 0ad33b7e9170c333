using Slipway.Telemetry.Labels;
using Slipway.Telemetry.Logs;

namespace Slipway.Telemetry.Tests.Logs;

public sealed class LogStoreTests
{
    private const string All = """{namespace="shop"}""";

    [Fact]
    public async Task A_line_is_found_as_soon_as_it_is_taken()
    {
        await using var scene = await LogScene.OpenAsync();
        Assert.Equal(1, scene.Append(LogScene.Orders, "order 17 was paid"));
        Assert.Equal(["order 17 was paid"], scene.Lines(All));
    }

    [Fact]
    public async Task A_line_is_found_once_wherever_it_is_on_its_way_to_the_disk()
    {
        await using var scene = await LogScene.OpenAsync();
        scene.Append(LogScene.Orders, "first");
        await scene.SealAsync();
        scene.Append(LogScene.Cart, "second");
        await scene.SettleAsync();
        scene.Append(LogScene.Orders, "third", scene.Now + 1);
        Assert.Equal(["first", "second", "third"], scene.Lines(All));
    }

    [Fact]
    public async Task Lines_come_in_order_of_their_time_whatever_the_order_they_came_in()
    {
        await using var scene = await LogScene.OpenAsync();
        var start = scene.Now;
        foreach (var at in new[] { 5, 1, 4, 2, 3 })
        {
            scene.Append(at % 2 == 0 ? LogScene.Orders : LogScene.Cart, $"line {at}", start + at);
        }

        await scene.SealAsync();
        scene.Append(LogScene.Orders, "line 0", start);
        Assert.Equal(Enumerable.Range(0, 6).Select(at => $"line {at}"), scene.Lines(All));
        Assert.Equal(["line 5", "line 4"], scene.Lines(All, backward: true, limit: 2));
        Assert.Equal(["line 0", "line 1"], scene.Lines(All, limit: 2));
    }

    [Fact]
    public async Task Lines_of_the_same_moment_keep_the_order_they_came_in()
    {
        await using var scene = await LogScene.OpenAsync();
        var at = scene.Now;
        for (var number = 0; number < 40; number++)
        {
            scene.Append(LogScene.Orders, $"line {number:00}", at);
            if (number == 20)
            {
                await scene.SealAsync();
            }
        }

        Assert.Equal(Enumerable.Range(0, 40).Select(number => $"line {number:00}"), scene.Lines(All));
    }

    [Fact]
    public async Task A_line_of_a_mebibyte_is_kept_whole_and_a_longer_one_ends_early_and_says_so()
    {
        await using var scene = await LogScene.OpenAsync();
        var whole = new string('x', 1 << 20);
        scene.Append(LogScene.Orders, whole, 1);
        scene.Append(LogScene.Orders, "ä" + whole, 2);
        await scene.SealAsync();
        var lines = scene.Lines(All);
        Assert.Equal(whole, lines[0]);
        Assert.StartsWith("äxxx", lines[1], StringComparison.Ordinal);
        Assert.EndsWith(" of 1048578 bytes are missing]", lines[1], StringComparison.Ordinal);
        Assert.True(System.Text.Encoding.UTF8.GetByteCount(lines[1]) <= 1 << 20);
        Assert.Equal(1, scene.Store.CutLines);
    }

    [Fact]
    public async Task Beyond_the_bound_of_streams_lines_go_to_one_stream_and_are_counted()
    {
        await using var scene = await LogScene.OpenAsync(options => options with { ActiveStreamsMax = 10 });
        for (var number = 0; number < 25; number++)
        {
            scene.Append(LabelSet.Of(("namespace", "shop"), ("id", $"{number}")), $"line {number}", number + 1);
        }

        Assert.Equal(15, scene.Store.OverflowLines);
        Assert.Equal(10, scene.Lines(All).Count);
        Assert.Equal(15, scene.Lines("""{stream="overflow"}""").Count);
    }

    [Fact]
    public async Task Streams_that_are_not_used_any_more_make_room_for_new_ones()
    {
        await using var scene = await LogScene.OpenAsync(options => options with { ActiveStreamsMax = 1 });
        scene.Append(LogScene.Orders, "first");
        scene.Append(LogScene.Cart, "too many");
        scene.Time.Advance(TimeSpan.FromHours(2));
        scene.Append(LogScene.Cart, "second");
        Assert.Equal(1, scene.Store.OverflowLines);
        Assert.Equal(["second"], scene.Lines("""{service="cart"}"""));
    }

    [Fact]
    public async Task When_memory_is_full_lines_are_dropped_and_counted_and_nobody_waits()
    {
        await using var scene = await LogScene.OpenAsync(options => options with { MemoryBytesMax = 20_000 });
        var records = Enumerable.Range(0, 1_000).Select(number => new LogRecord(LogScene.Orders, number + 1, $"line number {number}")).ToArray();
        var taken = scene.Store.Append(records);
        Assert.InRange(taken, 100, 500);
        Assert.Equal(1_000 - taken, scene.Store.DroppedLines);
        await scene.SealAsync();
        Assert.Equal(0, scene.Store.MemoryBytes);
        Assert.Equal(1, scene.Append(LogScene.Orders, "there is room again"));
    }

    [Fact]
    public async Task Lines_without_text_fill_no_more_memory_than_others_and_give_it_back()
    {
        await using var scene = await LogScene.OpenAsync(options => options with { MemoryBytesMax = 100_000 });
        var empty = Enumerable.Range(0, 500).Select(number => new LogRecord(LogScene.Orders, number + 1, "")).ToArray();
        for (var round = 0; round < 20; round++)
        {
            Assert.Equal(500, scene.Store.Append(empty));
            await scene.SettleAsync();
            Assert.InRange(scene.Store.MemoryBytes, 0, 100_000);
        }

        Assert.Equal(0, scene.Store.DroppedLines);
    }

    [Fact]
    public async Task While_the_disk_is_full_lines_wait_and_are_written_when_there_is_room_again()
    {
        var full = false;
        await using var scene = await LogScene.OpenAsync(options => options with
        {
            Writing = _ => _ = full ? throw new IOException("No space left on device") : 0,
            MemoryBytesMax = 50_000,
        });
        scene.Append(LogScene.Orders, "before", 1);
        await scene.SettleAsync();
        full = true;
        scene.Append(LogScene.Orders, "meanwhile", 2);
        await scene.SealAsync();
        var flood = Enumerable.Range(0, 1_000).Select(number => new LogRecord(LogScene.Cart, number + 3, $"flood {number}")).ToArray();
        var taken = scene.Store.Append(flood);
        Assert.InRange(taken, 1, 999);
        Assert.Equal(1_000 - taken, scene.Store.DroppedLines);
        Assert.True(scene.Store.WriteFailures > 0);
        Assert.Equal(["before", "meanwhile"], scene.Lines("""{service="orders"}"""));

        full = false;
        await scene.SealAsync();
        Assert.Equal(0, scene.Store.MemoryBytes);
        Assert.Equal(["before", "meanwhile"], scene.Lines("""{service="orders"}"""));
        Assert.Equal(taken, scene.Lines("""{service="cart"}""").Count);
    }

    [Fact]
    public async Task It_runs_by_itself_until_it_is_told_to_stop()
    {
        await using var scene = await LogScene.OpenAsync();
        using var stop = new CancellationTokenSource();
        var running = scene.Store.RunAsync(stop.Token);
        scene.Append(LogScene.Orders, "a line");
        scene.Time.Advance(TimeSpan.FromSeconds(1));
        await Until.TrueAsync(() => Directory.GetFiles(scene.Options.Folder, "*.journal").Any(file => new FileInfo(file).Length > 0));
        await stop.CancelAsync();
        await running;
    }

    [Fact]
    public async Task A_folder_belongs_to_one_store_at_a_time()
    {
        await using var scene = await LogScene.OpenAsync();
        await Assert.ThrowsAnyAsync<IOException>(() => LogScene.OpenAsync(scene.Options, scene.Time));
    }
}
