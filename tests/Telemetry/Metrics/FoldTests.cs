using Slipway.Telemetry.Labels;
using Slipway.Telemetry.Metrics;
using Slipway.Telemetry.Metrics.Reading;

namespace Slipway.Telemetry.Tests.Metrics;

public sealed class FoldTests
{
    private static readonly LabelSet s_series = TestStore.Series("m", ("instance", "a"));

    public static TheoryData<SampleFold> Folds => [.. Folding.Kept];

    [Theory]
    [MemberData(nameof(Folds))]
    public async Task A_fold_is_what_its_samples_say_wherever_they_are_kept(SampleFold fold)
    {
        await using var store = await TestStore.OpenAsync(options => options with { MergedLength = TimeSpan.FromHours(2) });
        var dice = new Random(7);
        var all = new List<Sample>();
        for (var i = 0; i < 1_200; i++)
        {
            var stale = dice.Next(60) == 0;
            var sample = new Sample(store.Now + dice.Next(-3, 3), stale ? Sample.Stale : dice.Next(0, 50));
            all.Add(sample);
            Assert.Equal(1, store.Append(s_series, sample.At, sample.Value).Stored);
            store.Time.Advance(TimeSpan.FromSeconds(dice.Next(200) == 0 ? 1_000 : 15));
            if (dice.Next(120) == 0)
            {
                store.Cut();
            }

            if (i == 900)
            {
                store.Store.Upkeep.Merge(CancellationToken.None);
            }
        }

        var expected = Expected(fold, all);
        AssertSame(expected, store.Samples(s_series, hint: new ReadHint { Fold = fold }));
        var (from, to) = (ReadHint.EndOf(all[300].At) + 1, ReadHint.EndOf(all[1_100].At));
        AssertSame([.. expected.Where(sample => sample.At >= from && sample.At <= to)], store.Samples(s_series, from, to, new ReadHint { Fold = fold }));
        await store.RestartAsync();
        store.Cut();
        AssertSame(expected, store.Samples(s_series, hint: new ReadHint { Fold = fold }), fold == SampleFold.Rise ? 50 : 0);
    }

    [Fact]
    public async Task Windows_leave_out_only_what_no_window_reaches()
    {
        await using var store = await TestStore.OpenAsync();
        var all = Enumerable.Range(0, 1_000).Select(n => new Sample(store.Now - 7_200_000 + (n * 5_000), n)).ToArray();
        store.Append(s_series, all);
        var hint = new ReadHint { Start = store.Now, Step = 600_000, Window = 60_000 };
        foreach (var cut in new[] { false, true })
        {
            if (cut)
            {
                store.Cut();
            }

            var found = store.Samples(s_series, hint: hint).Select(sample => sample.At).ToHashSet();
            foreach (var sample in all)
            {
                var behind = (((sample.At - hint.Start) % hint.Step) + hint.Step) % hint.Step;
                var reached = behind == 0 || behind > hint.Step - hint.Window;
                Assert.Equal(reached, found.Contains(sample.At));
            }
        }
    }

    private static List<Sample> Expected(SampleFold fold, List<Sample> all)
    {
        var expected = new List<Sample>();
        foreach (var interval in all.GroupBy(sample => (long)Math.Ceiling(sample.At / 300_000.0) * 300_000))
        {
            var live = interval.Where(sample => !sample.IsStale).ToList();
            if (fold == SampleFold.Last)
            {
                expected.Add(interval.Last());
            }
            else if (live.Count > 0)
            {
                expected.Add(new Sample(interval.Key, fold switch
                {
                    SampleFold.Count => live.Count,
                    SampleFold.Sum => live.Sum(sample => sample.Value),
                    SampleFold.Min => live.Min(sample => sample.Value),
                    SampleFold.Max => live.Max(sample => sample.Value),
                    _ => live.Sum(sample => Rise(sample)),
                }));
            }
        }

        return expected;

        double Rise(Sample sample)
        {
            var before = all.LastOrDefault(other => !other.IsStale && other.At < sample.At, new Sample(-1, double.NaN));
            return before.At < 0 ? 0 : sample.Value < before.Value ? sample.Value : sample.Value - before.Value;
        }
    }

    /// <param name="tolerance">What one interval may differ by, if any: after a restart nobody knows what came before the first sample.</param>
    private static void AssertSame(List<Sample> expected, Sample[] found, double tolerance = 0)
    {
        Assert.Equal(expected.Select(sample => sample.At), found.Select(sample => sample.At));
        var differing = 0;
        for (var i = 0; i < found.Length; i++)
        {
            var difference = Math.Abs(expected[i].Value - found[i].Value);
            if (difference > 1e-9)
            {
                differing++;
                Assert.True(difference <= tolerance, $"{expected[i]} but {found[i]}");
            }
        }

        Assert.InRange(differing, 0, 1);
    }
}
