using Slipway.Telemetry.Logs;

namespace Slipway.Telemetry.Tests.Logs;

public sealed class LogTailTests
{
    [Fact]
    public async Task Lines_come_as_they_are_taken_and_only_those_asked_for()
    {
        await using var scene = await LogScene.OpenAsync();
        scene.Append(LogScene.Orders, "before");
        using var tail = scene.Engine.Tail("""{service="orders"} |= "paid" """).Value;
        var reading = tail.ReadAsync(CancellationToken.None);
        Assert.False(reading.IsCompleted);
        scene.Append(LogScene.Cart, "paid elsewhere");
        scene.Append(LogScene.Orders, "order paid");
        var read = await reading.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(["order paid"], read!.Value.Lines.Select(line => line.Line));
    }

    [Fact]
    public async Task A_slow_reader_loses_the_oldest_lines_and_is_told_how_many()
    {
        await using var scene = await LogScene.OpenAsync(options => options with { TailLinesMax = 10 });
        using var tail = scene.Engine.Tail("""{service="orders"}""").Value;
        for (var number = 0; number < 25; number++)
        {
            scene.Append(LogScene.Orders, $"line {number}");
        }

        var read = await tail.ReadAsync(CancellationToken.None);
        Assert.Equal(15, read!.Value.Dropped);
        Assert.Equal(Enumerable.Range(15, 10).Select(number => $"line {number}"), read.Value.Lines.Select(line => line.Line));
        Assert.Equal(15, scene.Store.TailDroppedLines);
        Assert.Equal(25, scene.Lines("""{service="orders"}""").Count);
    }

    [Fact]
    public async Task There_are_only_so_many_readers_and_one_that_leaves_makes_room()
    {
        await using var scene = await LogScene.OpenAsync(options => options with { TailersMax = 1 });
        var first = scene.Engine.Tail("""{service="orders"}""").Value;
        Assert.Equal("too-many-tailers", scene.Engine.Tail("""{service="orders"}""").Failure?.Code);
        first.Dispose();
        using var second = scene.Engine.Tail("""{service="orders"}""").Value;
        Assert.Equal(1, scene.Store.Tailers);
    }

    [Fact]
    public async Task When_the_store_closes_its_readers_are_told()
    {
        var scene = await LogScene.OpenAsync();
        using var tail = scene.Engine.Tail("""{service="orders"}""").Value;
        var reading = tail.ReadAsync(CancellationToken.None);
        await scene.DisposeAsync();
        Assert.Null(await reading.WaitAsync(TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public async Task Many_who_append_and_ask_at_the_same_time_get_along()
    {
        await using var scene = await LogScene.OpenAsync(options => options with { BatchBytes = 4_000 });
        var writers = Enumerable.Range(0, 4).Select(writer => Task.Run(() =>
        {
            for (var number = 0; number < 500; number++)
            {
                scene.Append(writer % 2 == 0 ? LogScene.Orders : LogScene.Cart, $"writer {writer} line {number}", number + 1);
            }
        })).ToList();
        var all = Task.WhenAll(writers);
        do
        {
            await scene.SettleAsync();
            var lines = scene.Lines("""{namespace="shop"}""");
            Assert.Equal(lines.Count, lines.Distinct().Count());
        }
        while (!all.IsCompleted);
        await all;
        await scene.SettleAsync();
        Assert.Equal(2_000, scene.Lines("""{namespace="shop"}""").Count);
    }
}
