using System.Globalization;
using System.Text.Json;
using Slipway.Telemetry.Labels;
using Slipway.Telemetry.PromQl;
using Slipway.Telemetry.Queries;

namespace Slipway.Telemetry.Tests.PromQl;

/// <summary>Every expression comes to what it comes to in Prometheus, on the same data.</summary>
[Collection<PrometheusPeer.Shared>]
public sealed class SameAsPrometheusTests(PrometheusPeer peer)
{
    private static readonly long[] s_moments = [PeerData.Start + 3_600_000, PeerData.Start + 4_000_123, PeerData.Start + 11_000_000];

    private static readonly (long From, long To, long Step)[] s_ranges =
    [
        (PeerData.Start + 600_000, PeerData.Start + 7_000_000, 137_000),
        (PeerData.Start - 900_000, PeerData.Start + 11_700_000, 1_800_000),
    ];

    public static TheoryData<string> Expressions => [.. PeerExpressions.All];

    public static TheoryData<string> ExpressionsOfMoments => [.. PeerExpressions.All, .. PeerExpressions.MomentsOnly];

    private PromQlEngine Engine => new(peer.Data, TimeProvider.System);

    [Theory]
    [MemberData(nameof(ExpressionsOfMoments))]
    public async Task Each_moment_comes_to_the_same(string expression)
    {
        Assert.SkipWhen(peer.Missing is not null, peer.Missing ?? "");
        foreach (var moment in s_moments)
        {
            var theirs = await peer.AskAsync("api/v1/query", ("query", expression), ("time", Seconds(moment)));
            var ours = Engine.Instant(expression, moment, CancellationToken.None);
            AssertSame(theirs, ours, PeerExpressions.Ordered(expression));
        }
    }

    [Theory]
    [MemberData(nameof(Expressions))]
    public async Task Each_range_comes_to_the_same(string expression)
    {
        Assert.SkipWhen(peer.Missing is not null, peer.Missing ?? "");
        foreach (var (from, to, step) in s_ranges)
        {
            var theirs = await peer.AskAsync("api/v1/query_range", ("query", expression), ("start", Seconds(from)), ("end", Seconds(to)), ("step", Seconds(step)));
            var ours = Engine.Range(expression, from, to, step, CancellationToken.None);
            AssertSame(theirs, ours, ordered: true);
        }
    }

    private static string Seconds(long milliseconds) => (milliseconds / 1000m).ToString(CultureInfo.InvariantCulture);

    private static void AssertSame(JsonElement theirs, Slipway.Model.Failures.Outcome<QueryResult> ours, bool ordered)
    {
        if (theirs.GetProperty("status").GetString() == "error")
        {
            var problem = theirs.GetProperty("error").GetString();
            Assert.True(ours.Failure is not null, $"Prometheus refuses: {problem}");
            var kind = theirs.GetProperty("errorType").GetString() == "bad_data" ? PromQlParser.BadExpression : PromQlEngine.QueryFailed;
            Assert.Equal((kind, problem), (ours.Failure.Code, kind == ours.Failure.Code ? problem : ours.Failure.Detail));
            return;
        }

        Assert.True(ours.Succeeded, ours.Failure?.ToString());
        var wanted = Read(theirs.GetProperty("data"));
        var found = Read(ours.Value);
        if (!ordered)
        {
            wanted.Sort((x, y) => string.CompareOrdinal(x.Labels, y.Labels));
            found.Sort((x, y) => string.CompareOrdinal(x.Labels, y.Labels));
        }

        Assert.Equal(wanted.Select(series => series.Labels), found.Select(series => series.Labels));
        foreach (var (their, our) in wanted.Zip(found))
        {
            Assert.Equal(their.Points.Select(point => point.At), our.Points.Select(point => point.At));
            foreach (var (theirPoint, ourPoint) in their.Points.Zip(our.Points))
            {
                Assert.True(Near(theirPoint.Value, ourPoint.Value), $"{their.Labels} at {theirPoint.At}: {theirPoint.Value:R} there, {ourPoint.Value:R} here");
            }
        }
    }

    private static bool Near(double theirs, double ours) =>
        theirs.Equals(ours) || Math.Abs(theirs - ours) <= 1e-9 * Math.Max(Math.Abs(theirs), Math.Abs(ours)) || Math.Max(Math.Abs(theirs), Math.Abs(ours)) < 1e-13;

    private static List<(string Labels, List<(long At, double Value)> Points)> Read(JsonElement data)
    {
        var result = data.GetProperty("result");
        var kind = data.GetProperty("resultType").GetString()!;
        return kind switch
        {
            "scalar" => [(kind, [Point(result)])],
            "string" => [(kind + result[1].GetString(), [])],
            _ => [.. result.EnumerateArray().Select(series => (kind + Labels(series.GetProperty("metric")),
                kind == "vector" ? [Point(series.GetProperty("value"))] : series.GetProperty("values").EnumerateArray().Select(Point).ToList()))],
        };
    }

    private static string Labels(JsonElement metric) =>
        LabelSet.From(metric.EnumerateObject().Select(label => KeyValuePair.Create(label.Name, label.Value.GetString()!))).ToString();

    private static (long At, double Value) Point(JsonElement pair) => ((long)Math.Round(pair[0].GetDecimal() * 1000), pair[1].GetString() switch
    {
        "NaN" => double.NaN,
        "+Inf" => double.PositiveInfinity,
        "-Inf" => double.NegativeInfinity,
        var number => double.Parse(number!, CultureInfo.InvariantCulture),
    });

    private static List<(string Labels, List<(long At, double Value)> Points)> Read(QueryResult result) => result switch
    {
        ScalarResult scalar => [("scalar", [(scalar.Sample.At, scalar.Sample.Value)])],
        TextResult text => [("string" + text.Text, [])],
        VectorResult vector => [.. vector.Elements.Select(element => ("vector" + element.Labels, new List<(long, double)> { (element.Sample.At, element.Sample.Value) }))],
        MatrixResult matrix => [.. matrix.Series.Select(series => ("matrix" + series.Labels, series.Samples.ToArray().Select(sample => (sample.At, sample.Value)).ToList()))],
        _ => throw new InvalidOperationException(),
    };
}
