using Slipway.Telemetry.Metrics.Blocks;

namespace Slipway.Telemetry.Tests.Metrics;

public sealed class RetentionTests
{
    private const long Day = 86_400_000;

    [Fact]
    public void Blocks_beyond_their_age_go() =>
        Assert.Equal([(1, "for its age")], BlockRetention.Decide([new(1, 1 * Day, 10), new(2, 3 * Day, 10), new(3, 17 * Day, 10)], 17 * Day, 15 * Day, 0, 1000));

    [Fact]
    public void The_oldest_go_when_there_is_too_much_of_all() =>
        Assert.Equal(
            [(1, "for the room it took"), (2, "for the room it took")],
            BlockRetention.Decide([new(3, 4 * Day, 10), new(1, 1 * Day, 10), new(2, 3 * Day, 10)], 4 * Day, 15 * Day, 5, 15));

    [Fact]
    public void The_newest_block_stays_whatever_the_clock_and_the_room_say() => Property.Holds(300, dice =>
    {
        var blocks = Enumerable.Range(0, dice.Next(0, 20)).Select(n => new BlockWeight(n, dice.NextInt64(0, 100 * Day), dice.Next(1, 1000))).ToList();
        var now = dice.NextInt64(0, 10_000 * Day);
        var gone = BlockRetention.Decide(blocks, now, dice.NextInt64(1, 100 * Day), dice.Next(0, 3000), dice.Next(0, 3000)).Select(one => one.Number).ToHashSet();
        var left = blocks.Where(block => !gone.Contains(block.Number)).ToList();
        return blocks.Count == 0 || (left.Count > 0 && left.Max(block => block.Newest) == blocks.Max(block => block.Newest));
    });

    [Fact]
    public void A_clock_that_jumped_ahead_ages_nothing_by_itself() =>
        Assert.Empty(BlockRetention.Decide([new(1, 1 * Day, 10), new(2, 2 * Day, 10)], 4000 * Day, 15 * Day, 0, 1000));

    [Fact]
    public async Task A_block_that_is_removed_is_still_read_by_who_reads_it()
    {
        await using var store = await TestStore.OpenAsync(options => options with { Retention = TimeSpan.FromDays(1) });
        var up = TestStore.Series("up", ("job", "shop"));
        store.Append(up, store.Now, 1);
        store.Cut();
        store.Time.Advance(TimeSpan.FromDays(3));
        store.Append(up, store.Now, 2);
        store.Cut();
        Assert.Equal(2, store.Store.BlockCount);
        store.Store.Upkeep.Retain();
        Assert.Equal(1, store.Store.BlockCount);
        Assert.Equal(2, Assert.Single(store.Samples(up)).Value);
        Assert.Equal(1, store.Store.BlocksRemoved);
        Assert.Single(Directory.EnumerateDirectories(Path.Combine(store.Folder, "blocks")));
    }

    [Fact]
    public void Days_that_have_passed_are_merged_and_today_only_when_there_is_much_of_it()
    {
        Assert.Equal([0, 1], Merged(5, 6, 30));
        Assert.Empty(Merged(25, 26, 27));
        Assert.Equal(BlockMerging.UnmergedMax, Merged([.. Enumerable.Repeat(25, BlockMerging.UnmergedMax)]).Count);

        static List<int> Merged(params int[] lastHours) => BlockMerging.Choose([.. lastHours.Select(last => last * 3_600_000L)], Day);
    }
}
