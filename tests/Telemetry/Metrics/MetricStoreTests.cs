using Slipway.Telemetry.Labels;
using Slipway.Telemetry.Metrics;

namespace Slipway.Telemetry.Tests.Metrics;

public sealed class MetricStoreTests
{
    private static readonly LabelSet s_up = TestStore.Series("up", ("job", "shop"));

    [Fact]
    public async Task What_was_appended_is_read_back()
    {
        await using var store = await TestStore.OpenAsync();
        Assert.Equal(new AppendCounts(1, 0, 0, 0), store.Append(s_up, store.Now, 1));
        Assert.Equal(new AppendCounts(1, 0, 0, 0), store.Append(s_up, store.Now + 1000, Sample.Stale));
        var series = Assert.Single(store.Select("up"));
        Assert.Equal(s_up, series.Labels);
        Assert.Equal([store.Now, store.Now + 1000], series.Samples.ToArray().Select(sample => sample.At));
        Assert.True(series.Samples.Span[1].IsStale);
    }

    [Fact]
    public async Task Both_ends_of_a_range_belong_to_it()
    {
        await using var store = await TestStore.OpenAsync();
        var start = store.Now;
        store.Append(s_up, [new(start - 3000, 1), new(start - 2000, 2), new(start - 1000, 3), new(start, 4)]);
        foreach (var cut in new[] { false, true })
        {
            if (cut)
            {
                store.Cut();
            }

            Assert.Equal([2.0, 3.0], store.Samples(s_up, start - 2000, start - 1000).Select(sample => sample.Value));
            Assert.Empty(store.Select("up", start + 1, start + 2));
        }
    }

    [Fact]
    public async Task Samples_survive_cuts_merges_and_restarts_whatever_their_boundaries()
    {
        for (var seed = 1; seed <= 3; seed++)
        {
            var dice = new Random(seed);
            await using var store = await TestStore.OpenAsync(options => options with { MergedLength = TimeSpan.FromHours(2) });
            var expected = new Dictionary<LabelSet, List<Sample>>();
            for (var step = 0; step < 40; step++)
            {
                store.Time.Advance(TimeSpan.FromMinutes(dice.Next(1, 30)));
                for (var i = 0; i < dice.Next(1, 6); i++)
                {
                    var series = TestStore.Series("m" + dice.Next(3), ("instance", dice.Next(4).ToString(System.Globalization.CultureInfo.InvariantCulture)));
                    var known = expected.TryGetValue(series, out var list) ? list : expected[series] = [];
                    var at = Math.Max(known.Count == 0 ? 0 : known[^1].At + 1, store.Now - 400_000);
                    var samples = Enumerable.Range(0, dice.Next(1, 300)).Select(n => new Sample(at + (n * 1000), dice.Next(50) == 0 ? Sample.Stale : dice.Next(1000) / 8.0)).ToArray();
                    known.AddRange(samples);
                    Assert.Equal(samples.Length, store.Append(series, samples).Stored);
                }

                switch (dice.Next(6))
                {
                    case 0:
                        store.Cut();
                        break;
                    case 1:
                        store.Store.Upkeep.Merge(CancellationToken.None);
                        break;
                    case 2:
                        await store.RestartAsync();
                        break;
                    case 3:
                        Assert.True(store.Store.Upkeep.Secure());
                        break;
                }
            }

            foreach (var (series, samples) in expected)
            {
                Assert.True(ChunkTests.Same(samples.ToArray(), store.Samples(series)), $"seed {seed}: {series}");
                var (from, to) = (samples[samples.Count / 3].At, samples[samples.Count / 2].At);
                Assert.True(ChunkTests.Same(samples.Where(sample => sample.At >= from && sample.At <= to).ToArray(), store.Samples(series, from, to)));
            }

            Assert.Equal(expected.Count, store.Select("m0").Count + store.Select("m1").Count + store.Select("m2").Count);
        }
    }

    [Fact]
    public async Task A_sample_not_later_than_the_last_is_counted_and_left_out()
    {
        await using var store = await TestStore.OpenAsync();
        store.Append(s_up, store.Now, 1);
        Assert.Equal(new AppendCounts(0, 1, 0, 0), store.Append(s_up, store.Now, 2));
        Assert.Equal(new AppendCounts(0, 1, 0, 0), store.Append(s_up, store.Now - 1, 2));
        Assert.Equal(1, Assert.Single(store.Samples(s_up)).Value);
        Assert.Equal(2, store.Store.OutOfOrderSamples);
    }

    [Fact]
    public async Task Samples_far_from_now_are_out_of_bounds()
    {
        await using var store = await TestStore.OpenAsync();
        Assert.Equal(1, store.Append(s_up, store.Now + 700_000, 1).OutOfOrder);
        Assert.Equal(1, store.Append(s_up, store.Now - (16L * 86_400_000), 1).OutOfOrder);
        Assert.Equal(1, store.Append(s_up, long.MinValue, 1).OutOfOrder);
        Assert.Equal(1, store.Append(s_up, long.MaxValue, 1).OutOfOrder);
        Assert.Equal(4, store.Store.OutOfBoundsSamples);
    }

    [Fact]
    public async Task After_the_clock_was_set_back_far_a_series_goes_on_and_nothing_is_lost()
    {
        await using var store = await TestStore.OpenAsync();
        var right = store.Now;
        store.Append(s_up, right, 1);
        store.Time.Advance(TimeSpan.FromDays(30));
        store.Append(s_up, store.Now, 2);
        store.Store.Upkeep.Secure();
        await using var back = await store.AfterCrashAsync(clock: new ManualTime());
        Assert.Equal(new AppendCounts(1, 0, 0, 0), back.Append(s_up, right + 15_000, 3));
        Assert.Equal([1.0, 3.0, 2.0], back.Samples(s_up).Select(sample => sample.Value));
        back.Cut();
        Assert.Equal([1.0, 3.0, 2.0], back.Samples(s_up).Select(sample => sample.Value));
        await back.RestartAsync();
        Assert.Equal([1.0, 3.0, 2.0], back.Samples(s_up).Select(sample => sample.Value));
    }

    [Fact]
    public async Task More_series_than_allowed_are_refused_in_all_and_per_source()
    {
        await using var store = await TestStore.OpenAsync(options => options with { SeriesMax = 3, SeriesPerSourceMax = 2 });
        for (var i = 0; i < 4; i++)
        {
            store.Append(s_up.With("instance", $"{i}"), store.Now, 1, "default/shop");
        }

        Assert.Equal(2, store.Store.SeriesCount);
        Assert.Equal(1, store.Append(s_up.With("instance", "a"), store.Now, 1, "default/cart").Stored);
        Assert.Equal(1, store.Append(s_up.With("instance", "b"), store.Now, 1, "default/cart").Refused);
        Assert.Equal(1, store.Append(s_up.With("instance", "0"), store.Now + 1, 1).Stored);
        Assert.Equal(3, store.Store.RefusedSamples);
        Assert.Equal(2, store.Store.RefusedSamplesBySource);
        Assert.Equal(["default/shop", "default/cart"], store.Store.Status(10).SeriesBySource.Select(source => source.Name));
    }

    [Fact]
    public async Task Series_that_have_ended_make_room_for_others()
    {
        await using var store = await TestStore.OpenAsync(options => options with { SeriesMax = 1 });
        store.Append(s_up.With("instance", "old"), store.Now, 1);
        Assert.Equal(1, store.Append(s_up.With("instance", "new"), store.Now, 1).Refused);
        store.Cut();
        store.Time.Advance(TimeSpan.FromMinutes(20));
        store.Cut();
        Assert.Equal(0, store.Store.SeriesCount);
        Assert.Equal(1, store.Append(s_up.With("instance", "new"), store.Now, 1).Stored);
        Assert.Equal(2, store.Select("up").Count);
    }

    [Fact]
    public async Task A_series_with_more_labels_than_sense_is_refused()
    {
        await using var store = await TestStore.OpenAsync();
        var many = LabelSet.From(Enumerable.Range(0, 70).Select(i => KeyValuePair.Create($"l{i}", "v")));
        Assert.Equal(1, store.Append(many, store.Now, 1).Refused);
        Assert.Equal(1, store.Append(s_up.With("long", new string('x', 20_000)), store.Now, 1).Refused);
        Assert.Equal(1, store.Append(LabelSet.Empty, store.Now, 1).Refused);
    }

    [Fact]
    public async Task Memory_that_is_nearly_full_makes_a_block_early()
    {
        await using var store = await TestStore.OpenAsync(options => options with { MemoryBytes = 1 << 20 });
        var dice = new Random(1);
        var appended = 0;
        for (var round = 0; round < 60; round++)
        {
            for (var i = 0; i < 100; i++)
            {
                store.Append(s_up.With("instance", $"{i}"), Enumerable.Range(0, 20).Select(n => new Sample(store.Now + n, dice.NextDouble())).ToArray());
            }

            appended += 2000;
            store.Time.Advance(TimeSpan.FromSeconds(1));
            Assert.True(store.Store.Upkeep.Maintain(CancellationToken.None));
            Assert.True(store.Store.MemoryBytes < 1 << 20);
        }

        Assert.InRange(store.Store.BlocksWritten, 1, 30);
        Assert.Equal(0, store.Store.DroppedSamples);
        Assert.Equal(appended, store.Select("up").Sum(series => series.Samples.Length));
    }

    [Fact]
    public async Task A_block_is_made_when_two_hours_of_the_clock_are_over()
    {
        await using var store = await TestStore.OpenAsync();
        store.Append(s_up, store.Now, 1);
        Assert.True(store.Store.Upkeep.Secure());
        store.Time.Advance(TimeSpan.FromMinutes(119));
        store.Store.Upkeep.Maintain(CancellationToken.None);
        Assert.Equal(0, store.Store.BlockCount);
        store.Time.Advance(TimeSpan.FromMinutes(1));
        store.Store.Upkeep.Maintain(CancellationToken.None);
        Assert.Equal(1, store.Store.BlockCount);
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(store.Folder, "wal")));
    }

    [Fact]
    public async Task A_question_that_would_read_too_much_is_told_so()
    {
        await using var store = await TestStore.OpenAsync();
        store.Append(s_up, Enumerable.Range(0, 200).Select(n => new Sample(store.Now + n, n)).ToArray());
        foreach (var cut in new[] { false, true })
        {
            if (cut)
            {
                store.Cut();
            }

            Assert.Throws<ReadLimitException>(() => store.Store.Select([new(LabelSet.MetricName, MatchKind.Equal, "up")], 0, store.Now + 1000, 199, CancellationToken.None));
            Assert.Single(store.Store.Select([new(LabelSet.MetricName, MatchKind.Equal, "up")], 0, store.Now + 1000, 200, CancellationToken.None));
        }
    }

    [Fact]
    public async Task A_selector_of_everything_is_a_mistake()
    {
        await using var store = await TestStore.OpenAsync();
        Assert.Throws<ArgumentException>(() => store.Store.Select([new("a", MatchKind.Matches, ".*")], 0, 1, 1, CancellationToken.None));
        Assert.Throws<ArgumentException>(() => store.Store.Series([], 0, 1));
    }

    [Fact]
    public async Task The_store_runs_by_itself()
    {
        await using var store = await TestStore.OpenAsync();
        using var stop = new CancellationTokenSource();
        var running = store.Store.RunAsync(stop.Token);
        store.Append(s_up, store.Now, 1);
        var journal = Path.Combine(store.Folder, "wal");
        var limit = Task.Delay(TimeSpan.FromSeconds(30), TimeProvider.System, CancellationToken.None);
        while (!Directory.Exists(journal) || !Directory.EnumerateFiles(journal).Any(file => new FileInfo(file).Length > 0))
        {
            Assert.False(limit.IsCompleted);
            store.Time.Advance(TimeSpan.FromMilliseconds(500));
            await Task.Yield();
        }

        await stop.CancelAsync();
        await running;
    }
}
