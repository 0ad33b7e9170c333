using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Telemetry.Exports.Loki;
using Slipway.Telemetry.Logs;
using Slipway.Telemetry.Tests.Logs;

namespace Slipway.Telemetry.Tests.Loki;

public sealed class LokiPusherTests
{
    /// <summary>Another Loki as far as the pusher can tell: answers as told, and remembers.</summary>
    private sealed class OtherSide : HttpMessageHandler
    {
        private int _requests;

        public Queue<HttpStatusCode> Answers { get; } = new();

        public List<string> Bodies { get; } = [];

        public HttpRequestMessage? Last { get; private set; }

        public int Requests => Volatile.Read(ref _requests);

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Last = request;
            var answer = Answers.TryDequeue(out var told) ? told : HttpStatusCode.NoContent;
            using var body = new StreamReader(new GZipStream(await request.Content!.ReadAsStreamAsync(cancellationToken), CompressionMode.Decompress), Encoding.UTF8);
            var text = await body.ReadToEndAsync(cancellationToken);
            if (answer == HttpStatusCode.NoContent)
            {
                Bodies.Add(text);
            }

            Interlocked.Increment(ref _requests);
            return new HttpResponseMessage(answer);
        }
    }

    private static readonly LokiPusherOptions s_options = new() { Address = new Uri("http://127.0.0.1:3100/"), User = "me", Password = "secret", Tenant = "one" };

    private static LokiPusher Pusher(OtherSide other, ManualTime time, LokiPusherOptions? options = null) =>
        new(options ?? s_options, new HttpMessageInvoker(other), time, () => 0.5, NullLoggerFactory.Instance);

    [Fact]
    public async Task Lines_gather_and_are_pushed_in_the_form_of_loki()
    {
        using var other = new OtherSide();
        var time = new ManualTime();
        var pusher = Pusher(other, time, s_options with { Labels = [KeyValuePair.Create("platform", "here"), KeyValuePair.Create("service", "not this")] });
        using var stop = new CancellationTokenSource();
        var running = pusher.RunAsync(stop.Token);
        pusher.Append([new LogRecord(LogScene.Orders, 17, "one"), new LogRecord(LogScene.Orders, 18, "two \"quoted\"")]);
        time.Advance(TimeSpan.FromSeconds(1));
        await Until.TrueAsync(() => pusher.PushedLines == 2);
        var stream = Assert.Single(JsonDocument.Parse(Assert.Single(other.Bodies)).RootElement.GetProperty("streams").EnumerateArray());
        Assert.Equal("""{"level":"info","namespace":"shop","service":"orders","platform":"here"}""", stream.GetProperty("stream").GetRawText());
        Assert.Equal("""[["17","one"],["18","two \"quoted\""]]""", stream.GetProperty("values").GetRawText());
        Assert.Equal("/loki/api/v1/push", other.Last!.RequestUri!.AbsolutePath);
        Assert.Equal("Basic " + Convert.ToBase64String("me:secret"u8), other.Last.Headers.Authorization!.ToString());
        Assert.Equal("one", Assert.Single(other.Last.Headers.GetValues("X-Scope-OrgID")));
        await stop.CancelAsync();
        await running;
    }

    [Fact]
    public async Task While_the_other_side_is_away_it_tries_again_after_longer_and_longer_pauses()
    {
        using var other = new OtherSide();
        other.Answers.Enqueue(HttpStatusCode.ServiceUnavailable);
        other.Answers.Enqueue(HttpStatusCode.TooManyRequests);
        other.Answers.Enqueue(HttpStatusCode.Unauthorized);
        var time = new ManualTime();
        var pusher = Pusher(other, time, s_options with { BatchWait = TimeSpan.FromHours(1), BatchLinesMax = 1 });
        using var stop = new CancellationTokenSource();
        var running = pusher.RunAsync(stop.Token);
        pusher.Append([new LogRecord(LogScene.Orders, 1, "patient")]);
        foreach (var (pause, failures) in new[] { (0.375, 1), (0.75, 2), (1.5, 3) })
        {
            await Until.TrueAsync(() => pusher.FailedPushes == failures && time.NextTimer < time.GetUtcNow() + TimeSpan.FromSeconds(5));
            Assert.Equal(TimeSpan.FromSeconds(pause), time.NextTimer - time.GetUtcNow());
            time.Advance(TimeSpan.FromSeconds(pause));
        }

        await Until.TrueAsync(() => pusher.PushedLines == 1);
        Assert.Equal(4, other.Requests);
        await stop.CancelAsync();
        await running;
    }

    [Fact]
    public async Task What_the_other_side_will_never_want_is_counted_and_left_out()
    {
        using var other = new OtherSide();
        other.Answers.Enqueue(HttpStatusCode.BadRequest);
        var pusher = Pusher(other, new ManualTime(), s_options with { BatchLinesMax = 1 });
        using var stop = new CancellationTokenSource();
        var running = pusher.RunAsync(stop.Token);
        pusher.Append([new LogRecord(LogScene.Orders, 1, "unwanted"), new LogRecord(LogScene.Orders, 2, "wanted")]);
        await Until.TrueAsync(() => pusher.PushedLines == 1);
        Assert.Equal(1, pusher.RefusedLines);
        await stop.CancelAsync();
        await running;
    }

    [Fact]
    public void When_the_queue_is_full_the_oldest_lines_are_dropped_and_counted()
    {
        using var other = new OtherSide();
        var pusher = Pusher(other, new ManualTime(), s_options with { QueueLinesMax = 10 });
        Assert.Equal(25, pusher.Append([.. Enumerable.Range(0, 25).Select(number => new LogRecord(LogScene.Orders, number, $"line {number}"))]));
        Assert.Equal(15, pusher.DroppedLines);
        Assert.Equal(10, pusher.WaitingLines);
    }

    [Fact]
    public async Task What_is_left_when_it_stops_is_pushed_once_more()
    {
        using var other = new OtherSide();
        var pusher = Pusher(other, new ManualTime());
        using var stop = new CancellationTokenSource();
        var running = pusher.RunAsync(stop.Token);
        pusher.Append([new LogRecord(LogScene.Orders, 1, "last words")]);
        await stop.CancelAsync();
        await running;
        Assert.Contains("last words", Assert.Single(other.Bodies), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Our_own_doors_take_what_it_pushes()
    {
        await using var scene = await LokiScene.OpenAsync();
        var pusher = new LokiPusher(new LokiPusherOptions { Address = scene.Http.BaseAddress!, BatchLinesMax = 1 }, scene.Http, scene.Logs.Time, () => 0, NullLoggerFactory.Instance);
        using var stop = new CancellationTokenSource();
        var running = pusher.RunAsync(stop.Token);
        pusher.Append([new LogRecord(LogScene.Orders, scene.Logs.Now, "from one to the other")]);
        await Until.TrueAsync(() => pusher.PushedLines == 1);
        Assert.Equal(["from one to the other"], scene.Logs.Lines("""{service="orders"}"""));
        await stop.CancelAsync();
        await running;
    }
}
