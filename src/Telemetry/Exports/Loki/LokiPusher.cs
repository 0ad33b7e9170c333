using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Slipway.Telemetry.Logs;

namespace Slipway.Telemetry.Exports.Loki;

/// <summary>
/// Hands lines on to another Loki. It is never waited for: lines wait in a queue of bounded size while that Loki is away, and when the
/// queue is full the oldest are dropped and counted.
/// </summary>
/// <param name="options">Where to, and the bounds.</param>
/// <param name="http">Belongs to whoever made it.</param>
/// <param name="time">For gathering and backing off.</param>
/// <param name="random">A number from 0 to 1, so that not all who were refused come back at the same time.</param>
/// <param name="loggers">Told when the other side cannot be reached, and when it can be again.</param>
public sealed class LokiPusher(LokiPusherOptions options, HttpMessageInvoker http, TimeProvider time, Func<double> random, ILoggerFactory loggers) : ILogSink
{
    private readonly ILogger _logger = loggers.CreateLogger<LokiPusher>();
    private readonly PushQueue _queue = new(options);
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly Uri _address = new(options.Address.AbsoluteUri.TrimEnd('/') + "/loki/api/v1/push");

    /// <summary>The batch that is being pushed, or tried again.</summary>
    private List<LogRecord> _unsent = [];

    private enum Answer
    {
        Taken,
        Refused,
        Later,
    }

    /// <summary>Lines for which there was no room in the queue.</summary>
    public long DroppedLines => _queue.Dropped;

    public long PushedLines { get; private set; }

    /// <summary>Lines the other side did not want, and would not want later.</summary>
    public long RefusedLines { get; private set; }

    public long FailedPushes { get; private set; }

    public int WaitingLines => _queue.Count;

    public int Append(ReadOnlySpan<LogRecord> records)
    {
        if (_queue.Add(records))
        {
            _wake.Writer.TryWrite(true);
        }

        return records.Length;
    }

    /// <summary>Pushes until told to stop; then once more what is left, if the other side takes it at once.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        using var timer = time.CreateTimer(_ => _wake.Writer.TryWrite(true), null, options.BatchWait, options.BatchWait);
        try
        {
            await foreach (var _ in _wake.Reader.ReadAllAsync(cancellation).ConfigureAwait(false))
            {
                await DrainAsync(cancellation).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            await PushOnceAsync(_unsent).ConfigureAwait(false);
            await PushOnceAsync(_queue.Take()).ConfigureAwait(false);
        }
    }

    private async Task DrainAsync(CancellationToken cancellation)
    {
        while (_queue.Take() is { Count: > 0 } batch)
        {
            _unsent = batch;
            await PushAsync(batch, cancellation).ConfigureAwait(false);
            _unsent = [];
        }
    }

    /// <summary>Again and again, with longer and longer pauses, until the other side has taken the batch or does not want it.</summary>
    private async Task PushAsync(List<LogRecord> batch, CancellationToken cancellation)
    {
        var body = PushBody.Write(batch, options.Labels);
        for (var attempt = 0; ; attempt++)
        {
            var answer = await SendAsync(body, cancellation).ConfigureAwait(false);
            if (answer != Answer.Later)
            {
                Count(answer, batch.Count, attempt);
                return;
            }

            FailedPushes++;
            var pause = PauseAfter(attempt);
            if (attempt == 0)
            {
                LokiPusherLog.Unreachable(_logger, _address);
            }

            await Task.Delay(pause, time, cancellation).ConfigureAwait(false);
        }
    }

    private async Task PushOnceAsync(List<LogRecord> batch)
    {
        if (batch.Count > 0)
        {
            var answer = await SendAsync(PushBody.Write(batch, options.Labels), CancellationToken.None).ConfigureAwait(false);
            Count(answer, answer == Answer.Later ? 0 : batch.Count, 0);
        }
    }

    private void Count(Answer answer, int lines, int attempt)
    {
        if (answer == Answer.Refused)
        {
            RefusedLines += lines;
            return;
        }

        PushedLines += lines;
        if (attempt > 0)
        {
            LokiPusherLog.Reachable(_logger, _address);
        }
    }

    /// <summary>Twice as long each time, and between half and all of that.</summary>
    private TimeSpan PauseAfter(int attempt)
    {
        var whole = Math.Min(options.BackOffMax.TotalSeconds, options.BackOffFirst.TotalSeconds * Math.Pow(2, Math.Min(attempt, 30)));
        return TimeSpan.FromSeconds(whole * (0.5 + (random() / 2)));
    }

    private async Task<Answer> SendAsync(byte[] body, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _address) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Content.Headers.ContentEncoding.Add("gzip");
        if (options.User is { } user)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{options.Password}")));
        }

        if (options.Tenant is { } tenant)
        {
            request.Headers.TryAddWithoutValidation("X-Scope-OrgID", tenant);
        }

        using var patience = new CancellationTokenSource(options.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        try
        {
            using var response = await http.SendAsync(request, either.Token).ConfigureAwait(false);
            return response switch
            {
                { IsSuccessStatusCode: true } => Answer.Taken,
                { StatusCode: HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout or >= HttpStatusCode.InternalServerError } => Answer.Later,
                // The name and the password may be put right meanwhile; the lines are not to blame.
                { StatusCode: HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.NotFound } => Answer.Later,
                _ => Refused(response.StatusCode),
            };
        }
        catch (HttpRequestException)
        {
            return Answer.Later;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return Answer.Later;
        }
    }

    private Answer Refused(HttpStatusCode status)
    {
        LokiPusherLog.Refused(_logger, _address, (int)status);
        return Answer.Refused;
    }
}
