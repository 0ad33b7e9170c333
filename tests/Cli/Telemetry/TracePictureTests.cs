using System.Text.Json.Nodes;
using Slipway.Cli.Telemetry;
using Slipway.Cli.Terminal;

namespace Slipway.Cli.Tests.Telemetry;

public sealed class TracePictureTests
{
    private const string Answer = """
        {"batches":[
          {"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"orders"}}]},
           "scopeSpans":[{"spans":[
             {"spanId":"b","parentSpanId":"a","name":"POST /orders","kind":2,"startTimeUnixNano":"1010000000","endTimeUnixNano":"1090000000","status":{}},
             {"spanId":"c","parentSpanId":"b","name":"INSERT","startTimeUnixNano":"1020000000","endTimeUnixNano":"1060000000","status":{"code":2,"message":"duplicate key"},
              "attributes":[{"key":"db.query.text","value":{"stringValue":"insert into\n  orders"}}]}]}]},
          {"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"slipway-gateway"}}]},
           "scopeSpans":[{"spans":[
             {"spanId":"a","parentSpanId":"ffff000000000000","name":"POST orders","startTimeUnixNano":"1000000000","endTimeUnixNano":"1100000000",
              "attributes":[{"key":"http.response.status_code","value":{"intValue":"500"}},{"key":"slipway.cold_start","value":{"boolValue":false}}]}]}]}]}
        """;

    [Fact]
    public void Spans_stand_below_their_parents_whatever_order_they_came_in()
    {
        var trace = TracePicture.Read(JsonNode.Parse(Answer)!);

        Assert.Equal(["0 slipway-gateway", "1 orders", "2 orders"], trace.Walk().Select(row => $"{row.Depth} {row.Span.Service}"));
        Assert.Equal(100_000_000, trace.End - trace.Start);
    }

    [Fact]
    public void Spans_that_name_each_other_as_parents_do_not_hold_the_picture()
    {
        var trace = TracePicture.Read(JsonNode.Parse("""
            {"resourceSpans":[{"scopeSpans":[{"spans":[
              {"spanId":"a","name":"root","startTimeUnixNano":"1","endTimeUnixNano":"2"},
              {"spanId":"b","parentSpanId":"b","name":"its own parent","startTimeUnixNano":"1","endTimeUnixNano":"2"}]}]}]}
            """)!);

        Assert.Equal(["root"], trace.Walk().Select(row => row.Span.Name));
    }

    [Fact]
    public void The_waterfall_says_who_how_long_when_and_what()
    {
        var lines = Waterfall.Lines(TracePicture.Read(JsonNode.Parse(Answer)!), new TerminalWriter(TextWriter.Null, TextWriter.Null), 100).ToList();

        Assert.Matches(@"^slipway-gateway: POST orders\s+100 ms █+$", lines[0]);
        Assert.Contains("status 500", lines[1], StringComparison.Ordinal);
        Assert.DoesNotContain("cold_start", lines[1], StringComparison.Ordinal);
        Assert.Contains(lines, line => line.Contains("insert into orders · duplicate key", StringComparison.Ordinal));
    }
}
