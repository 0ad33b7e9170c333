using Slipway.Telemetry.Labels;
using Slipway.Telemetry.Metrics;
using Slipway.Telemetry.PromQl;
using Slipway.Telemetry.PromQl.Evaluation;
using Slipway.Telemetry.Queries;
using Slipway.Telemetry.Tests.Metrics;

namespace Slipway.Telemetry.Tests.PromQl;

public sealed class PromQlEngineTests
{
    private static readonly double[] s_none = [];

    [Fact]
    public void A_series_that_has_ended_is_gone_at_once_and_comes_back_with_its_next_sample()
    {
        var data = new MemorySeries().Add("up", "", 60_000, 1, 1, Sample.Stale, null, 2);
        Assert.Equal([1d, 1d], Row(data, "up", 0, 60_000, 60_000));
        Assert.Equal(s_none, Row(data, "up", 120_000, 180_000, 60_000));
        Assert.Equal([2d], Row(data, "up", 240_000, 240_000, 60_000));
    }

    [Fact]
    public void Without_a_mark_a_series_is_seen_for_five_minutes()
    {
        var data = new MemorySeries().Add("up", "", 1000, 3);
        Assert.Equal([3d], Row(data, "up", 300_000, 300_000, 1));
        Assert.Equal(s_none, Row(data, "up", 300_001, 300_001, 1));
    }

    [Fact]
    public void Ranges_do_not_see_marks_of_ended_series()
    {
        var data = new MemorySeries().Add("hits", "", 60_000, 0, 6, Sample.Stale, 12, 18);
        Assert.Equal([4d], Row(data, "count_over_time(hits[5m])", 240_000, 240_000, 1));
        Assert.Equal([18d], Row(data, "last_over_time(hits[5m])", 240_000, 240_000, 1));
        var raw = Assert.IsType<MatrixResult>(Engine(data).Instant("hits[5m]", 240_000, CancellationToken.None).Value);
        Assert.Equal([0, 6, 12, 18], raw.Series.Single().Samples.ToArray().Select(sample => sample.Value));
    }

    [Fact]
    public void Absent_notices_that_a_series_has_ended()
    {
        var data = new MemorySeries().Add("up", "job=api", 60_000, 1, Sample.Stale);
        var gone = Assert.IsType<VectorResult>(Engine(data).Instant("absent(up{job=\"api\"})", 60_000, CancellationToken.None).Value);
        Assert.Equal(new VectorElement(LabelSet.Of(("job", "api")), new Sample(60_000, 1)), Assert.Single(gone.Elements));
    }

    [Fact]
    public void A_long_range_is_read_in_few_pages()
    {
        var data = new MemorySeries().Add("hits", "", 15_000, [.. Enumerable.Range(0, 5760).Select(value => (double?)value)]);
        Row(data, "rate(hits[5m])", 300_000, 86_400_000, 60_000);
        Assert.InRange(data.Selects, 1, 3);
    }

    [Fact]
    public async Task The_store_with_its_hints_comes_to_what_all_samples_come_to()
    {
        await using var store = await TestStore.OpenAsync();
        var data = new MemorySeries();
        var start = store.Now - 18_000_000;
        foreach (var (labels, samples) in PeerData.Make().All)
        {
            var here = samples.Select(sample => sample with { At = sample.At - PeerData.Start + start }).ToArray();
            data.Add(labels, here);
            store.Append(labels, here);
            store.Append(labels, here[^1].At + 40_000, Sample.Stale);
            data.Add(labels, new Sample(here[^1].At + 40_000, Sample.Stale));
        }

        foreach (var cut in new[] { false, true })
        {
            if (cut)
            {
                store.Cut();
            }

            foreach (var (from, step) in new[] { (start, 3_600_000L), (start + 17, 3_600_000L), (start, 900_000L), (start - 3_600_000, 300_000L), (start + 1234, 61_000L) })
            {
                foreach (var expression in new[] { "temperature", "requests_total offset 5m", "odd offset -7s", "sum by (job) (rate(requests_total[5m]))", "max_over_time(temperature[2m])", "timestamp(level)", "increase(errors_total[1h])" })
                {
                    var wanted = Assert.IsType<MatrixResult>(Engine(data).Range(expression, from, store.Now, step, CancellationToken.None).Value);
                    var found = Assert.IsType<MatrixResult>(Engine(store.Store).Range(expression, from, store.Now, step, CancellationToken.None).Value);
                    Assert.Equal(
                        wanted.Series.Select(series => (series.Labels, string.Join(' ', series.Samples.ToArray()))),
                        found.Series.Select(series => (series.Labels, string.Join(' ', series.Samples.ToArray()))));
                }
            }
        }
    }

    [Theory]
    [InlineData(3_600_000)]
    [InlineData(900_000)]
    [InlineData(60_000)]
    [InlineData(15_000)]
    public void However_it_is_read_it_comes_to_what_each_moment_comes_to(long step)
    {
        var data = PeerData.Make();
        foreach (var expression in new[] { "temperature", "rate(requests_total[5m])", "max_over_time(temperature[20m] offset 3m)" })
        {
            var range = Assert.IsType<MatrixResult>(Engine(data).Range(expression, PeerData.Start, PeerData.Start + 10_800_000, step, CancellationToken.None).Value);
            for (var at = PeerData.Start; at <= PeerData.Start + 10_800_000; at += Math.Max(step, 600_000))
            {
                var moment = Assert.IsType<VectorResult>(Engine(data).Instant(expression, at, CancellationToken.None).Value);
                var wanted = moment.Elements.Select(element => (element.Labels, element.Sample.Value));
                var found = range.Series.SelectMany(series => series.Samples.ToArray().Where(sample => sample.At == at).Select(sample => (series.Labels, sample.Value)));
                Assert.Equal(wanted, found);
            }
        }
    }

    [Fact]
    public void Reading_more_than_allowed_is_an_error_and_not_the_end()
    {
        var data = new MemorySeries().Add("hits", "", 1000, [.. Enumerable.Range(0, 2000).Select(value => (double?)value)]);
        var engine = new PromQlEngine(data, TimeProvider.System, new PromQlEngineOptions { SamplesMax = 1000 });
        var failure = engine.Instant("sum_over_time(hits[1h])", 2_000_000, CancellationToken.None).Failure;
        Assert.Equal((PromQlEngine.QueryTooLarge, QueryBudget.Exceeded), (failure?.Code, failure?.Detail));
        Assert.Equal(PromQlEngine.QueryTooLarge, engine.Instant("count_over_time(vector(1)[1d:1s])", 86_400_000, CancellationToken.None).Failure?.Code);
        Assert.True(engine.Instant("hits", 2_000_000, CancellationToken.None).Succeeded);
        Assert.Equal((1, 2), (engine.QuestionsAnswered, engine.QuestionsFailed));
    }

    [Fact]
    public void What_takes_too_long_ends_in_time()
    {
        var time = new ManualTime();
        var slow = new SlowSeries(() => time.Advance(TimeSpan.FromSeconds(31)));
        var failure = new PromQlEngine(slow, time).Instant("up", 0, CancellationToken.None).Failure;
        Assert.Equal(PromQlEngine.QueryTimeout, failure?.Code);
    }

    [Fact]
    public void Who_asks_may_think_better_of_it()
    {
        using var cancellation = new CancellationTokenSource();
        var slow = new SlowSeries(cancellation.Cancel);
        Assert.ThrowsAny<OperationCanceledException>(() => new PromQlEngine(slow, TimeProvider.System).Instant("up", 0, cancellation.Token));
    }

    [Theory]
    [InlineData("up", 0, 10, 0, PromQlParser.BadExpression)]
    [InlineData("up", 10, 0, 1, PromQlParser.BadExpression)]
    [InlineData("up[5m]", 0, 10, 1, PromQlParser.BadExpression)]
    [InlineData("\"text\"", 0, 10, 1, PromQlParser.BadExpression)]
    [InlineData("up", 0, 11_001, 1, PromQlEngine.QueryTooLarge)]
    public void A_range_that_cannot_be_answered_is_refused(string expression, long from, long to, long step, string code) =>
        Assert.Equal(code, Engine(new MemorySeries()).Range(expression, from, to, step, CancellationToken.None).Failure?.Code);

    [Fact]
    public void Rates_of_two_metrics_that_come_to_the_same_labels_are_an_error()
    {
        var data = new MemorySeries().Add("a", "", 15_000, 1, 2, 3).Add("b", "", 15_000, 1, 2, 3);
        Assert.Equal(PromQlEngine.QueryFailed, Engine(data).Instant("rate({__name__=~\"a|b\"}[5m])", 60_000, CancellationToken.None).Failure?.Code);
    }

    private static PromQlEngine Engine(ISeriesReader data) => new(data, TimeProvider.System);

    private static double[] Row(MemorySeries data, string expression, long from, long to, long step) =>
        [.. Assert.IsType<MatrixResult>(Engine(data).Range(expression, from, to, step, CancellationToken.None).Value).Series.SelectMany(series => series.Samples.ToArray()).Select(sample => sample.Value)];

    /// <summary>Something happens while it reads.</summary>
    private sealed class SlowSeries(Action reading) : ISeriesReader
    {
        public IReadOnlyList<SeriesSamples> Select(IReadOnlyList<LabelMatcher> matchers, long from, long to, long samplesMax, CancellationToken cancellation, ReadHint? hint = null)
        {
            reading();
            cancellation.ThrowIfCancellationRequested();
            return [];
        }

        public IReadOnlyList<LabelSet> Series(IReadOnlyList<LabelMatcher> matchers, long from, long to) => [];

        public IReadOnlyList<string> LabelNames(IReadOnlyList<LabelMatcher> matchers, long from, long to) => [];

        public IReadOnlyList<string> LabelValues(string name, IReadOnlyList<LabelMatcher> matchers, long from, long to) => [];

        public IReadOnlyList<MetricMetadata> Metadata() => [];

        public IReadOnlyList<SeriesExemplars> Exemplars(IReadOnlyList<LabelMatcher> matchers, long from, long to) => [];
    }
}
