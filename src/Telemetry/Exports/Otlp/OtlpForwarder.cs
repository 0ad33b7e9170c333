using System.IO.Compression;
using System.Net.Http.Headers;
using Microsoft.Extensions.Logging;
using Slipway.Telemetry.Logs;
using Slipway.Telemetry.Metrics;
using Slipway.Telemetry.Otlp;
using Slipway.Telemetry.Otlp.Wire;
using Slipway.Telemetry.Traces;

namespace Slipway.Telemetry.Exports.Otlp;

/// <summary>
/// Sends kept spans on to another system by OTLP over HTTP, and samples and lines when that is asked for. Each kind has a queue of its
/// own, so that one that is refused does not hold up the others. Nothing here ever makes a sender wait.
/// </summary>
internal sealed partial class OtlpForwarder : ISpanSink, ILogSink, IMetricSink, IDisposable
{
    private readonly OtlpForwarderOptions _options;
    private readonly TimeProvider _time;
    private readonly Func<double> _random;
    private readonly ILogger _logger;
    private readonly HttpClient _http;
    private int _troubled;

    /// <param name="random">Numbers from 0 to 1, for waits that do not all end at once.</param>
    public OtlpForwarder(OtlpForwarderOptions options, HttpMessageHandler handler, TimeProvider time, Func<double> random, ILoggerFactory logging)
    {
        (_options, _time, _random, _logger) = (options, time, random, logging.CreateLogger("Slipway.Telemetry.Exports.Otlp"));
        _http = new HttpClient(handler, disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan };
        Spans = new ForwardLane<SpanRecord>("v1/traces", options.QueueMax, OtlpEncoder.Spans);
        Lines = new ForwardLane<LogRecord>("v1/logs", options.QueueMax, OtlpEncoder.Lines);
        Samples = new ForwardLane<IncomingSample>("v1/metrics", options.QueueMax, OtlpEncoder.Samples);
    }

    public ForwardLane<SpanRecord> Spans { get; }

    public ForwardLane<LogRecord> Lines { get; }

    public ForwardLane<IncomingSample> Samples { get; }

    public int Append(ReadOnlySpan<SpanRecord> spans) => Spans.Append(spans);

    public int Append(ReadOnlySpan<LogRecord> records) => _options.Lines ? Lines.Append(records) : records.Length;

    public AppendCounts Append(string source, ReadOnlySpan<IncomingSample> samples)
    {
        var taken = _options.Samples ? Samples.Append(samples) : samples.Length;
        return new AppendCounts(taken, 0, 0, samples.Length - taken);
    }

    public void Describe(MetricMetadata metadata)
    {
        // Names carry their units already; help texts stay here.
    }

    public Task RunAsync(CancellationToken cancellation) =>
        Task.WhenAll(SendAllAsync(Spans, cancellation), SendAllAsync(Lines, cancellation), SendAllAsync(Samples, cancellation));

    public void Dispose() => _http.Dispose();

    private async Task SendAllAsync<T>(ForwardLane<T> lane, CancellationToken cancellation)
    {
        var message = new ProtoWriter();
        var batch = new List<T>();
        try
        {
            while (await lane.Items.WaitToReadAsync(cancellation))
            {
                while (batch.Count < _options.BatchMax && lane.Items.TryRead(out var item))
                {
                    batch.Add(item);
                }

                message.Clear();
                lane.Encode(batch, message);
                await SendAsync(lane, Zip(message.Written), batch.Count, cancellation);
                batch.Clear();
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The end: what waits here is kept on our own disk anyway.
        }
    }

    private async Task SendAsync<T>(ForwardLane<T> lane, byte[] body, int items, CancellationToken cancellation)
    {
        var began = _time.GetTimestamp();
        for (var attempt = 1; ; attempt++)
        {
            var (outcome, asked, rejected, problem) = await TryAsync(lane.Path, body, cancellation);
            if (outcome == SendOutcome.Sent)
            {
                lane.Count(outcome, items, Math.Min(items, rejected));
                if (Interlocked.Exchange(ref _troubled, 0) == 1)
                {
                    LogWell(_options.Endpoint);
                }

                return;
            }

            if (Interlocked.Exchange(ref _troubled, 1) == 0)
            {
                LogTrouble(_options.Endpoint, lane.Path, problem);
            }

            if (outcome == SendOutcome.Refused || _time.GetElapsedTime(began) >= _options.GiveUpAfter)
            {
                lane.Count(outcome, items, 0);
                return;
            }

            await Task.Delay(SendingPace.After(attempt, asked, _random()), _time, cancellation);
        }
    }

    private async Task<(SendOutcome Outcome, TimeSpan? Asked, long Rejected, string Problem)> TryAsync(string path, byte[] body, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(_options.Timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"{_options.Endpoint.AbsoluteUri.TrimEnd('/')}/{path}"));
        request.Content = new ByteArrayContent(body);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/x-protobuf");
        request.Content.Headers.ContentEncoding.Add("gzip");
        foreach (var (name, value) in _options.Headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        try
        {
            using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            var outcome = SendingPace.OutcomeOf((int)answer.StatusCode);
            var rejected = outcome == SendOutcome.Sent ? await RejectedAsync(answer, either.Token) : 0;
            var asked = answer.Headers.RetryAfter is { } retry ? retry.Delta ?? (retry.Date - _time.GetUtcNow()) : null;
            return (outcome, asked, rejected, $"it answers {(int)answer.StatusCode}");
        }
        catch (Exception problem) when (!cancellation.IsCancellationRequested && problem is HttpRequestException or IOException or OperationCanceledException)
        {
            return (SendOutcome.Later, null, 0, limit.IsCancellationRequested ? $"no answer within {_options.Timeout.TotalSeconds:0} s" : problem.Message);
        }
    }

    /// <summary>How many items a good answer says it did not take. An answer that is longer than such a message is not looked at.</summary>
    private static async Task<long> RejectedAsync(HttpResponseMessage answer, CancellationToken cancellation)
    {
        await using var stream = await answer.Content.ReadAsStreamAsync(cancellation);
        var bytes = new byte[4096];
        var length = await stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellation);
        return length == bytes.Length || answer.Content.Headers.ContentType?.MediaType != "application/x-protobuf" ? 0 : Rejected(bytes.AsSpan(0, length));
    }

    private static long Rejected(ReadOnlySpan<byte> message)
    {
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            var partial = new ProtoReader(reader.Bytes);
            while (reader.Field == 1 && partial.Next())
            {
                if (partial.Field == 1)
                {
                    return Math.Max(0, partial.Signed);
                }
            }
        }

        return 0;
    }

    private static byte[] Zip(ReadOnlySpan<byte> plain)
    {
        using var packed = new MemoryStream();
        using (var zip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            zip.Write(plain);
        }

        return packed.ToArray();
    }

    [LoggerMessage(LogLevel.Warning, "Telemetry cannot be handed on to {endpoint} ({path}): {problem}. It is tried again; what does not fit into the queue is dropped and counted.")]
    private partial void LogTrouble(Uri endpoint, string path, string problem);

    [LoggerMessage(LogLevel.Information, "Telemetry is handed on to {endpoint} again.")]
    private partial void LogWell(Uri endpoint);
}
