using System.Net;
using System.Net.Http.Headers;
using Slipway.Telemetry.Otlp.Decoding;
using Slipway.Telemetry.Otlp.Wire;
using Slipway.Telemetry.Traces;
using Slipway.Telemetry.Traces.Sampling;
using static Slipway.Telemetry.Tests.Traces.SpanMaker;

namespace Slipway.Telemetry.Tests.Tempo;

public sealed class TempoApiTests
{
    [Fact]
    public async Task A_trace_is_given_in_json_and_in_protobuf_when_asked()
    {
        await using var door = await WithTracesAsync();
        var json = await door.GetAsync($"/api/traces/{TraceId(1)}");
        Assert.Equal(2, json.GetProperty("batches").GetArrayLength());
        Assert.Equal(TraceId(1), json.GetProperty("batches")[0].GetProperty("scopeSpans")[0].GetProperty("spans")[0].GetProperty("traceId").GetString());
        Assert.Equal(2, (await door.GetAsync($"/api/v2/traces/{TraceId(1)}")).GetProperty("trace").GetProperty("resourceSpans").GetArrayLength());

        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/traces/{TraceId(1)}");
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/protobuf"));
        using var answer = await door.Client.SendAsync(request);
        Assert.Equal(2, new TraceDecoder(new TextCache()).Decode(await answer.Content.ReadAsByteArrayAsync()).Spans.Count);
    }

    [Theory]
    [InlineData("", 3)]
    [InlineData("tags=service.name%3Dstock", 1)]
    [InlineData("tags=service.name%3Dorders%20http.route%3D%22%2Forders%2F%7Bid%7D%22", 1)]
    [InlineData("minDuration=1s", 1)]
    [InlineData("maxDuration=100ms", 2)]
    [InlineData("q=%7B%20status%20%3D%20error%20%7D", 1)]
    [InlineData("service=orders&status=error", 1)]
    [InlineData("attribute=http.route%3D%2Forders%2F%7Bid%7D", 1)]
    [InlineData("limit=2", 2)]
    [InlineData("start=1893499210", 1)]
    [InlineData("end=1893499204", 1)]
    public async Task Traces_are_searched_in_every_way_tempo_knows(string query, int expected)
    {
        await using var door = await WithTracesAsync();
        var found = (await door.GetAsync($"/api/search?{query}")).GetProperty("traces");
        Assert.Equal(expected, found.GetArrayLength());
        Assert.Equal("GET /orders", found[0].GetProperty("rootTraceName").GetString());
        Assert.Equal(expected, (await door.GetAsync($"/slipway/v1/traces?{query}")).GetProperty("traces").GetArrayLength());
    }

    [Theory]
    [InlineData("q=nonsense", "bad-expression", "character 1")]
    [InlineData("minDuration=long", "bad-query", "minDuration")]
    [InlineData("limit=0", "bad-query", "limit")]
    [InlineData("tags=x", "bad-query", "tags")]
    [InlineData("start=yesterday", "bad-query", "start")]
    [InlineData("status=broken", "bad-query", "status")]
    [InlineData("attribute=x", "bad-query", "attribute")]
    public async Task A_mistake_in_a_search_is_named(string query, string code, string part)
    {
        await using var door = await TempoDoor.StartAsync();
        var answer = await door.GetAsync($"/api/search?{query}", HttpStatusCode.BadRequest);
        Assert.Equal(code, answer.GetProperty("code").GetString());
        Assert.Contains(part, answer.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tags_and_their_values_are_told()
    {
        await using var door = await WithTracesAsync();
        Assert.Contains("http.route", (await door.GetAsync("/api/search/tags")).GetProperty("tagNames").EnumerateArray().Select(tag => tag.GetString()));
        Assert.Equal(["resource", "span", "intrinsic"], (await door.GetAsync("/api/v2/search/tags")).GetProperty("scopes").EnumerateArray().Select(scope => scope.GetProperty("name").GetString()));
        Assert.Equal(["orders", "stock"], (await door.GetAsync("/api/search/tag/service.name/values")).GetProperty("tagValues").EnumerateArray().Select(value => value.GetString()));
        Assert.Equal("/orders/{id}", (await door.GetAsync("/api/v2/search/tag/span.http.route/values")).GetProperty("tagValues")[0].GetProperty("value").GetString());
        Assert.Equal("echo", await door.Client.GetStringAsync("/api/echo"));
        Assert.Equal("slipway", (await door.GetAsync("/api/status/buildinfo")).GetProperty("revision").GetString());
    }

    [Fact]
    public async Task A_waterfall_has_everything_to_be_drawn()
    {
        await using var door = await WithTracesAsync();
        var trace = await door.GetAsync($"/slipway/v1/traces/{TraceId(1)}");
        Assert.Equal("kept", trace.GetProperty("state").GetString());
        var (root, child) = (trace.GetProperty("spans")[0], trace.GetProperty("spans")[1]);
        Assert.Equal((0, "GET /orders", "error"), (root.GetProperty("depth").GetInt32(), root.GetProperty("name").GetString(), root.GetProperty("status").GetString()));
        Assert.Equal((1, 5.0, 10.0, "stock"), (child.GetProperty("depth").GetInt32(), child.GetProperty("offsetMs").GetDouble(), child.GetProperty("durationMs").GetDouble(), child.GetProperty("service").GetString()));
        Assert.Equal("/orders/{id}", root.GetProperty("attributes").GetProperty("http.route").GetString());
        var map = await door.GetAsync("/slipway/v1/map?minutes=5");
        Assert.Equal("stock", map.GetProperty("edges")[0].GetProperty("to").GetString());
        Assert.Equal(3, map.GetProperty("nodes")[0].GetProperty("calls").GetInt32());
    }

    [Theory]
    [InlineData("/slipway/v1/traces/")]
    [InlineData("/api/traces/")]
    public async Task What_is_not_there_has_a_reason(string path)
    {
        await using var door = await TempoDoor.StartAsync(options => options with { Rules = SamplingRules.Default with { Ratio = 0 } });
        door.Open.Store.Append([Span(1)]);
        door.Open.Settle();
        door.Open.Time.Advance(TimeSpan.FromMinutes(10));
        door.Open.Store.Step();
        Assert.Equal("sampled-out", (await door.GetAsync(path + TraceId(1), HttpStatusCode.NotFound)).GetProperty("code").GetString());
        Assert.Equal("never-seen", (await door.GetAsync(path + TraceId(2), HttpStatusCode.NotFound)).GetProperty("code").GetString());
        Assert.Equal("bad-trace-id", (await door.GetAsync(path + "xyz", HttpStatusCode.BadRequest)).GetProperty("code").GetString());
    }

    private static async Task<TempoDoor> WithTracesAsync()
    {
        var door = await TempoDoor.StartAsync();
        door.Open.Store.Append(
        [
            Span(1, status: SpanStatus.Error, attributes: Attribute("http.route", "/orders/{id}")),
            Span(1, 1, 0, "stock", "reserve", start: 5_000_000, milliseconds: 10),
            Span(2, start: 5 * Second, milliseconds: 1500),
            Span(3, start: 20 * Second),
        ]);
        door.Open.Settle();
        return door;
    }
}
