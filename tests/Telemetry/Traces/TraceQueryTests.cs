using FsCheck;
using FsCheck.Fluent;
using Slipway.Telemetry.Traces;
using Slipway.Telemetry.Traces.Searching;
using static Slipway.Telemetry.Tests.Traces.SpanMaker;

namespace Slipway.Telemetry.Tests.Traces;

public sealed class TraceQueryTests
{
    [Theory]
    [InlineData("{ }", true)]
    [InlineData("""{ resource.service.name = "orders" && duration > 1s }""", true)]
    [InlineData("""{ resource.service.name = "orders" && duration > 3s }""", false)]
    [InlineData("""{ status = error }""", true)]
    [InlineData("""{ status = error && name = "reserve" }""", false)]
    [InlineData("""{ status = error } && { name = "reserve" }""", true)]
    [InlineData("""{ span.http.route = "/none" || kind = client }""", true)]
    [InlineData("""{ .http.status_code >= 500 }""", true)]
    [InlineData("""{ .http.status_code = 500 }""", true)]
    [InlineData("""{ .http.status_code = "500" }""", true)]
    [InlineData("""{ span.http.status_code != 500 }""", false)]
    [InlineData("""{ name =~ "GET .*" }""", true)]
    [InlineData("""{ name !~ "GET .*" && kind = server }""", false)]
    [InlineData("""{ resource.service.namespace = `shop` }""", true)]
    [InlineData("""({ name = "x" } || { (name = "reserve" && (kind = client)) })""", true)]
    [InlineData("""{ rootServiceName = "orders" && traceDuration >= 2s }""", true)]
    [InlineData("""{ span:duration < 100ms }""", true)]
    [InlineData("""{ span.http.status_code != nil }""", true)]
    [InlineData("""{ span.other != nil }""", false)]
    [InlineData("""{ nestedSetParent < 0 && .other = nil }""", true)]
    [InlineData("""{ nestedSetParent < 0 && name = "reserve" }""", false)]
    public void A_query_selects(string query, bool expected)
    {
        SpanRecord[] trace =
        [
            Span(1, milliseconds: 2000, status: SpanStatus.Error, attributes: Attribute("http.status_code", 500)),
            Span(1, 1, 0, "stock", "reserve", kind: SpanKind.Client),
        ];
        Assert.Equal(expected, TraceQueryParser.Parse(query).Value.Matches(trace, TraceSummary.Of(trace)).Count > 0);
    }

    [Theory]
    [InlineData("", "begins with {")]
    [InlineData("{ name }", "is expected")]
    [InlineData("{ name = }", "a value is expected")]
    [InlineData("{ name = \"x }", "quotation mark")]
    [InlineData("{ nonsense = 1 }", "a field is expected")]
    [InlineData("{ } | count() > 1", "pipe")]
    [InlineData("{ name =~ \"(\" }", "regular expression")]
    [InlineData("{ name = \"x\"", "closing }")]
    public void A_mistake_is_named_with_its_place(string query, string part)
    {
        var failure = TraceQueryParser.Parse(query).Failure;
        Assert.Equal("bad-expression", failure?.Code);
        Assert.StartsWith("At character ", failure!.Detail, StringComparison.Ordinal);
        Assert.Contains(part, failure.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Whatever_is_typed_is_answered()
    {
        var pieces = Gen.Elements("{", "}", "(", ")", "&&", "||", "name", "=", "=~", "\"a\"", "1s", " ", "span.x", "\\", "`", "|", "é", "\"");
        Prop.ForAll(Arb.From(Gen.ListOf(pieces)), typed => { _ = TraceQueryParser.Parse(string.Concat(typed)).Succeeded; }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));
        _ = TraceQueryParser.Parse(new string('(', 5000)).Failure!;
        _ = TraceQueryParser.Parse("{" + new string('(', 5000)).Failure!;
    }

    [Theory]
    [InlineData("100ms", 100_000_000L)]
    [InlineData("1.5s", 1_500_000_000L)]
    [InlineData("1m30s", 90_000_000_000)]
    [InlineData("7", null)]
    [InlineData("1x", null)]
    public void Durations_are_read_as_people_type_them(string text, long? nanoseconds) => Assert.Equal(nanoseconds, TraceDuration.Parse(text));

    [Fact]
    public async Task Searching_passes_over_blocks_that_surely_have_nothing()
    {
        await using var open = await OpenStore.StartAsync();
        for (var trace = 0; trace < 40; trace++)
        {
            open.Store.Append([Span(trace, service: $"service-{trace}", start: trace * Second, attributes: Attribute("order", trace))]);
            open.Settle();
        }

        var bySevice = open.Store.Search(Query("""{ resource.service.name = "service-7" }"""), CancellationToken.None);
        Assert.Equal(TraceId(7), Assert.Single(bySevice.Traces).Summary.TraceId);
        Assert.True(bySevice.BlocksSkipped > 30);
        Assert.Equal(TraceId(9), Assert.Single(open.Store.Search(Query("{ span.order = 9 }"), CancellationToken.None).Traces).Summary.TraceId);
        Assert.Empty(open.Store.Search(Query("{ status = error }"), CancellationToken.None).Traces);
    }

    [Fact]
    public async Task The_newest_come_first_and_no_more_than_asked_for()
    {
        await using var open = await OpenStore.StartAsync();
        for (var trace = 0; trace < 30; trace++)
        {
            open.Store.Append([Span(trace, start: trace * Second)]);
            if (trace % 7 == 0)
            {
                open.Settle();
            }
        }

        var found = open.Store.Search(new TraceSearch { Limit = 10, To = Noon + (24 * Second) }, CancellationToken.None).Traces;
        Assert.Equal(Enumerable.Range(15, 10).Reverse().Select(TraceId), found.Select(match => match.Summary.TraceId));
    }

    private static TraceSearch Query(string text) => new() { Condition = TraceQueryParser.Parse(text).Value };
}
