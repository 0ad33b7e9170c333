using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Telemetry.Exports.Otlp;
using Slipway.Telemetry.Labels;
using Slipway.Telemetry.Logs;
using Slipway.Telemetry.Metrics;
using Slipway.Telemetry.Tests.Traces;

namespace Slipway.Telemetry.Tests.Otlp;

public sealed class OtlpForwarderTests
{
    [Fact]
    public async Task Spans_samples_and_lines_reach_another_collector_as_they_are()
    {
        await using var collector = await OtlpDoors.OpenAsync();
        using var forwarder = Forwarder(collector.Http, new SocketsHttpHandler { UseProxy = false }, TimeProvider.System);
        using var stop = new CancellationTokenSource();
        var running = forwarder.RunAsync(stop.Token);
        forwarder.Append([SpanMaker.Span(1), SpanMaker.Span(2)]);
        forwarder.Append([new LogRecord(LabelSet.Of(("service", "orders"), ("level", "error")), SpanMaker.Noon, "it broke", SpanMaker.TraceId(1))]);
        var series = LabelSet.Of((LabelSet.MetricName, "hits_total"), ("code", "200"));
        forwarder.Append("shop/orders", [new IncomingSample(series, 1000, 7)]);
        await UntilAsync(() => forwarder.Spans.Sent == 2 && forwarder.Lines.Sent == 1 && forwarder.Samples.Sent == 1);
        await stop.CancelAsync();
        await running;

        Assert.Equal([SpanMaker.TraceId(1), SpanMaker.TraceId(2)], collector.Spans.Select(span => span.TraceId).Order());
        var line = Assert.Single(collector.Lines);
        Assert.Equal(("it broke", "error", "orders"), (line.Line, line.Stream["level"], line.Stream["service"]));
        var sample = collector.Samples.Single(entry => entry.Sample.Series.Metric == "hits_total").Sample;
        Assert.Equal((7, 1000, "200"), (sample.Value, sample.At, sample.Series["code"]));
    }

    [Fact]
    public async Task A_busy_collector_is_asked_again_when_it_said_and_what_does_not_fit_is_counted()
    {
        var time = new ManualTime();
        using var collector = new Answers(HttpStatusCode.TooManyRequests, HttpStatusCode.ServiceUnavailable, HttpStatusCode.OK);
        using var forwarder = Forwarder(new Uri("http://collector.test"), collector, time, queue: 3);
        Assert.Equal(3, forwarder.Append([.. Enumerable.Range(0, 5).Select(number => SpanMaker.Span(number))]));
        Assert.Equal(2, forwarder.Spans.Dropped);
        using var stop = new CancellationTokenSource();
        var running = forwarder.RunAsync(stop.Token);
        await UntilAsync(() => collector.Asked == 1 && time.NextTimer == time.GetUtcNow() + TimeSpan.FromSeconds(7));
        time.Advance(TimeSpan.FromSeconds(7));
        await UntilAsync(() => collector.Asked == 2 && time.NextTimer == time.GetUtcNow() + TimeSpan.FromSeconds(7));
        time.Advance(TimeSpan.FromSeconds(7));
        await UntilAsync(() => forwarder.Spans.Sent == 3);
        Assert.Equal(["key-1", "key-1", "key-1"], collector.Keys);
        await stop.CancelAsync();
        await running;
    }

    [Fact]
    public async Task What_a_collector_will_never_take_is_not_sent_twice()
    {
        using var collector = new Answers(HttpStatusCode.BadRequest, HttpStatusCode.OK);
        using var forwarder = Forwarder(new Uri("http://collector.test"), collector, new ManualTime());
        using var stop = new CancellationTokenSource();
        var running = forwarder.RunAsync(stop.Token);
        forwarder.Append([SpanMaker.Span(1)]);
        await UntilAsync(() => forwarder.Spans.Refused == 1);
        forwarder.Append([SpanMaker.Span(2)]);
        await UntilAsync(() => forwarder.Spans.Sent == 1);
        await stop.CancelAsync();
        await running;
    }

    [Theory]
    [InlineData(1, null, 0, 0.5)]
    [InlineData(3, null, 1, 4)]
    [InlineData(20, null, 1, 30)]
    [InlineData(1, 12, 1, 12)]
    [InlineData(1, 36_000, 1, 1)]
    public void Waits_grow_up_to_half_a_minute_and_follow_what_is_asked_for_within_reason(int attempt, int? asked, double random, double seconds) =>
        Assert.Equal(seconds, SendingPace.After(attempt, asked is null ? null : TimeSpan.FromSeconds(asked.Value), random).TotalSeconds, 3);

    [Fact]
    public void Headers_are_read_as_open_telemetry_writes_them()
    {
        Assert.Equal([KeyValuePair.Create("x-key", "a b"), KeyValuePair.Create("team", "shop")], OtlpForwarderOptions.ParseHeaders("x-key=a%20b, team=shop"));
        Assert.Null(OtlpForwarderOptions.ParseHeaders("no value"));
        Assert.Null(OtlpForwarderOptions.ParseHeaders("a=b%0d%0ac"));
    }

    private static OtlpForwarder Forwarder(Uri endpoint, HttpMessageHandler handler, TimeProvider time, int queue = 100) => new(
        new OtlpForwarderOptions { Endpoint = endpoint, Headers = [KeyValuePair.Create("x-key", "key-1")], Samples = true, Lines = true, QueueMax = queue },
        handler, time, () => 0.5, NullLoggerFactory.Instance);

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!condition())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, limit.Token);
        }
    }

    /// <summary>A collector that answers what it was told to, in turn.</summary>
    private sealed class Answers(params HttpStatusCode[] answers) : HttpMessageHandler
    {
        private readonly Queue<HttpStatusCode> _answers = new(answers);
        private readonly List<string> _keys = [];
        private int _asked;

        public int Asked => Volatile.Read(ref _asked);

        public IReadOnlyList<string> Keys => _keys;

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            _keys.Add(request.Headers.GetValues("x-key").Single());
            var answer = new HttpResponseMessage(_answers.Dequeue());
            answer.Headers.TryAddWithoutValidation("Retry-After", "7");
            Interlocked.Increment(ref _asked);
            return Task.FromResult(answer);
        }
    }
}
