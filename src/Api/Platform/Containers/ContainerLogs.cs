using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Slipway.Api.Platform.Answers;
using Slipway.Api.Platform.Requests;
using Slipway.Runtime.Logs;

namespace Slipway.Api.Platform.Containers;

internal sealed record LogLineView(DateTimeOffset At, string Stream, string Text);

internal sealed record LogLinesView(IReadOnlyList<LogLineView> Items);

/// <summary>
/// <c>GET /api/containers/{id}/logs</c>: the last lines as JSON, or with <c>follow=true</c> every line as it comes, as
/// server-sent events that a browser resumes where it was cut.
/// </summary>
internal sealed class ContainerLogs(ContainerBook book, ApiServices services)
{
    private const int TailDefault = 1000;
    private const int TailMax = 10_000;

    /// <summary>One more follower is refused with 429.</summary>
    private const int FollowersMax = 256;

    private static readonly TimeSpan s_heartbeat = TimeSpan.FromSeconds(15);

    private int _followers;

    public async Task<Answer> AnswerAsync(PlatformRequest request)
    {
        var query = new QueryReader(request.Http.Request);
        var tail = query.Whole("tail", TailDefault, 0, TailMax);
        var since = query.Instant("since");
        var follow = query.Flag("follow");
        if (query.Finish() is { } wrong)
        {
            return wrong;
        }

        if (book.Find(request, "get") is not { } instance)
        {
            return Problem.NotFound("container", request.Value("id"));
        }

        if (!follow)
        {
            return Answer.Of(await ReadAsync(instance.Id, new LogQuery(false, tail, since), request.Cancellation), PlatformJson.Default.LogLinesView);
        }

        if (Resumed(request.Http.Request) is { } last)
        {
            // The client has everything up to that instant, so the next line is the first one after it.
            (since, tail) = (last.AddTicks(1), TailMax);
        }

        return new Answer.Streamed(http => FollowAsync(http, instance.Id, new LogQuery(true, tail, since)));
    }

    private async Task<LogLinesView> ReadAsync(string id, LogQuery query, CancellationToken cancellation)
    {
        var lines = new List<LogLineView>();
        if (services.Logs.Exists(id))
        {
            await foreach (var line in services.Logs.ReadAsync(id, query, cancellation))
            {
                lines.Add(Show(line));
            }
        }

        return new LogLinesView(lines);
    }

    private async Task FollowAsync(HttpContext http, string id, LogQuery query)
    {
        if (Interlocked.Increment(ref _followers) > FollowersMax)
        {
            Interlocked.Decrement(ref _followers);
            await AnswerWriter.WriteAsync(
                http,
                new Problem(429, "tooManyFollowers", "Too many followers", $"{FollowersMax} clients follow logs already; close one of them.") { RetryAfterSeconds = 5 },
                http.Response.Headers["X-Request-Id"].ToString());
            return;
        }

        using var end = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, services.Stopping);
        try
        {
            http.Response.ContentType = "text/event-stream";
            await WriteAsync(http, "retry: 2000\n\n", end.Token);
            if (services.Logs.Exists(id))
            {
                await StreamAsync(http, services.Logs.ReadAsync(id, query, end.Token).GetAsyncEnumerator(end.Token), end.Token);
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // The client has left or the server stops: the stream ends where it is, and a browser comes back by itself.
        }
        finally
        {
            Interlocked.Decrement(ref _followers);
        }
    }

    private async Task StreamAsync(HttpContext http, IAsyncEnumerator<LogLine> lines, CancellationToken cancellation)
    {
        await using (lines)
        {
            var next = lines.MoveNextAsync().AsTask();
            while (true)
            {
                try
                {
                    if (!await next.WaitAsync(s_heartbeat, services.Time, cancellation))
                    {
                        return;
                    }
                }
                catch (TimeoutException)
                {
                    // Proxies cut what is silent for too long.
                    await WriteAsync(http, ": still here\n\n", cancellation);
                    continue;
                }

                var line = lines.Current;
                var json = JsonSerializer.Serialize(Show(line), PlatformJson.Default.LogLineView);
                await WriteAsync(http, string.Create(CultureInfo.InvariantCulture, $"id: {line.At.UtcTicks}\ndata: {json}\n\n"), cancellation);
                next = lines.MoveNextAsync().AsTask();
            }
        }
    }

    private static async Task WriteAsync(HttpContext http, string text, CancellationToken cancellation)
    {
        await http.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(text), cancellation);
        await http.Response.Body.FlushAsync(cancellation);
    }

    private static DateTimeOffset? Resumed(HttpRequest request) =>
        long.TryParse(request.Headers["Last-Event-ID"].ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)
        && ticks < DateTimeOffset.MaxValue.UtcTicks
            ? new DateTimeOffset(ticks, TimeSpan.Zero)
            : null;

    private static LogLineView Show(LogLine line) => new(line.At, line.Stream == LogStream.Error ? "error" : "output", line.Text);
}
