using System.Globalization;
using Slipway.Telemetry.Labels;
using Slipway.Telemetry.Metrics;

namespace Slipway.Telemetry.Tests.Metrics;

public sealed class SelectionTests
{
    [Fact]
    public async Task Matchers_find_the_same_series_in_memory_and_in_a_block()
    {
        await using var store = await TestStore.OpenAsync();
        var dice = new Random(3);
        var all = new HashSet<LabelSet>();
        for (var i = 0; i < 200; i++)
        {
            var series = LabelSet.Of((LabelSet.MetricName, "m" + dice.Next(4)), ("job", Word(dice)), ("zone", Word(dice)), ("ä", Word(dice)));
            if (all.Add(series))
            {
                store.Append(series, store.Now, 1);
            }
        }

        var questions = Enumerable.Range(0, 150).Select(_ => Enumerable.Range(0, dice.Next(1, 4)).Select(_ => Matcher(dice)).ToList())
            .Where(matchers => matchers.Exists(matcher => !matcher.Accepts(""))).ToList();
        Assert.NotEmpty(questions);
        foreach (var cut in new[] { false, true })
        {
            if (cut)
            {
                store.Cut();
            }

            foreach (var matchers in questions)
            {
                var expected = all.Where(series => matchers.TrueForAll(matcher => matcher.Accepts(series))).ToHashSet();
                var told = string.Join(" ", matchers.Select(matcher => $"{matcher.Name} {matcher.Kind} '{matcher.Value}'"));
                Assert.True(expected.SetEquals(store.Store.Series(matchers, 0, store.Now)), told);
                Assert.True(expected.SetEquals(store.Store.Select(matchers, 0, store.Now, 1000, CancellationToken.None).Select(found => found.Labels)), told);
            }
        }
    }

    [Fact]
    public async Task Names_and_values_of_labels_are_told_from_memory_and_blocks()
    {
        await using var store = await TestStore.OpenAsync();
        store.Append(TestStore.Series("a", ("job", "old")), store.Now, 1);
        store.Cut();
        store.Time.Advance(TimeSpan.FromMinutes(20));
        store.Cut();
        store.Append(TestStore.Series("b", ("zone", "north")), store.Now, 1);
        Assert.Equal(["__name__", "job", "zone"], store.Store.LabelNames([], 0, store.Now));
        Assert.Equal(["__name__", "zone"], store.Store.LabelNames([], store.Now, store.Now));
        Assert.Equal(["a", "b"], store.Store.LabelValues(LabelSet.MetricName, [], 0, store.Now));
        Assert.Equal(["old"], store.Store.LabelValues("job", [new(LabelSet.MetricName, MatchKind.Equal, "a")], 0, store.Now));
        Assert.Empty(store.Store.LabelValues("job", [new(LabelSet.MetricName, MatchKind.Equal, "b")], 0, store.Now));
        Assert.Empty(store.Store.LabelValues("nothing", [], 0, store.Now));
    }

    [Fact]
    public async Task The_heaviest_names_and_labels_are_told()
    {
        await using var store = await TestStore.OpenAsync();
        for (var i = 0; i < 10; i++)
        {
            store.Append(TestStore.Series("many", ("path", i.ToString(CultureInfo.InvariantCulture)), ("job", "shop")), store.Now, 1);
        }

        store.Append(TestStore.Series("few", ("job", "shop")), store.Now, 1);
        var status = store.Store.Status(1);
        Assert.Equal(11, status.Series);
        Assert.Equal(3, status.LabelNames);
        Assert.Equal(new LabelCount("many", "", 10), Assert.Single(status.SeriesByMetric));
        Assert.Equal(new LabelCount("job", "shop", 11), Assert.Single(status.SeriesByLabel));
        Assert.Equal(new LabelCount("path", "", 10), Assert.Single(status.ValuesByLabelName));
        Assert.Equal("__name__", Assert.Single(status.BytesByLabelName).Name);
        Assert.Equal((store.Now, store.Now), (status.Oldest, status.Newest));
    }

    [Fact]
    public async Task Questions_asked_while_blocks_are_made_see_every_sample_once()
    {
        await using var store = await TestStore.OpenAsync(options => options with { MergedLength = TimeSpan.FromHours(2) });
        var series = TestStore.Series("m", ("job", "shop"));
        var stop = 0;
        var appended = 0;
        var asking = Task.Run(() =>
        {
            var asked = 0;
            while (Volatile.Read(ref stop) == 0)
            {
                var least = Volatile.Read(ref appended);
                var values = store.Samples(series).Select(sample => (int)sample.Value).ToArray();
                Assert.True(values.Length >= least);
                Assert.Equal(Enumerable.Range(0, values.Length), values);
                var counted = store.Samples(series, hint: new ReadHint { Fold = SampleFold.Count }).Sum(sample => sample.Value);
                Assert.True(counted >= values.Length);
                asked++;
            }

            return asked;
        }, TestContext.Current.CancellationToken);
        for (var i = 0; i < 25; i++)
        {
            for (var n = 0; n < 50; n++)
            {
                store.Append(series, store.Now, appended);
                Volatile.Write(ref appended, appended + 1);
                store.Time.Advance(TimeSpan.FromSeconds(5));
            }

            store.Cut();
            store.Store.Upkeep.Merge(CancellationToken.None);
        }

        Volatile.Write(ref stop, 1);
        await asking;
        Assert.Equal(appended, store.Samples(series).Length);
    }

    private static string Word(Random dice) => dice.Next(5) switch { 0 => "", 1 => "shop", 2 => "cart", 3 => "käse", _ => "a" + dice.Next(10) };

    private static LabelMatcher Matcher(Random dice)
    {
        var name = dice.Next(5) switch { 0 => LabelSet.MetricName, 1 => "job", 2 => "zone", 3 => "ä", _ => "missing" };
        var kind = (MatchKind)dice.Next(4);
        var value = kind is MatchKind.Equal or MatchKind.NotEqual
            ? name == LabelSet.MetricName ? "m" + dice.Next(5) : Word(dice)
            : dice.Next(5) switch { 0 => ".*", 1 => ".+", 2 => "shop|cart", 3 => "m[01]|k.*", _ => "a[0-4]?" };
        return new LabelMatcher(name, kind, value);
    }
}
