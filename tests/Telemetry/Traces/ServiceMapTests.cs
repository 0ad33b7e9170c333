using Slipway.Telemetry.Traces;
using Slipway.Telemetry.Traces.Sampling;
using static Slipway.Telemetry.Tests.Traces.SpanMaker;

namespace Slipway.Telemetry.Tests.Traces;

public sealed class ServiceMapTests
{
    [Fact]
    public async Task The_map_counts_every_call_though_no_trace_is_kept()
    {
        await using var open = await OpenStore.StartAsync(options => options with { Rules = SamplingRules.Default with { Ratio = 0 } });
        for (var trace = 0; trace < 100; trace++)
        {
            open.Store.Append(
            [
                Span(trace, 0, null, "web", milliseconds: 100),
                Span(trace, 1, 0, "web", "call orders", kind: SpanKind.Client),
                Span(trace, 2, 1, "orders", milliseconds: trace < 50 ? 10 : 40),
                Span(trace, 3, 2, "orders", "compute", kind: SpanKind.Internal),
                Span(trace, 4, 2, "orders", "SELECT", kind: SpanKind.Client, attributes: Attribute("db.system.name", "postgresql")),
            ]);
        }

        open.Settle();
        var map = open.Store.Map(TimeSpan.FromMinutes(5));
        Assert.Equal(["orders", "postgresql", "web"], map.Nodes.Select(node => node.Service));
        Assert.All(map.Nodes, node => Assert.Equal(100, node.Calls));
        Assert.Equal([("orders", "postgresql"), ("web", "orders")], map.Edges.Select(edge => (edge.From, edge.To)));
        Assert.True(map.Nodes.Single(node => node.Service == "postgresql").External);
        Assert.InRange(map.Edges[1].P95Milliseconds, 34, 46);
        Assert.InRange(map.Edges[1].P50Milliseconds, 8, 12);
        Assert.Equal(100, open.Store.Calls().Single(calls => calls is { From: "web", To: "orders" }).Calls);
        Assert.Equal(2.5, open.Store.Calls().Single(calls => calls is { From: "", To: "orders" }).Seconds, 6);
    }

    [Fact]
    public async Task Errors_are_counted_and_old_minutes_leave_the_window()
    {
        await using var open = await OpenStore.StartAsync();
        open.Store.Append([Span(1, status: SpanStatus.Error)]);
        open.Settle();
        Assert.Equal(1, Assert.Single(open.Store.Map(TimeSpan.FromMinutes(5)).Nodes).Errors);
        open.Time.Advance(TimeSpan.FromMinutes(7));
        Assert.Empty(open.Store.Map(TimeSpan.FromMinutes(5)).Nodes);
    }
}
