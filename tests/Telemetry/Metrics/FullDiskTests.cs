using Slipway.Telemetry.Labels;
using Slipway.Telemetry.Metrics;

namespace Slipway.Telemetry.Tests.Metrics;

public sealed class FullDiskTests
{
    private static readonly LabelSet s_up = TestStore.Series("up", ("job", "shop"));

    [Fact]
    public async Task While_the_disk_is_full_samples_are_kept_in_memory_and_written_down_later()
    {
        await using var store = await TestStore.OpenAsync();
        store.Append(s_up, store.Now, 1);
        Assert.True(store.Store.Upkeep.Secure());
        store.Disk.Full = true;
        store.Append(s_up, store.Now + 1, 2);
        Assert.False(store.Store.Upkeep.Secure());
        store.Append(s_up, store.Now + 2, 3);
        Assert.False(store.Store.Upkeep.Secure());
        Assert.Equal(3, store.Samples(s_up).Length);
        await using (var crashed = await store.AfterCrashAsync())
        {
            Assert.Equal([1.0], crashed.Samples(s_up).Select(sample => sample.Value).Take(1));
        }

        store.Disk.Full = false;
        Assert.True(store.Store.Upkeep.Secure());
        await using var after = await store.AfterCrashAsync();
        Assert.Equal([1.0, 2.0, 3.0], after.Samples(s_up).Select(sample => sample.Value));
        Assert.Equal(2, store.Store.WriteFailures);
    }

    [Fact]
    public async Task A_block_that_could_not_be_written_is_written_later()
    {
        await using var store = await TestStore.OpenAsync();
        store.Append(s_up, store.Now, 1);
        store.Time.Advance(TimeSpan.FromHours(2));
        store.Disk.Full = true;
        Assert.False(store.Store.Upkeep.Maintain(CancellationToken.None));
        store.Append(s_up, store.Now, 2);
        Assert.False(store.Store.Upkeep.Maintain(CancellationToken.None));
        Assert.Equal([1.0, 2.0], store.Samples(s_up).Select(sample => sample.Value));
        Assert.Equal(0, store.Store.BlockCount);
        store.Disk.Full = false;
        Assert.True(store.Store.Upkeep.Maintain(CancellationToken.None));
        Assert.Equal(1, store.Store.BlockCount);
        Assert.Equal([1.0, 2.0], store.Samples(s_up).Select(sample => sample.Value));
        store.Store.Upkeep.Secure();
        await using var after = await store.AfterCrashAsync();
        Assert.Equal([1.0, 2.0], after.Samples(s_up).Select(sample => sample.Value));
    }

    [Fact]
    public async Task When_disk_and_memory_are_full_samples_are_dropped_and_counted_until_there_is_room()
    {
        await using var store = await TestStore.OpenAsync(options => options with { MemoryBytes = 1 << 20 });
        store.Disk.Full = true;
        var dice = new Random(1);
        var at = store.Now;
        long dropped = 0;
        for (var i = 0; i < 400 && dropped == 0; i++)
        {
            dropped += store.Append(s_up, Enumerable.Range(0, 1_000).Select(_ => new Sample(at++, dice.NextDouble())).ToArray()).Dropped;
        }

        Assert.InRange(dropped, 1, 1_000);
        Assert.True(store.Store.MemoryBytes < (1 << 20) + 4096);
        Assert.False(store.Store.Upkeep.Maintain(CancellationToken.None));
        store.Disk.Full = false;
        Assert.True(store.Store.Upkeep.Maintain(CancellationToken.None));
        Assert.Equal(1, store.Append(s_up, at, 1).Stored);
        Assert.Equal(dropped, store.Store.DroppedSamples);
    }

    [Fact]
    public async Task What_no_journal_took_is_brought_into_a_block_as_soon_as_the_disk_takes_one()
    {
        await using var store = await TestStore.OpenAsync(options => options with { JournalWaitingBytes = 64 << 10 });
        store.Disk.Full = true;
        var dice = new Random(1);
        var count = 0;
        while (store.Store.UnsecuredSamples == 0 && count < 5_000_000)
        {
            var samples = Enumerable.Range(0, 4_000).Select(n => new Sample(store.Now - 10_000_000 + count + n, dice.NextDouble())).ToArray();
            count += store.Append(s_up, samples).Stored;
        }

        Assert.InRange(store.Store.UnsecuredSamples, 1, count);
        Assert.False(store.Store.Upkeep.Secure());
        store.Disk.Full = false;
        Assert.True(store.Store.Upkeep.Maintain(CancellationToken.None));
        await using var after = await store.AfterCrashAsync();
        Assert.Equal(count, after.Samples(s_up).Length);
        store.Append(s_up, store.Now, 1);
        Assert.True(store.Store.Upkeep.Secure());
    }

    [Fact]
    public async Task A_folder_that_cannot_be_made_does_not_keep_the_store_from_starting()
    {
        var file = Path.GetTempFileName();
        try
        {
            await using var store = await TestStore.OpenAsync(options => options with { Folder = Path.Combine(file, "metrics") });
            Assert.Equal(1, store.Append(s_up, store.Now, 1).Stored);
            Assert.False(store.Store.Upkeep.Secure());
            store.Time.Advance(TimeSpan.FromHours(2));
            Assert.False(store.Store.Upkeep.Maintain(CancellationToken.None));
            Assert.Single(store.Samples(s_up));
            File.Delete(file);
            Assert.True(store.Store.Upkeep.Maintain(CancellationToken.None));
            Assert.Equal(1, store.Store.BlockCount);
            Directory.Delete(file, recursive: true);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
