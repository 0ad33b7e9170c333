using Slipway.Telemetry.Traces;
using Slipway.Telemetry.Traces.Gathering;
using Slipway.Telemetry.Traces.Sampling;
using Slipway.Telemetry.Traces.Searching;
using static Slipway.Telemetry.Tests.Traces.SpanMaker;

namespace Slipway.Telemetry.Tests.Traces;

public sealed class TraceStoreTests
{
    [Fact]
    public async Task A_trace_is_found_before_it_is_complete_after_it_is_written_and_after_a_restart()
    {
        await using var open = await OpenStore.StartAsync();
        open.Store.Append([Span(1), Span(1, 1, 0, "stock", "reserve")]);
        Assert.Equal(TraceState.Unfinished, open.Store.Find(TraceId(1)).State);

        open.Settle();
        Assert.Equal(TraceState.Kept, open.Store.Find(TraceId(1)).State);

        await open.Store.DisposeAsync();
        await open.ReopenAsync();
        var found = open.Store.Find(TraceId(1));
        Assert.Equal(["GET /orders", "reserve"], found.Spans.Select(span => span.Name));
        Assert.Equal(TraceState.Kept, found.State);
    }

    [Fact]
    public async Task Late_spans_join_a_trace_that_is_kept_also_after_a_restart()
    {
        await using var open = await OpenStore.StartAsync(options => options with { Rules = SamplingRules.Default with { Ratio = 0 } });
        open.Store.Append([Span(1, status: SpanStatus.Error)]);
        open.Settle();
        open.Store.Append([Span(1, 1, 0)]);
        open.Settle();
        await open.Store.DisposeAsync();
        await open.ReopenAsync(options => options with { Rules = SamplingRules.Default with { Ratio = 0 } });
        open.Store.Append([Span(1, 2, 0)]);
        open.Settle();
        Assert.Equal(3, open.Store.Find(TraceId(1)).Spans.Count);
    }

    [Fact]
    public async Task A_trace_that_is_not_kept_can_be_seen_for_some_minutes_and_then_it_is_told_why_it_is_gone()
    {
        await using var open = await OpenStore.StartAsync(options => options with { Rules = SamplingRules.Default with { Ratio = 0 } });
        open.Store.Append([Span(1)]);
        open.Settle();
        Assert.Equal(TraceState.Unsampled, open.Store.Find(TraceId(1)).State);
        Assert.Equal(TraceState.Unsampled, Assert.Single(open.Store.Search(new TraceSearch(), CancellationToken.None).Traces).State);

        open.Time.Advance(TimeSpan.FromMinutes(6));
        open.Store.Step();
        Assert.Equal("sampled-out", open.Store.Find(TraceId(1)).Missing);
        Assert.Equal("never-seen", open.Store.Find(TraceId(2)).Missing);
        Assert.Equal(1, open.Store.Counters.SampledOutTraces);
    }

    [Fact]
    public async Task A_late_error_brings_back_what_was_sampled_out_a_moment_ago()
    {
        await using var open = await OpenStore.StartAsync(options => options with { Rules = SamplingRules.Default with { Ratio = 0 } });
        open.Store.Append([Span(1)]);
        open.Settle();
        open.Store.Append([Span(1, 1, 0, status: SpanStatus.Error)]);
        open.Settle();
        var found = open.Store.Find(TraceId(1));
        Assert.Equal(2, found.Spans.Count);
        Assert.Equal(TraceState.Kept, found.State);
    }

    [Fact]
    public async Task Traces_older_than_the_retention_go_and_are_said_to_have_expired_but_the_newest_file_stays()
    {
        await using var open = await OpenStore.StartAsync(options => options with { Retention = TimeSpan.FromDays(1) });
        open.Store.Append([Span(1)]);
        open.Settle();
        open.Time.Advance(TimeSpan.FromDays(400));
        open.Store.Step();
        Assert.Single(open.Store.Find(TraceId(1)).Spans);

        open.Store.Append([Span(2)]);
        open.Settle();
        open.Settle();
        Assert.Equal("expired", open.Store.Find(TraceId(1)).Missing);
        Assert.Single(open.Store.Find(TraceId(2)).Spans);
    }

    [Fact]
    public async Task The_oldest_go_when_the_files_need_more_room_than_they_may()
    {
        await using var open = await OpenStore.StartAsync(options => options with { BytesMax = 1 });
        for (var trace = 0; trace < 3; trace++)
        {
            open.Store.Append([Span(trace)]);
            open.Settle();
            open.Time.Advance(TimeSpan.FromHours(1));
            open.Store.Step();
        }

        Assert.Equal("expired", open.Store.Find(TraceId(0)).Missing);
        Assert.Single(open.Store.Find(TraceId(2)).Spans);
    }

    [Fact]
    public async Task Packing_a_file_changes_nothing_that_can_be_asked()
    {
        await using var open = await OpenStore.StartAsync();
        for (var trace = 0; trace < 50; trace++)
        {
            open.Store.Append([Span(trace, start: trace * Second), Span(trace, 1, 0, "stock")]);
            open.Settle();
        }

        open.Time.Advance(TimeSpan.FromHours(1));
        open.Store.Step();
        Assert.Equal([".traces"], Directory.GetFiles(open.Folder).Select(Path.GetExtension));
        Assert.Equal(50, open.Store.Search(new TraceSearch { Limit = 100 }, CancellationToken.None).Traces.Count);
        Assert.All(Enumerable.Range(0, 50), trace => Assert.Equal(2, open.Store.Find(TraceId(trace)).Spans.Count));
    }

    [Fact]
    public async Task A_flood_is_bounded_in_memory_and_every_span_is_accounted_for()
    {
        await using var open = await OpenStore.StartAsync(options => options with { MemoryMax = 2 * 1024 * 1024 });
        var taken = 0;
        for (var batch = 0; batch < 200; batch++)
        {
            taken += open.Store.Append([.. Enumerable.Range(0, 100).Select(span => Span((batch * 100) + span))]);
            Assert.InRange(open.Store.MemoryBytes, 0, 3 * 1024 * 1024);
        }

        Assert.True(taken < 20_000);
        Assert.Equal(20_000 - taken, open.Store.Counters.RefusedSpans);
        open.Store.Step(everything: true);
        Assert.Equal((taken, 0), (open.Store.Counters.KeptSpans, open.Store.Counters.LostSpans));
        Assert.Equal(100, open.Store.Append([.. Enumerable.Range(0, 100).Select(span => Span(30_000 + span))]));
    }

    [Fact]
    public async Task A_trace_without_end_takes_a_bounded_number_of_spans()
    {
        await using var open = await OpenStore.StartAsync(options => options with { SpansOfTraceMax = 10 });
        open.Store.Append([.. Enumerable.Range(0, 50).Select(span => Span(1, span))]);
        open.Settle();
        Assert.Equal(10, open.Store.Find(TraceId(1)).Spans.Count);
        Assert.Equal(40, open.Store.Counters.OversizeSpans);
    }

    [Fact]
    public async Task Where_nothing_can_be_written_traces_are_dropped_and_counted_and_it_goes_on_when_it_can()
    {
        await using var open = await OpenStore.StartAsync();
        Directory.Delete(open.Folder, recursive: true);
        File.WriteAllText(open.Folder, "in the way");
        open.Store.Append([Span(1)]);
        open.Settle();
        Assert.Equal(1, open.Store.Counters.LostTraces);
        Assert.Equal("dropped", open.Store.Find(TraceId(1)).Missing);

        File.Delete(open.Folder);
        Directory.CreateDirectory(open.Folder);
        open.Store.Append([Span(2)]);
        open.Settle();
        Assert.Single(open.Store.Find(TraceId(2)).Spans);
    }

    [Fact]
    public async Task When_more_would_be_kept_than_the_budget_allows_the_share_is_lowered_and_rises_again()
    {
        await using var open = await OpenStore.StartAsync(options => options with { KeptSpansPerSecond = 10 });
        open.Store.Append([.. Enumerable.Range(0, 1000).Select(trace => Span(trace))]);
        open.Settle();
        Assert.InRange(open.Store.RatioFactor, 0.01, 0.2);
        Assert.True(open.Store.EffectiveRatio < 0.2);
        open.Time.Advance(TimeSpan.FromSeconds(1));
        for (var second = 0; second < 60; second++)
        {
            open.Time.Advance(TimeSpan.FromSeconds(1));
            open.Store.Step();
        }

        Assert.Equal(1, open.Store.RatioFactor);
    }

    [Fact]
    public async Task Running_it_decides_writes_and_packs_by_itself_until_it_is_stopped()
    {
        await using var open = await OpenStore.StartAsync();
        using var stop = new CancellationTokenSource();
        var running = Task.Run(() => open.Store.RunAsync(stop.Token));
        open.Store.Append([Span(1)]);
        await PassAsync(() => open.Store.Counters.KeptTraces == 1, TimeSpan.FromSeconds(1));
        await PassAsync(() => Directory.GetFiles(open.Folder, "*.traces").Length == 1 && Directory.GetFiles(open.Folder, "*.live").Length == 0, TimeSpan.FromMinutes(1));
        await stop.CancelAsync();
        await running;
        Assert.Single(open.Store.Find(TraceId(1)).Spans);

        async Task PassAsync(Func<bool> condition, TimeSpan step)
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            while (!condition())
            {
                open.Time.Advance(step);
                await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, limit.Token);
            }
        }
    }

    [Fact]
    public async Task Searching_and_finding_go_on_while_files_are_written_packed_and_let_go()
    {
        await using var open = await OpenStore.StartAsync(options => options with { BytesMax = 8_000 });
        using var stop = new CancellationTokenSource();
        var asking = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                _ = open.Store.Search(new TraceSearch { Condition = TraceQueryParser.Parse("{ kind = server }").Value }, CancellationToken.None);
                _ = open.Store.Find(TraceId(3));
            }
        });
        for (var trace = 0; trace < 60; trace++)
        {
            open.Store.Append([.. Enumerable.Range(0, 20).Select(span => Span(trace, span))]);
            open.Settle();
            open.Time.Advance(TimeSpan.FromMinutes(10));
            open.Store.Step();
            Assert.Equal(20, open.Store.Find(TraceId(trace)).Spans.Count);
        }

        await stop.CancelAsync();
        await asking;
        Assert.True(open.Store.DiskBytes < 16_000);
        Assert.Equal("expired", open.Store.Find(TraceId(0)).Missing);
    }
}
