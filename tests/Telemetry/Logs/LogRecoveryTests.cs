using FsCheck;
using FsCheck.Fluent;
using Slipway.Telemetry.Logs;

namespace Slipway.Telemetry.Tests.Logs;

public sealed class LogRecoveryTests
{
    private const string All = """{namespace="shop"}""";

    [Fact]
    public async Task A_killed_process_loses_nothing_that_was_flushed()
    {
        await using var scene = await LogScene.OpenAsync(options => options with { BatchBytes = 200 });
        var lines = Enumerable.Range(0, 50).Select(number => $"line {number:00} of them").ToList();
        foreach (var line in lines)
        {
            scene.Append(LogScene.Orders, line, scene.Now + lines.IndexOf(line));
        }

        await scene.SettleAsync();
        await using var next = await scene.KilledAndOpenedAgainAsync();
        Assert.Equal(lines, scene.Lines(All, next));
    }

    [Fact]
    public async Task A_batch_whose_journal_outlived_it_is_not_there_twice()
    {
        await using var scene = await LogScene.OpenAsync();
        scene.Append(LogScene.Orders, "only once");
        await scene.SettleAsync();
        var journal = Assert.Single(Directory.GetFiles(scene.Options.Folder, "*.journal"));
        var kept = await File.ReadAllBytesAsync(journal);
        await scene.SealAsync();
        await using var next = await scene.KilledAndOpenedAgainAsync(folder => File.WriteAllBytes(Path.Combine(folder, Path.GetFileName(journal)), kept));
        Assert.Equal(["only once"], scene.Lines(All, next));
    }

    [Fact]
    public async Task A_batch_that_was_torn_while_it_became_a_segment_is_whole_again()
    {
        await using var scene = await LogScene.OpenAsync(options => options with { BlockBytes = 100 });
        var lines = Enumerable.Range(0, 30).Select(number => $"line {number:00} of the batch").ToList();
        for (var number = 0; number < lines.Count; number++)
        {
            scene.Append(number % 2 == 0 ? LogScene.Orders : LogScene.Cart, lines[number], number + 1);
        }

        await scene.SettleAsync();
        var journal = Assert.Single(Directory.GetFiles(scene.Options.Folder, "*.journal"));
        var kept = await File.ReadAllBytesAsync(journal);
        await scene.SealAsync();
        var length = new FileInfo(Assert.Single(Directory.GetFiles(scene.Options.Folder, "*.segment"))).Length;
        foreach (var cut in new[] { 0, 1, 50, length / 2, length - 1 })
        {
            await using var next = await scene.KilledAndOpenedAgainAsync(folder =>
            {
                File.WriteAllBytes(Path.Combine(folder, Path.GetFileName(journal)), kept);
                using var segment = new FileStream(Directory.GetFiles(folder, "*.segment").Single(), FileMode.Open);
                segment.SetLength(cut);
            });
            Assert.Equal(lines, scene.Lines(All, next));
            await next.SettleAsync(CancellationToken.None);
            Assert.Equal(lines, scene.Lines(All, next));
        }
    }

    [Fact]
    public async Task Wherever_a_journal_is_cut_all_whole_frames_before_are_there()
    {
        await using var scene = await LogScene.OpenAsync();
        var ends = new List<(long Length, int Lines)> { (0, 0) };
        for (var number = 0; number < 12; number++)
        {
            scene.Append(number % 3 == 0 ? LogScene.Cart : LogScene.Orders, $"line {number:00}", number + 1);
            await scene.SettleAsync();
            ends.Add((new FileInfo(Directory.GetFiles(scene.Options.Folder, "*.journal").Single()).Length, number + 1));
        }

        var total = ends[^1].Length;
        for (var cut = 0L; cut <= total; cut += 11)
        {
            await using var next = await scene.KilledAndOpenedAgainAsync(folder => Cut(folder, "*.journal", cut));
            var whole = ends.Last(end => end.Length <= cut).Lines;
            Assert.Equal(Enumerable.Range(0, whole).Select(number => $"line {number:00}"), scene.Lines(All, next));
            Assert.Equal(1, next.Append([new LogRecord(LogScene.Orders, 99, "goes on")]));
        }
    }

    [Fact]
    public async Task A_byte_that_changed_costs_its_block_and_no_other()
    {
        await using var scene = await LogScene.OpenAsync(options => options with { BlockBytes = 1_000 });
        for (var number = 0; number < 400; number++)
        {
            scene.Append(LogScene.Orders, $"line {number:000} with some text behind it", number + 1);
        }

        await scene.SealAsync();
        scene.Append(LogScene.Orders, "a later batch", 1_000);
        await scene.SealAsync();
        var whole = scene.Lines(All);
        var random = new Random(17);
        for (var round = 0; round < 20; round++)
        {
            await using var next = await scene.KilledAndOpenedAgainAsync(folder =>
            {
                var path = Directory.GetFiles(folder, "*.segment").Single();
                var bytes = File.ReadAllBytes(path);
                bytes[random.Next(bytes.Length)] ^= (byte)(1 + random.Next(255));
                File.WriteAllBytes(path, bytes);
            });
            var found = scene.Lines(All, next);
            Assert.True(found.Count < whole.Count || found.SequenceEqual(whole));
            Assert.Empty(found.Except(whole));
        }
    }

    [Fact]
    public void Whatever_is_appended_is_found_also_after_a_kill() => Prop.ForAll(
        ArbMap.Default.ArbFor<(byte Stream, short At, NonNull<string> Text)[]>(),
        Gen.Choose(0, 3).ToArbitrary(),
        (lines, mode) => FindsAllAsync(lines, mode).GetAwaiter().GetResult()).Check(Config.QuickThrowOnFailure.WithMaxTest(25).WithEndSize(40));

    private static async Task<bool> FindsAllAsync((byte Stream, short At, NonNull<string> Text)[] lines, int mode)
    {
        await using var scene = await LogScene.OpenAsync(options => options with { BatchBytes = 64, BlockBytes = 48 });
        var expected = new List<string>();
        foreach (var (stream, at, text) in lines)
        {
            scene.Append(stream % 2 == 0 ? LogScene.Orders : LogScene.Cart, text.Get, 100_000 + at);
            expected.Add(System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(text.Get)));
            if (mode == 1)
            {
                await scene.SettleAsync();
            }
        }

        if (mode >= 2)
        {
            await scene.SettleAsync();
        }

        await using var next = mode == 0 ? null : await scene.KilledAndOpenedAgainAsync();
        var found = scene.Lines(All, next ?? scene.Store);
        return found.Order(StringComparer.Ordinal).SequenceEqual(expected.Order(StringComparer.Ordinal));
    }

    private static void Cut(string folder, string pattern, long length)
    {
        using var file = new FileStream(Directory.GetFiles(folder, pattern).Single(), FileMode.Open);
        file.SetLength(length);
    }
}
