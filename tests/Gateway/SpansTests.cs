using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json;
using Slipway.Gateway.Recording;
using Slipway.Gateway.Tests.World;
using Slipway.Model;
using Slipway.Model.Platform;
using Slipway.Model.Resources;

namespace Slipway.Gateway.Tests;

public sealed class SpansTests
{
    private const string TraceId = "4bf92f3577b34da6a3ce929d0e0e4736";
    private const string Client = "00f067aa0ba902b7";

    [Fact]
    public async Task A_forwarded_request_is_a_span_between_the_clients_and_the_instances()
    {
        await using var world = await GatewayWorld.StartAsync();
        await using var shop = Upstream.Answering("hello");
        await world.ServeAsync("shop", shop);
        var spans = Recorded.By(world);
        var before = TimeProvider.System.GetUtcNow();

        await world.GetAsync("shop.localhost", "/a/b?secret=1", $"traceparent: 00-{TraceId}-{Client}-01\r\nContent-Length: 3\r\n", "POST", "abc");

        var span = await spans.OneAsync(_ => true);
        Assert.Equal((TraceId, Client), (span.TraceId, span.ParentSpanId));
        Assert.Equal($"00-{TraceId}-{span.SpanId}-01", shop.Requests.Single().Field("traceparent"));
        Assert.Equal(("POST", "/a/b", 200, "HTTP/1.1", false), (span.Method, span.Path, span.Status, span.Protocol, span.Secure));
        Assert.Equal(("default", "shop", "shop-00001", "shop-0"), (span.Namespace, span.Service, span.Revision, span.Instance));
        Assert.Equal((1, false, 0.0, null, 3L), (span.Attempts, span.ColdStart, span.QueueSeconds, span.Refusal, span.RequestBytes));
        Assert.True(span.ResponseBytes > 5 && span.Peer is not null);
        Assert.InRange(span.Start, (before.AddSeconds(-1) - DateTimeOffset.UnixEpoch).Ticks * 100, span.End);
    }

    [Fact]
    public async Task A_trace_that_nobody_began_begins_at_the_gateway()
    {
        await using var world = await GatewayWorld.StartAsync();
        await using var shop = Upstream.Answering("hello");
        await world.ServeAsync("shop", shop);
        var spans = Recorded.By(world);

        await world.GetAsync("shop.localhost");
        await world.GetAsync("shop.localhost", extra: "traceparent: nonsense\r\n");

        foreach (var request in shop.Requests)
        {
            var told = request.Field("traceparent")!.Split('-');
            var span = await spans.OneAsync(span => span.TraceId == told[1]);
            Assert.Equal((null, told[2], "01"), (span.ParentSpanId, span.SpanId, told[3]));
        }
    }

    [Theory]
    [InlineData("00", true)]
    [InlineData("02", true)]
    [InlineData("01", false)]
    public async Task What_is_not_recorded_goes_on_as_it_came(string flags, bool attached)
    {
        await using var world = await GatewayWorld.StartAsync();
        await using var shop = Upstream.Answering("hello");
        await world.ServeAsync("shop", shop);
        var spans = attached ? Recorded.By(world) : new Recorded();

        await world.GetAsync("shop.localhost", extra: $"traceparent: 00-{TraceId}-{Client}-{flags}\r\n");

        Assert.Equal($"00-{TraceId}-{Client}-{flags}", shop.Requests.Single().Field("traceparent"));
        await world.Gateway.StopAsync(TimeSpan.FromSeconds(5));
        Assert.Empty(spans.Spans);
    }

    [Fact]
    public async Task Waiting_for_an_instance_and_trying_again_show_in_the_span_and_the_figures()
    {
        await using var world = await GatewayWorld.StartAsync(settings => settings with { Limits = GatewayWorld.QuickLimits with { ConnectAttemptsMax = 1_000 } });
        var spans = Recorded.By(world);
        await using var shop = Upstream.Answering("ok");
        var gone = new Upstream(_ => Task.CompletedTask);
        await gone.DisposeAsync();
        world.Route("shop", ("shop-00001", 100, null));
        await world.RoutedAsync();
        var waiting = world.GetAsync("shop.localhost");
        await GatewayWorld.UntilAsync(() => !world.Directory.Asked.IsEmpty);

        // The first instance that starts does not answer, the second does.
        world.Directory.Publish("shop-00001", ready: [("gone", gone.Address)]);
        world.Directory.Publish("shop-00001", ready: [("here", shop.Address)]);

        Assert.Equal(200, (await waiting).Status);
        var span = await spans.OneAsync(span => span.Service == "shop");
        Assert.True(span is { ColdStart: true, QueueSeconds: > 0, Attempts: > 1, Instance: "here" });
        var text = world.Gateway.PrometheusText();
        Assert.Contains("slipway_gateway_cold_starts_total{namespace=\"default\",service=\"shop\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains($"slipway_gateway_retries_total{{namespace=\"default\",service=\"shop\"}} {span.Attempts - 1}\n", text, StringComparison.Ordinal);
        Assert.Contains("slipway_gateway_queue_seconds_count{namespace=\"default\",service=\"shop\"} 1\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refusal_is_told_by_its_code()
    {
        await using var world = await GatewayWorld.StartAsync();
        var spans = Recorded.By(world);
        world.Route("shop");
        await world.RoutedAsync();

        var unknown = await world.GetAsync("nobody.localhost", extra: $"traceparent: 00-{TraceId}-{Client}-01\r\n");
        await world.GetAsync("shop.localhost");

        Assert.Equal(TraceId, unknown.Field("X-Trace-Id"));
        var refused = await spans.OneAsync(span => span.Refusal == "unknownHost");
        Assert.Equal((404, null, TraceId), (refused.Status, refused.Service, refused.TraceId));
        Assert.Equal("shop", (await spans.OneAsync(span => span.Refusal == "serviceNotReady")).Service);
        var text = world.Gateway.PrometheusText();
        Assert.Contains("slipway_gateway_refusals_total{namespace=\"\",service=\"\",code=\"unknownHost\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("slipway_gateway_refusals_total{namespace=\"default\",service=\"shop\",code=\"serviceNotReady\"} 1\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Requests_of_http2_have_spans_too()
    {
        await using var world = await GatewayWorld.StartAsync();
        await using var shop = Upstream.Answering("hello");
        await world.ServeAsync("shop", shop);
        var spans = Recorded.By(world);
        using var http = new HttpClient(new SocketsHttpHandler { ActivityHeadersPropagator = null });
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://{world.Plain}/a")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Headers = { Host = "shop.localhost" },
        };
        request.Headers.TryAddWithoutValidation("traceparent", $"00-{TraceId}-{Client}-01");

        using var answer = await http.SendAsync(request);

        var span = await spans.OneAsync(_ => true);
        Assert.Equal((TraceId, Client, "HTTP/2", "/a", "shop", 200), (span.TraceId, span.ParentSpanId, span.Protocol, span.Path, span.Service, span.Status));
        Assert.Equal($"00-{TraceId}-{span.SpanId}-01", shop.Requests.Single().Field("traceparent"));
    }

    [Fact]
    public async Task Spans_a_slow_reader_has_no_room_for_are_dropped_and_counted()
    {
        await using var ring = new SpanRing(TimeProvider.System);
        using var slow = new SlowReader();
        ring.Attach(slow);
        ring.Add(Record());
        await GatewayWorld.UntilAsync(() => slow.HasBegun);

        for (var i = 0; i < 5_000; i++)
        {
            ring.Add(Record());
        }

        Assert.Equal(5_000 - 4_096, ring.Dropped);
        slow.GoOn();
        await GatewayWorld.UntilAsync(() => slow.Count == 4_097);
    }

    [Fact]
    public async Task Access_lines_are_handed_over_without_a_file()
    {
        await using var world = await GatewayWorld.StartAsync();
        await using var shop = Upstream.Answering("ok");
        await world.ServeAsync("shop", shop);
        var lines = new Lines();
        world.Gateway.ShareAccessLines(lines);

        await world.GetAsync("shop.localhost", "/x", $"traceparent: 00-{TraceId}-{Client}-01\r\n");

        await GatewayWorld.UntilAsync(() => !lines.All.IsEmpty);
        var line = JsonDocument.Parse(lines.All.Single()).RootElement;
        Assert.Equal((TraceId, "shop", "/x"), (line.GetProperty("trace_id").GetString(), line.GetProperty("service.name").GetString(), line.GetProperty("url.path").GetString()));
    }

    [Fact]
    public async Task The_newer_format_has_traces_as_examples_and_an_end()
    {
        await using var world = await GatewayWorld.StartAsync();
        await using var shop = Upstream.Answering("ok");
        await world.ServeAsync("shop", shop);

        await world.GetAsync("shop.localhost", "/x", $"traceparent: 00-{TraceId}-{Client}-01\r\n");
        await GatewayWorld.UntilAsync(() => world.Gateway.OpenMetricsText().Contains("# {trace_id=", StringComparison.Ordinal));

        var text = world.Gateway.OpenMetricsText();
        Assert.Contains($"}} 1 # {{trace_id=\"{TraceId}\"}} 0.", text, StringComparison.Ordinal);
        Assert.Contains("# TYPE slipway_gateway_requests counter\nslipway_gateway_requests_total{", text, StringComparison.Ordinal);
        Assert.Contains(",le=\"1.0\"}", text, StringComparison.Ordinal);
        Assert.EndsWith("# EOF\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("trace_id", world.Gateway.PrometheusText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_state_of_circuits_is_a_figure()
    {
        await using var world = await GatewayWorld.StartAsync();
        await using var shop = new Upstream(request => request.SendAsync("HTTP/1.1 500 Broken\r\nContent-Length: 0\r\n\r\n"));
        await world.ServeAsync("shop", shop);
        world.Store.Put(Resource.Of(Kinds.TrafficPolicy, GatewayWorld.Meta("care"), "spec", new TrafficPolicySpec
        {
            TargetRef = new TargetReference { Kind = "Service", Name = "shop" },
            CircuitBreaker = new CircuitBreakerSpec { RequestsMin = 2, FailurePercent = 50, Window = "60s", Reset = "60s" },
        }, KindsJson.Default.TrafficPolicySpec));
        await world.RoutedAsync();
        await GatewayWorld.UntilAsync(() => world.Gateway.PrometheusText().Contains("slipway_gateway_circuit_open{namespace=\"default\",policy=\"care\"} 0\n", StringComparison.Ordinal));

        for (var i = 0; i < 3; i++)
        {
            await world.GetAsync("shop.localhost");
        }

        // An answer leaves before it is judged.
        await GatewayWorld.UntilAsync(() => world.Gateway.PrometheusText().Contains("slipway_gateway_circuit_open{namespace=\"default\",policy=\"care\"} 1\n", StringComparison.Ordinal));
        var text = world.Gateway.PrometheusText();
        Assert.Contains("slipway_gateway_circuit_opened_total{namespace=\"default\",policy=\"care\"} 1\n", text, StringComparison.Ordinal);
    }

    private static RequestRecord Record() => new()
    {
        Method = "GET"u8,
        Host = "a"u8,
        Path = "/"u8,
        RequestId = "12345678"u8,
        TraceId = "4bf92f3577b34da6a3ce929d0e0e4736"u8,
        SpanId = "00f067aa0ba902b7"u8,
        Protocol = "HTTP/1.1",
        Status = 200,
        Seconds = 0.1,
    };

    private sealed class Recorded : IRequestSpans
    {
        public ConcurrentQueue<RequestSpan> Spans { get; } = new();

        public static Recorded By(GatewayWorld world)
        {
            var recorded = new Recorded();
            world.Gateway.RecordSpans(recorded);
            return recorded;
        }

        public void Add(in RequestSpan span) => Spans.Enqueue(span);

        public async Task<RequestSpan> OneAsync(Func<RequestSpan, bool> which)
        {
            await GatewayWorld.UntilAsync(() => Spans.Any(which));
            return Spans.Single(which);
        }
    }

    private sealed class Lines : IAccessLines
    {
        public ConcurrentQueue<string> All { get; } = new();

        public void Add(ReadOnlySpan<byte> lines)
        {
            foreach (var line in Encoding.UTF8.GetString(lines).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                All.Enqueue(line);
            }
        }
    }

    private sealed class SlowReader : IRequestSpans, IDisposable
    {
        private readonly ManualResetEventSlim _go = new();
        private int _count;

        public bool HasBegun { get; private set; }

        public int Count => Volatile.Read(ref _count);

        public void Add(in RequestSpan span)
        {
            HasBegun = true;
            _go.Wait(GatewayWorld.Patience);
            Interlocked.Increment(ref _count);
        }

        public void GoOn() => _go.Set();

        public void Dispose() => _go.Dispose();
    }
}
