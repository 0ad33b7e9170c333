using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Sdk.Hosting;
using Slipway.Sdk.Sample;
using Slipway.Sdk.Settings;
using Slipway.Sdk.Telemetry;

namespace Slipway.Sdk.Tests.Telemetry;

public sealed class TraceExportTests
{
    private const string TraceId = "5bf92f3577b34da6a3ce929d0e0e4736";
    private const string Parent = "00f067aa0ba902b7";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_request_is_one_span_of_its_senders_trace()
    {
        await using var collector = await Collector.StartAsync();
        await using var service = await StartAsync(collector);
        await SendAsync(service, "/api/v1/notes/0198f2c5-0fe1-7c44-b5d2-0c9e8f7a6b51", "01");

        var span = await collector.SpanAsync(span => span.TraceId == TraceId);

        Assert.Equal(("GET /api/v1/notes/{id:guid}", 2, Parent, "Slipway.sample", 0), (span.Name, span.Kind, span.Parent, span.Source, span.Status));
        Assert.Equal(("GET", "/api/v1/notes/{id:guid}", "/api/v1/notes/0198f2c5-0fe1-7c44-b5d2-0c9e8f7a6b51", "200"), (
            span.Attributes["http.request.method"], span.Attributes["http.route"], span.Attributes["url.path"], span.Attributes["http.response.status_code"]));
        Assert.True(span.End >= span.Start && span.Start > 0);
        Assert.Single(collector.Spans, one => one.TraceId == TraceId);
    }

    [Fact]
    public async Task The_answer_names_its_trace()
    {
        await using var service = await RunningService.StartAsync(SampleService.Create, SampleService.Map);

        using var answer = await SendAsync(service, "/api/v1/notes", "01");
        using var own = await service.Client.GetAsync("/api/v1/nowhere", Cancellation);

        Assert.Equal(TraceId, Header(answer, "X-Trace-Id"));
        Assert.StartsWith($"00-{TraceId}-", Header(answer, "traceparent"), StringComparison.Ordinal);
        Assert.EndsWith("-01", Header(answer, "traceparent"), StringComparison.Ordinal);
        Assert.DoesNotContain(Parent, Header(answer, "traceparent"), StringComparison.Ordinal);
        Assert.Equal(Header(own, "traceparent").Split('-')[1], Header(own, "X-Trace-Id"));
        Assert.EndsWith("-01", Header(own, "traceparent"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failed_request_is_an_error_with_its_exception_and_without_secrets()
    {
        await using var collector = await Collector.StartAsync();
        await using var service = await StartAsync(collector);
        await SendAsync(service, "/api/v1/broken", "01");

        var span = await collector.SpanAsync(span => span.TraceId == TraceId);

        Assert.Equal((2, "System.InvalidOperationException", "500"), (span.Status, span.Attributes["error.type"], span.Attributes["http.response.status_code"]));
        var told = Assert.Single(span.Events);
        Assert.Equal(("exception", "System.InvalidOperationException"), (told.Name, told.Attributes["exception.type"]));
        Assert.Contains("SampleService", told.Attributes["exception.stacktrace"], StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", span.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sender_that_does_not_record_is_not_recorded_here()
    {
        await using var collector = await Collector.StartAsync();
        await using (var service = await StartPatientlyAsync(collector))
        {
            using var answer = await SendAsync(service, "/api/v1/notes", "00");
            using var other = await service.Client.GetAsync("/api/v1/count", Cancellation);

            Assert.EndsWith("-00", Header(answer, "traceparent"), StringComparison.Ordinal);
        }

        var span = Assert.Single(collector.Spans);
        Assert.Equal("GET /api/v1/count", span.Name);
    }

    [Fact]
    public async Task What_the_environment_says_about_the_program_travels_along()
    {
        await using var collector = await Collector.StartAsync();
        await using var service = await StartAsync(
            collector,
            ("OTEL_SERVICE_NAME", "notes"),
            ("OTEL_RESOURCE_ATTRIBUTES", "service.namespace=shop,service.instance.id=notes-1,slipway.revision=notes%2D00007"),
            ("OTEL_EXPORTER_OTLP_HEADERS", "x-tenant=a%20b"),
            ("OTEL_EXPORTER_OTLP_COMPRESSION", "gzip"));
        await SendAsync(service, "/api/v1/notes", "01");

        var span = await collector.SpanAsync(span => span.TraceId == TraceId);

        Assert.Equal(("notes", "shop", "notes-1", "notes-00007"), (
            span.Resource["service.name"], span.Resource["service.namespace"], span.Resource["service.instance.id"], span.Resource["slipway.revision"]));
        Assert.Equal(("a b", "gzip", "application/x-protobuf"), (
            collector.Headers["x-tenant"].ToString(), collector.Headers.ContentEncoding.ToString(), collector.Headers.ContentType.ToString()));
    }

    [Fact]
    public async Task A_collector_may_speak_grpc()
    {
        await using var collector = await Collector.StartAsync(grpc: true);
        await using var service = await StartAsync(collector, ("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"));
        await SendAsync(service, "/api/v1/notes", "01");

        Assert.Equal("GET /api/v1/notes", (await collector.SpanAsync(span => span.TraceId == TraceId)).Name);
        Assert.Contains("slipway_spans_sent_total", await service.Client.GetStringAsync("/metrics", Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_collector_refuses_for_a_while_arrives_later()
    {
        await using var collector = await Collector.StartAsync();
        collector.Refusals = 2;
        await using var service = await StartAsync(collector);
        await SendAsync(service, "/api/v1/notes", "01");

        await collector.SpanAsync(span => span.TraceId == TraceId);

        Assert.Contains("slipway_spans_dropped_total 0\n", await service.Client.GetStringAsync("/metrics", Cancellation), StringComparison.Ordinal);
        await Eventually.TrueAsync(() => service.Log.All.Count(line => line.Contains("does not take spans", StringComparison.Ordinal)) == 1, "it is told once");
    }

    [Fact]
    public async Task What_waits_is_sent_when_the_service_stops()
    {
        await using var collector = await Collector.StartAsync();
        await using (var service = await StartPatientlyAsync(collector))
        {
            await SendAsync(service, "/api/v1/notes", "01");
            Assert.Empty(collector.Spans);
        }

        Assert.Single(collector.Spans);
    }

    [Fact]
    public async Task Spans_without_room_are_dropped_and_counted()
    {
        await using var collector = await Collector.StartAsync();
        await using var service = await StartAsync(collector, ("OTEL_BSP_SCHEDULE_DELAY", "3600000"), ("OTEL_BSP_MAX_QUEUE_SIZE", "4"), ("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "4"));
        collector.Refusals = int.MaxValue;
        for (var request = 0; request < 20; request++)
        {
            await SendAsync(service, "/api/v1/notes", "01");
        }

        // Four are in the batch that the collector refuses at most, and four in the queue.
        await Eventually.TrueAsync(() => service.Services.GetRequiredService<SpanExport>().Dropped >= 12, "what found no room is counted");
    }

    [Fact]
    public void A_queue_gives_whole_batches_first_and_drops_what_has_no_room()
    {
        using var queue = new SpanQueue(3, 2);
        using var one = new Activity("one").Start();
        foreach (var round in Enumerable.Range(0, 5))
        {
            for (var span = 0; span < 4; span++)
            {
                queue.Add(one);
            }

            var (first, second, none) = (queue.Take()!, queue.Take()!, queue.Take());

            Assert.Equal((2, 1, null, round + 1L), (first.Count, second.Count, none, queue.Dropped));
            Assert.Equal(2, ProtobufMessage.Read(first.Document([]).ToArray()).Messages(1).Single().Messages(2).Single().Messages(2).Count(span => span.Text(5) == "one"));
            queue.Return(first);
            queue.Return(second);
        }
    }

    [Fact]
    public async Task Figures_are_sent_where_nobody_comes_for_them()
    {
        await using var collector = await Collector.StartAsync();
        await using (var service = await StartPatientlyAsync(collector))
        {
            await SendAsync(service, "/api/v1/notes", "01");
        }

        var durations = Assert.Single(collector.Figures, figure => figure.Text(1) == "http.server.request.duration");
        var point = durations.Messages(9).Single().Messages(1).Single();
        Assert.Equal(("s", 1, 2), (durations.Text(3), point.Number(4), durations.Messages(9).Single().Number(2)));
        Assert.Equal("/api/v1/notes", point.Attributes(9)["http.route"]);
        Assert.Equal(TraceId, Convert.ToHexStringLower(point.Messages(8).Single().Bytes(5)));
    }

    [Fact]
    public async Task On_the_platform_figures_are_not_sent_as_well()
    {
        await using var collector = await Collector.StartAsync();
        await using (var service = await StartPatientlyAsync(collector, ("K_REVISION", "sample-00001"), ("SLIPWAY_GATEWAY", "http://127.0.0.1:8080")))
        {
            await SendAsync(service, "/api/v1/notes", "01");
        }

        Assert.Empty(collector.Figures);
        Assert.Single(collector.Spans);
    }

    [Fact]
    public async Task A_command_is_one_span()
    {
        await using var collector = await Collector.StartAsync();

        var exitCode = await SampleService.Create(
            ["--set", $"OTEL_EXPORTER_OTLP_ENDPOINT={collector.Address}", "--set", "OTEL_SERVICE_NAME=sample-greet", "greet", "you"],
            options =>
            {
                options.Environment = _ => null;
                options.Time = new PatientTime();
            }).RunAsync(SampleService.Map);

        var span = Assert.Single(collector.Spans);
        Assert.Equal((3, "greet", 1, "", 2, "3"), (exitCode, span.Name, span.Kind, span.Parent, span.Status, span.Attributes["process.exit.code"]));
        Assert.Equal("sample-greet", span.Resource["service.name"]);
    }

    [Theory]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4318", "OTEL_EXPORTER_OTLP_ENDPOINT must be an address")]
    [InlineData("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "nowhere", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT must be an address")]
    [InlineData("OTEL_EXPORTER_OTLP_PROTOCOL", "http/json", "OTEL_EXPORTER_OTLP_PROTOCOL must be one of http/protobuf, grpc")]
    [InlineData("OTEL_TRACES_EXPORTER", "zipkin", "OTEL_TRACES_EXPORTER must be one of otlp, none")]
    [InlineData("OTEL_EXPORTER_OTLP_HEADERS", "secret", "OTEL_EXPORTER_OTLP_HEADERS must be a list such as name=value")]
    [InlineData("OTEL_BSP_MAX_QUEUE_SIZE", "0", "OTEL_BSP_MAX_QUEUE_SIZE must be a whole number from 1")]
    public void A_wrong_setting_is_told_and_nothing_starts(string name, string value, string mistake)
    {
        var service = SampleService.Create(
            ["--set", "OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318", "--set", $"{name}={value}"], options => options.Environment = _ => null);

        var thrown = Assert.Throws<SettingsException>(() => service.Build(SampleService.Map));

        Assert.StartsWith(mistake, Assert.Single(thrown.Mistakes), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("OTEL_TRACES_EXPORTER", "none")]
    [InlineData("OTEL_SDK_DISABLED", "true")]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", "")]
    public async Task Nothing_listens_where_nothing_is_to_be_sent(string name, string value)
    {
        await using var service = await RunningService.StartAsync(SampleService.Create, SampleService.Map, new Dictionary<string, string?>
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://127.0.0.1:1",
            [name] = value,
        });

        Assert.Null(service.Services.GetService<SpanExport>());
    }

    private static Task<RunningService> StartAsync(Collector collector, params (string Name, string Value)[] settings) => StartAsync(collector, TimeProvider.System, settings);

    /// <summary>Sends nothing before it stops, and takes its time then.</summary>
    private static Task<RunningService> StartPatientlyAsync(Collector collector, params (string Name, string Value)[] settings) => StartAsync(collector, new PatientTime(), settings);

    private static Task<RunningService> StartAsync(Collector collector, TimeProvider time, (string Name, string Value)[] settings)
    {
        var environment = new Dictionary<string, string?> { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Address, ["OTEL_BSP_SCHEDULE_DELAY"] = "20" };
        foreach (var (name, value) in settings)
        {
            environment[name] = value;
        }

        return RunningService.StartAsync(SampleService.Create, SampleService.Map, environment, time);
    }

    private static async Task<HttpResponseMessage> SendAsync(RunningService service, string path, string flags)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("traceparent", $"00-{TraceId}-{Parent}-{flags}");
        return await service.Client.SendAsync(request, Cancellation);
    }

    private static string Header(HttpResponseMessage answer, string name) => answer.Headers.GetValues(name).Single();
}
