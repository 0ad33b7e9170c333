using System.Diagnostics.Metrics;
using Slipway.Sdk.Hosting;
using Slipway.Sdk.Hosting.Conformance;
using Slipway.Sdk.Sample;
using Slipway.Sdk.Telemetry;

namespace Slipway.Sdk.Tests.Telemetry;

public sealed class MetricsTests
{
    [Fact]
    public async Task Requests_are_counted_by_route_method_and_status()
    {
        await using var service = await RunningService.StartAsync(SampleService.Create, SampleService.Map);
        foreach (var path in (string[])["/api/v1/notes", "/api/v1/notes", "/api/v1/notes/0198f2c5-0fe1-7c44-b5d2-0c9e8f7a6b51", "/api/v1/broken", "/random/1"])
        {
            using var response = await service.Client.GetAsync(path);
        }

        // The figures of a request are recorded after its answer has left.
        await Eventually.TrueAsync(async () => (await TextAsync(service)).Contains("unmatched", StringComparison.Ordinal), "the last request is counted");
        var text = await TextAsync(service);

        Assert.Contains("# TYPE http_server_request_duration_seconds histogram", text, StringComparison.Ordinal);
        Assert.Contains("http_server_request_duration_seconds_count{http_route=\"/api/v1/notes\",http_request_method=\"GET\",http_response_status_code=\"200\"} 2\n", text, StringComparison.Ordinal);
        Assert.Contains("http_server_request_duration_seconds_bucket{http_route=\"/api/v1/notes/{id:guid}\",http_request_method=\"GET\",http_response_status_code=\"200\",le=\"+Inf\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("http_route=\"/api/v1/broken\",http_request_method=\"GET\",http_response_status_code=\"500\"", text, StringComparison.Ordinal);
        Assert.Contains("http_route=\"unmatched\",http_request_method=\"GET\",http_response_status_code=\"404\"", text, StringComparison.Ordinal);
        Assert.DoesNotContain("0198f2c5", text, StringComparison.Ordinal);
        Assert.DoesNotContain("/live", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_services_own_figures_are_there_too()
    {
        await using var service = await RunningService.StartAsync(SampleService.Create, SampleService.Map);
        for (var call = 0; call < 3; call++)
        {
            using var response = await service.Client.GetAsync("/api/v1/count");
        }

        Assert.Contains("# HELP sample_notes_counted_total Notes that were counted.\n# TYPE sample_notes_counted_total counter\nsample_notes_counted_total{kind=\"plain\"} 3\n", await TextAsync(service), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_newer_format_has_examples_that_lead_to_traces_and_an_end()
    {
        await using var service = await RunningService.StartAsync(SampleService.Create, SampleService.Map);
        using var sent = new HttpRequestMessage(HttpMethod.Get, "/api/v1/notes");
        sent.Headers.TryAddWithoutValidation("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
        await Answer.OfAsync(service.Client, sent);
        await Eventually.TrueAsync(async () => (await TextAsync(service)).Contains("/api/v1/notes", StringComparison.Ordinal), "the request is counted");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        request.Headers.TryAddWithoutValidation("Accept", "application/openmetrics-text;version=1.0.0,text/plain;q=0.5");

        var answer = await Answer.OfAsync(service.Client, request);

        Assert.StartsWith("application/openmetrics-text", answer.Header("Content-Type"), StringComparison.Ordinal);
        Assert.Contains("# {trace_id=\"4bf92f3577b34da6a3ce929d0e0e4736\"}", answer.Body, StringComparison.Ordinal);
        Assert.Contains("# TYPE process_cpu_seconds counter\n", answer.Body, StringComparison.Ordinal);
        Assert.EndsWith("# EOF\n", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_services_in_one_process_do_not_count_each_others_requests()
    {
        await using var one = await RunningService.StartAsync(SampleService.Create, SampleService.Map);
        await using var other = await RunningService.StartAsync(SampleService.Create, SampleService.Map);
        using var response = await one.Client.GetAsync("/api/v1/notes");
        await Eventually.TrueAsync(async () => (await TextAsync(one)).Contains("/api/v1/notes", StringComparison.Ordinal), "the request is counted");

        Assert.DoesNotContain("/api/v1/notes", await TextAsync(other), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Labels_without_end_share_one_series_at_last()
    {
        using var meter = new Meter("Slipway.Test.Labels");
        using var registry = new MetricsRegistry(meter, TimeProvider.System);
        await registry.RequestDurationsAsync();
        var counter = meter.CreateCounter<long>("seen");
        for (var value = 0; value < 2_500; value++)
        {
            counter.Add(1, new KeyValuePair<string, object?>("id", value));
        }

        var family = (await registry.SnapshotAsync()).Single(family => family.Name == "seen");

        Assert.Equal(2_001, family.Scalars.Count());
        Assert.Equal(500, family.Scalars.Single(series => series.Key.Text == "overflow=\"true\"").Value.Value);
    }

    [Fact]
    public async Task Every_kind_of_instrument_is_written()
    {
        using var meter = new Meter("Slipway.Test.Kinds");
        using var registry = new MetricsRegistry(meter, TimeProvider.System);
        await registry.RequestDurationsAsync();
        meter.CreateUpDownCounter<int>("queue.length").Add(5);
        meter.CreateObservableGauge("pool.size", () => 7, "{connection}");
        meter.CreateObservableCounter("bytes.read", () => 9L, "By");
        meter.CreateHistogram<long>("items", null, "Items.", null, new InstrumentAdvice<long> { HistogramBucketBoundaries = [1, 2] }).Record(2);
        var text = new Exposition(openMetrics: false);
        foreach (var family in (await registry.SnapshotAsync()).Where(family => family.Name is "queue_length" or "pool_size" or "bytes_read_bytes" or "items"))
        {
            text.Write(family);
        }

        Assert.Equal(
            """
            # HELP bytes_read_bytes_total bytes.read
            # TYPE bytes_read_bytes_total counter
            bytes_read_bytes_total 9
            # HELP items Items.
            # TYPE items histogram
            items_bucket{le="1"} 0
            items_bucket{le="2"} 1
            items_bucket{le="+Inf"} 1
            items_sum 2
            items_count 1
            # HELP pool_size pool.size
            # TYPE pool_size gauge
            pool_size 7
            # HELP queue_length queue.length
            # TYPE queue_length gauge
            queue_length 5

            """,
            text.End());
    }

    [Fact]
    public void A_label_value_cannot_break_out_of_its_line() =>
        Assert.Equal("a_b=\"x\\\"y\\\\z\\nq\"", new Labels([new("a.b", "x\"y\\z\nq")]).Text);

    private static Task<string> TextAsync(RunningService service) => service.Client.GetStringAsync("/metrics");
}
