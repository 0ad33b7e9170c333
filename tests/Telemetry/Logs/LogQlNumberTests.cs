using System.Globalization;
using Slipway.Telemetry.Labels;
using Slipway.Telemetry.Logs;
using Slipway.Telemetry.Queries;

namespace Slipway.Telemetry.Tests.Logs;

public sealed class LogQlNumberTests
{
    public static TheoryData<string, string> Questions => new()
    {
        // Ten lines of orders, one a second, five of cart; the last at the moment itself. Sizes are 0 to 9, statuses 200 and 500 in turn.
        { """count_over_time({service="orders"}[10s])""", "{level=info,namespace=shop,service=orders}=10" },
        { """count_over_time({service="orders"}[3s])""", "{level=info,namespace=shop,service=orders}=3" },
        { """count_over_time({service="orders"}[3s] offset 8s)""", "{level=info,namespace=shop,service=orders}=2" },
        { """rate({service="orders"}[5s])""", "{level=info,namespace=shop,service=orders}=1" },
        { """sum(count_over_time({namespace="shop"}[1m]))""", "{}=15" },
        { """sum by (service) (count_over_time({namespace="shop"}[1m]))""", "{service=cart}=5;{service=orders}=10" },
        { """sum(count_over_time({namespace="shop"}[1m])) by (service)""", "{service=cart}=5;{service=orders}=10" },
        { """sum without (level, namespace) (count_over_time({namespace="shop"}[1m]))""", "{service=cart}=5;{service=orders}=10" },
        { """count(count_over_time({namespace="shop"}[1m]))""", "{}=2" },
        { """max(count_over_time({namespace="shop"}[1m]))""", "{}=10" },
        { """min(count_over_time({namespace="shop"}[1m]))""", "{}=5" },
        { """avg(count_over_time({namespace="shop"}[1m]))""", "{}=7.5" },
        { """topk(1, sum by (service) (count_over_time({namespace="shop"}[1m])))""", "{service=orders}=10" },
        { """bottomk(1, sum by (service) (count_over_time({namespace="shop"}[1m])))""", "{service=cart}=5" },
        { """sum by (status) (count_over_time({service="orders"} | json [1m]))""", "{status=200}=5;{status=500}=5" },
        { """sum by (status) (rate({service="orders"} | json | status >= 500 [10s]))""", "{status=500}=0.5" },
        { """bytes_over_time({service="cart"}[1m])""", "{level=error,namespace=shop,service=cart}=20" },
        { """sum(bytes_rate({service="cart"} |= "cart" [10s]))""", "{}=2" },
        { """sum(sum_over_time({service="orders"} | json | unwrap size [1m]))""", "{}=45" },
        { """avg_over_time({service="orders"} | json | unwrap size [1m]) by (service)""", "{service=orders}=4.5" },
        { """max_over_time({service="orders"} | json | unwrap size [1m]) by (status)""", "{status=200}=8;{status=500}=9" },
        { """min_over_time({service="orders"} | json | unwrap size [5s]) by ()""", "{}=5" },
        { """quantile_over_time(0.5, {service="orders"} | json | unwrap size [1m]) by (service)""", "{service=orders}=4.5" },
        { """first_over_time({service="orders"} | json | unwrap size [1m]) by (service)""", "{service=orders}=0" },
        { """last_over_time({service="orders"} | json | unwrap size [1m]) by (service)""", "{service=orders}=9" },
        { """sum(sum_over_time({service="orders"} | json | unwrap duration(took) [1m]))""", "{}=0.45" },
        { """sum(sum_over_time({service="orders"} | json | unwrap bytes(took) | __error__="" [1m]))""", "" },
        { """sum(rate({service="orders"} | json | status=500 [10s])) / sum(rate({service="orders"}[10s]))""", "{}=0.5" },
        { """sum(rate({service="orders"} | json | status=500 [10s])) / sum(rate({service="orders"}[10s])) > 0.4""", "{}=0.5" },
        { """sum(count_over_time({service="orders"}[1m])) > 10""", "" },
        { """sum(count_over_time({service="orders"}[1m])) >= bool 10""", "{}=1" },
        { """5 < sum(count_over_time({service="orders"}[1m]))""", "{}=10" },
        { """sum(count_over_time({service="none"}[1m])) or vector(0)""", "{}=0" },
        { """absent_over_time({service="none"}[1m])""", "{service=none}=1" },
        { """absent_over_time({service="orders"}[1m])""", "" },
        { """sum by (service) (count_over_time({namespace="shop"}[1m])) - on (service) sum by (service) (count_over_time({service="cart"}[1m]))""", "{service=cart}=0" },
        { """sum by (service) (count_over_time({namespace="shop"}[1m])) unless sum by (service) (count_over_time({service="cart"}[1m]))""", "{service=orders}=10" },
        { """sum by (service) (count_over_time({namespace="shop"}[1m])) and sum by (service) (count_over_time({service="cart"}[1m]))""", "{service=cart}=5" },
        { """label_replace(sum by (service) (count_over_time({service="cart"}[1m])), "short", "$1", "service", "(..).*")""", "{service=cart,short=ca}=5" },
        { """vector(1)+vector(1)""", "{}=2" },
        { """2 + 3 * 4 ^ 2 / 8 - 1""", "7" },
        { """2 ^ 3 ^ 2""", "512" },
        { """(2 > 1) + 0""", "1" },
    };

    [Theory]
    [MemberData(nameof(Questions))]
    public async Task Numbers_are_made_of_lines(string expression, string expected)
    {
        await using var scene = await SceneAsync();
        Assert.Equal(expected, Describe(scene.Engine.Instant(expression, scene.Now / 1_000_000, CancellationToken.None).Value));
        var at = scene.Now / 1_000_000;
        await scene.SealAsync();
        Assert.Equal(expected, Describe(scene.Engine.Instant(expression, at, CancellationToken.None).Value));
    }

    private static async Task<LogScene> SceneAsync()
    {
        var scene = await LogScene.OpenAsync();
        for (var index = 0; index < 10; index++)
        {
            var at = scene.Now - ((9 - index) * 1_000_000_000L);
            scene.Append(LogScene.Orders, string.Create(CultureInfo.InvariantCulture, $$"""{"size":{{index}},"status":{{200 + (index % 2 * 300)}},"took":"{{index * 10}}ms","id":"{{Guid.NewGuid()}}"}"""), at);
            if (index % 2 == 0)
            {
                scene.Append(LogScene.Cart, "cart", at);
            }
        }

        return scene;
    }

    private static string Describe(QueryResult result) => result switch
    {
        ScalarResult scalar => Number(scalar.Sample.Value),
        VectorResult vector => string.Join(';', vector.Elements.Select(element => $"{Describe(element.Labels)}={Number(element.Sample.Value)}").Order(StringComparer.Ordinal)),
        _ => result.ToString(),
    };

    private static string Describe(LabelSet labels) => "{" + string.Join(',', labels.Select(label => $"{label.Name}={label.Value}")) + "}";

    private static string Number(double value) => Math.Round(value, 9).ToString(CultureInfo.InvariantCulture);

    [Fact]
    public async Task A_range_has_a_value_for_every_step_whose_window_has_lines()
    {
        await using var scene = await SceneAsync();
        var now = scene.Now / 1_000_000;
        var result = scene.Engine.Range("""sum(count_over_time({service="orders"}[2s]))""", now - 12_000, now + 4_000, 2_000, CancellationToken.None).Value;
        var series = Assert.Single(Assert.IsType<MatrixResult>(result).Series);
        Assert.Equal([(now - 8_000, 2), (now - 6_000, 2), (now - 4_000, 2), (now - 2_000, 2), (now, 2)], series.Samples.ToArray().Select(sample => (sample.At, (int)sample.Value)));
    }

    [Fact]
    public async Task Counting_in_steps_agrees_with_counting_each_moment_anew()
    {
        await using var scene = await LogScene.OpenAsync();
        var random = new Random(11);
        for (var number = 0; number < 300; number++)
        {
            scene.Append(LogScene.Orders, $"n={random.Next(100)}", scene.Now + random.Next(60) * 500_000_000L + random.Next(3));
        }

        var start = scene.Now / 1_000_000;
        foreach (var function in new[] { "count_over_time({service=\"orders\"}[7s])", "sum_over_time({service=\"orders\"} | logfmt | unwrap n [3s]) ", "quantile_over_time(0.9, {service=\"orders\"} | logfmt | unwrap n [3s])" })
        {
            var range = Assert.IsType<MatrixResult>(scene.Engine.Range(function, start - 3_000, start + 40_000, 1_500, CancellationToken.None).Value);
            var samples = range.Series.Single().Samples.ToArray().ToDictionary(sample => sample.At, sample => sample.Value);
            for (var at = start - 3_000; at <= start + 40_000; at += 1_500)
            {
                var instant = Assert.IsType<VectorResult>(scene.Engine.Instant(function, at, CancellationToken.None).Value);
                Assert.Equal(instant.Elements.Count > 0, samples.ContainsKey(at));
                if (instant.Elements.Count > 0)
                {
                    Assert.Equal(instant.Elements[0].Sample.Value, samples[at], 9);
                }
            }
        }
    }

    [Fact]
    public async Task Lines_that_make_no_sense_are_left_out_and_mentioned()
    {
        await using var scene = await SceneAsync();
        scene.Append(LogScene.Orders, "Application started.");
        var result = scene.Engine.Instant("""sum(count_over_time({service="orders"} | json | status >= 500 [1m]))""", scene.Now / 1_000_000, CancellationToken.None).Value;
        Assert.Equal("{}=5", Describe(result));
        Assert.Contains("1 lines were left out because of JSONParserErr", Assert.Single(result.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Too_many_series_steps_or_values_are_refused()
    {
        await using var scene = await SceneAsync();
        var at = scene.Now / 1_000_000;
        scene.EngineOptions = new LogQlOptions { SeriesMax = 3 };
        Assert.Equal("query-too-large", scene.Engine.Instant("""count_over_time({service="orders"} | json [1m])""", at, CancellationToken.None).Failure?.Code);
        Assert.True(scene.Engine.Instant("""sum(count_over_time({service="orders"} | json [1m]))""", at, CancellationToken.None).Succeeded);
        scene.EngineOptions = new LogQlOptions { ValuesMax = 3 };
        Assert.Equal("query-too-large", scene.Engine.Instant("""sum(sum_over_time({service="orders"} | json | unwrap size [1m]))""", at, CancellationToken.None).Failure?.Code);
        Assert.Equal("query-too-large", scene.Engine.Range("vector(1)", 0, at, 1, CancellationToken.None).Failure?.Code);
    }

    [Theory]
    [InlineData("", "line 1, col 1")]
    [InlineData("{", "line 1, col 2")]
    [InlineData("{}", "at least one label")]
    [InlineData("""{a=~".*"}""", "at least one label")]
    [InlineData("""{a="b"} |= """, "line 1, col 12")]
    [InlineData("""{a="b"} | json | x > "y" """, "a number, a duration or a byte count")]
    [InlineData("""{a="b"} |~ "(" """, "no regular expression")]
    [InlineData("""{a="b"} |~ "(a)\\1" """, "no regular expression")]
    [InlineData("""{a="b"} |~ "((a{1000}){1000}){10}" """, "no regular expression")]
    [InlineData("""{a="b"} | nonsense""", "unknown stage 'nonsense'")]
    [InlineData("""{a="b"} | line_format "{{ .x | shout }}" """, "'shout'")]
    [InlineData("{a=\"b\"}\n  |= 5", "line 2, col 6")]
    [InlineData("""sum({a="b"})""", "col 5")]
    [InlineData("""rate({a="b"})""", "'['")]
    [InlineData("""sum_over_time({a="b"}[5m])""", "needs values")]
    [InlineData("""count_over_time({a="b"} | unwrap x [5m])""", "does not go with 'unwrap'")]
    [InlineData("""count_over_time({a="b"}[5m]) by (x)""", "grouping is not allowed")]
    [InlineData("""rate({a="b"}[0s])""", "at least 1ms")]
    [InlineData("""rate({a="b"}[5x])""", "no duration")]
    [InlineData("""topk(0, rate({a="b"}[5m]))""", "from 1")]
    [InlineData("""rate({a="b"}[5m]) and 1""", "not beside a number")]
    [InlineData("""rate({a="b"}[5m]) * on (x) group_left rate({a="c"}[5m])""", "group_left")]
    [InlineData("""{a="b"} "x" """, "expecting an operator or the end")]
    [InlineData("""{a="\q"}""", "unknown escape")]
    [InlineData("""{a="b""", "does not end")]
    public void What_cannot_be_understood_is_told_with_its_place(string expression, string told)
    {
        var failure = LogQlEngine.Check(expression);
        Assert.Equal("bad-expression", failure?.Code);
        Assert.StartsWith("parse error at line ", failure!.Detail, StringComparison.Ordinal);
        Assert.Contains(told, failure.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Expressions_that_are_too_deep_or_too_long_are_refused_before_they_hurt()
    {
        Assert.NotNull(LogQlEngine.Check(new string('(', 8_000)));
        Assert.NotNull(LogQlEngine.Check(new string('(', 8_000) + "{"));
        Assert.NotNull(LogQlEngine.Check(string.Join('+', Enumerable.Repeat("1", 8_000))));
        Assert.NotNull(LogQlEngine.Check(string.Join('^', Enumerable.Repeat("1", 8_000))));
        Assert.NotNull(LogQlEngine.Check("""rate({a="b"} | """ + string.Join(" or ", Enumerable.Repeat("a=1", 1_500)) + "[5m])"));
        Assert.NotNull(LogQlEngine.Check("""rate({a="b"} | """ + new string('(', 8_000) + "[5m])"));
        Assert.NotNull(LogQlEngine.Check(new string('x', 100_000)));
        Assert.Null(LogQlEngine.Check("((((((((((vector(1)))))))))))"));
    }
}
