using System.Globalization;
using Slipway.Telemetry.Labels;
using Slipway.Telemetry.Metrics;

namespace Slipway.Telemetry.Tests.Metrics;

public sealed class RecoveryTests
{
    private static readonly LabelSet s_up = TestStore.Series("up", ("job", "shop"));

    [Fact]
    public async Task A_journal_cut_at_any_byte_keeps_everything_before_the_last_flush()
    {
        await using var store = await TestStore.OpenAsync();
        var flushed = Fill(store, 0, 30);
        Assert.True(store.Store.Upkeep.Secure());
        var safe = JournalLength(store.Folder);
        Fill(store, 30, 40);
        Assert.True(store.Store.Upkeep.Secure());
        var whole = JournalLength(store.Folder);
        Assert.True(whole > safe);
        var dice = new Random(1);
        for (var length = safe; length <= whole; length += dice.Next(1, 12))
        {
            await using var after = await store.AfterCrashAsync(folder => Shorten(folder, length));
            foreach (var (series, samples) in flushed)
            {
                var found = after.Samples(series);
                Assert.True(found.Length >= samples.Count && ChunkTests.Same(found.AsSpan(0, samples.Count), samples.ToArray()), $"cut at {length}");
            }

            // What comes after the cut is written behind it and found by the next start.
            Assert.Equal(1, after.Append(s_up, after.Now + 500_000, 7).Stored);
            await after.RestartAsync();
            Assert.Equal(7, Assert.Single(after.Samples(s_up)).Value);
        }
    }

    [Fact]
    public async Task A_journal_with_any_byte_changed_is_read_up_to_there()
    {
        await using var store = await TestStore.OpenAsync();
        var samples = Fill(store, 0, 20);
        Assert.True(store.Store.Upkeep.Secure());
        var dice = new Random(2);
        for (var i = 0; i < 25; i++)
        {
            await using var after = await store.AfterCrashAsync(folder =>
            {
                var path = Journal(folder);
                var bytes = File.ReadAllBytes(path);
                bytes[dice.Next(bytes.Length)] ^= (byte)dice.Next(1, 256);
                File.WriteAllBytes(path, bytes);
            });
            foreach (var (series, all) in samples)
            {
                var found = after.Samples(series);
                Assert.True(ChunkTests.Same(found, all.ToArray().AsSpan(0, found.Length)));
            }
        }
    }

    [Fact]
    public async Task A_crash_between_a_block_and_the_end_of_its_journal_shows_no_sample_twice()
    {
        await using var store = await TestStore.OpenAsync();
        var samples = Fill(store, 0, 20);
        Assert.True(store.Store.Upkeep.Secure());
        var journal = Journal(store.Folder);
        var bytes = await File.ReadAllBytesAsync(journal, TestContext.Current.CancellationToken);
        store.Cut();
        await using var after = await store.AfterCrashAsync(folder =>
        {
            Directory.CreateDirectory(Path.Combine(folder, "wal"));
            File.WriteAllBytes(Path.Combine(folder, "wal", Path.GetFileName(journal)), bytes);
        });
        foreach (var (series, all) in samples)
        {
            Assert.True(ChunkTests.Same(all.ToArray(), after.Samples(series)));
        }
    }

    [Fact]
    public async Task A_crash_while_blocks_become_one_leaves_the_old_ones_or_the_new_one()
    {
        await using var store = await TestStore.OpenAsync(options => options with { MergedLength = TimeSpan.FromHours(2) });
        store.Append(s_up, store.Now, 1);
        store.Cut();
        store.Append(s_up, store.Now + 1, 2);
        store.Cut();
        await using var before = await store.AfterCrashAsync(folder => Directory.CreateDirectory(Path.Combine(folder, "blocks", "0000000009.pending")));
        Assert.Equal(2, before.Store.BlockCount);
        Assert.Empty(Directory.EnumerateDirectories(Path.Combine(before.Folder, "blocks"), "*.pending"));
        var old = Directory.EnumerateDirectories(Path.Combine(store.Folder, "blocks")).ToDictionary(path => Path.GetFileName(path), Copy);
        store.Time.Advance(TimeSpan.FromHours(4));
        store.Append(s_up, store.Now, 3);
        store.Cut();
        store.Store.Upkeep.Merge(CancellationToken.None);
        Assert.Equal(2, store.Store.BlockCount);
        await using var between = await store.AfterCrashAsync(folder =>
        {
            foreach (var (name, files) in old)
            {
                var block = Directory.CreateDirectory(Path.Combine(folder, "blocks", name)).FullName;
                files.ForEach(file => File.WriteAllBytes(Path.Combine(block, file.Name), file.Bytes));
            }
        });
        Assert.Equal(2, between.Store.BlockCount);
        Assert.Equal([1.0, 2.0, 3.0], between.Samples(s_up).Select(sample => sample.Value));

        static List<(string Name, byte[] Bytes)> Copy(string block) =>
            [.. Directory.EnumerateFiles(block).Select(file => (Path.GetFileName(file), File.ReadAllBytes(file)))];
    }

    [Fact]
    public async Task A_damaged_block_is_set_aside_and_the_others_are_read()
    {
        await using var store = await TestStore.OpenAsync();
        store.Append(s_up, store.Now, 1);
        store.Cut();
        store.Append(s_up, store.Now + 1, 2);
        store.Cut();
        await using var after = await store.AfterCrashAsync(folder =>
        {
            var index = Path.Combine(folder, "blocks", "0000000000", "index");
            var bytes = File.ReadAllBytes(index);
            bytes[bytes.Length / 2] ^= 1;
            File.WriteAllBytes(index, bytes);
        });
        Assert.Equal(2, Assert.Single(after.Samples(s_up)).Value);
        Assert.True(Directory.Exists(Path.Combine(after.Folder, "blocks", "0000000000.damaged")));
    }

    [Fact]
    public async Task Damaged_samples_are_counted_and_the_other_series_are_read()
    {
        await using var store = await TestStore.OpenAsync();
        store.Append(s_up, store.Now, 1);
        store.Append(s_up.With("job", "zoo"), store.Now, 2);
        store.Cut();
        await using var after = await store.AfterCrashAsync(folder =>
        {
            var path = Path.Combine(folder, "blocks", "0000000000", "samples");
            var bytes = File.ReadAllBytes(path);
            bytes[^1] ^= 1;
            File.WriteAllBytes(path, bytes);
        });
        Assert.Equal("shop", Assert.Single(after.Select("up")).Labels["job"]);
        Assert.Equal(1, after.Store.DamagedReads);
    }

    [Fact]
    public async Task Metadata_and_exemplars_are_read_back()
    {
        await using var store = await TestStore.OpenAsync();
        var metadata = new MetricMetadata("up", "gauge", "Whether it is there.", "");
        store.Store.Describe(metadata);
        store.Cut();
        var exemplar = new Exemplar(LabelSet.Of(("trace_id", "abc")), 0.5, store.Now);
        store.Store.Append("s", [new IncomingSample(s_up, store.Now, 1, exemplar)]);
        store.Store.Append("s", [new IncomingSample(s_up, store.Now + 1, 1, exemplar)]);
        Assert.True(store.Store.Upkeep.Secure());
        await using var after = await store.AfterCrashAsync();
        Assert.Equal(metadata, Assert.Single(after.Store.Metadata()));
        var found = Assert.Single(after.Store.Exemplars([new("job", MatchKind.Equal, "shop")], 0, after.Now));
        Assert.Equal(s_up, found.Labels);
        Assert.Equal(exemplar, Assert.Single(found.Exemplars));
        Assert.Empty(after.Store.Exemplars([new("job", MatchKind.Equal, "cart")], 0, after.Now));
    }

    private static Dictionary<LabelSet, List<Sample>> Fill(TestStore store, int start, int end)
    {
        var all = new Dictionary<LabelSet, List<Sample>>();
        for (var i = start; i < end; i++)
        {
            var series = TestStore.Series("m", ("instance", (i % 5).ToString(CultureInfo.InvariantCulture)), ("text", "ä\"\n"));
            var sample = new Sample(store.Now + (i * 1000), i % 3 == 0 ? i : i / 7.0);
            (all.TryGetValue(series, out var list) ? list : all[series] = []).Add(sample);
            Assert.Equal(1, store.Append(series, sample.At, sample.Value).Stored);
        }

        return all;
    }

    private static string Journal(string folder) => Assert.Single(Directory.EnumerateFiles(Path.Combine(folder, "wal")));

    private static long JournalLength(string folder) => new FileInfo(Journal(folder)).Length;

    private static void Shorten(string folder, long length)
    {
        using var file = File.OpenHandle(Journal(folder), FileMode.Open, FileAccess.Write);
        RandomAccess.SetLength(file, length);
    }
}
