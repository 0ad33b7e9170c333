using System.Diagnostics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Slipway.Sdk.Telemetry;

/// <summary>
/// Sends finished spans to a collector. It listens before the service does, so the first request is traced too; the rest, the
/// connection first of all, waits until there is something to send. A batch the collector does not take is tried again with growing
/// pauses; meanwhile the queue fills, and what finds no room in it is dropped and counted.
/// </summary>
internal sealed partial class SpanExport : IHostedService, IDisposable
{
    private const int AttemptsMax = 5;

    private static readonly TimeSpan s_pauseMax = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_lastWords = TimeSpan.FromSeconds(3);

    private readonly ActivitySource _own;
    private readonly OtlpSettings _settings;
    private readonly OtlpConnection _connection;
    private readonly SpanQueue _queue;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _ending = new();
    private ActivityListener? _listener;
    private Task _running = Task.CompletedTask;
    private SpanBatch? _batch;
    private long _sent;
    private bool _complained;

    public SpanExport(Traces traces, OtlpSettings settings, OtlpTarget target, TimeProvider time, ILogger<SpanExport> log)
    {
        (_own, _settings, _time, _log) = (traces.Source, settings, time, log);
        _queue = new SpanQueue(settings.QueueMax, settings.BatchMax);
        _connection = new OtlpConnection(target, time);
    }

    /// <summary>Spans for which there was no room, or that the collector did not take.</summary>
    public long Dropped => _queue.Dropped;

    public long Sent => Interlocked.Read(ref _sent);

    public void Begin()
    {
        _listener = new ActivityListener { ShouldListenTo = Concerns, Sample = Decide, ActivityStopped = Take };
        ActivitySource.AddActivityListener(_listener);
        _running = RunAsync();
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        Begin();
        return Task.CompletedTask;
    }

    /// <summary>Sends what is waiting, once and within a few seconds.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _listener?.Dispose();
        using var limit = _time.CreateTimer(static ending => ((CancellationTokenSource)ending!).Cancel(), _ending, s_lastWords, Timeout.InfiniteTimeSpan);
        await _stopping.CancelAsync();
        await _running.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose()
    {
        _listener?.Dispose();
        _stopping.Cancel();
        _ending.Cancel();
        _connection.Dispose();
    }

    private bool Concerns(ActivitySource source) => ReferenceEquals(source, _own)
        || source.Name is "Npgsql" or "System.Net.Http"
        || (source.Name.StartsWith("Slipway.", StringComparison.Ordinal) && source.Name != _own.Name);

    /// <summary>
    /// Everything below a sender that records, and nothing below one that does not. What drivers do on their own account belongs to no
    /// request and would be a trace a second of looking for work.
    /// </summary>
    private ActivitySamplingResult Decide(ref ActivityCreationOptions<ActivityContext> options)
    {
        var recorded = options.Parent.TraceId == default ? ReferenceEquals(options.Source, _own) : (options.Parent.TraceFlags & ActivityTraceFlags.Recorded) != 0;
        return recorded ? ActivitySamplingResult.AllDataAndRecorded : ActivitySamplingResult.None;
    }

    private void Take(Activity span)
    {
        if (span is { Recorded: true, IsAllDataRequested: true } && IsOurs(span))
        {
            _queue.Add(span);
        }
    }

    /// <summary>Several services may live in one process; drivers are shared, and what they do belongs to whoever asked them.</summary>
    private bool IsOurs(Activity span)
    {
        for (var above = span; above is not null; above = above.Parent)
        {
            if (ReferenceEquals(above.Source, _own))
            {
                return true;
            }
        }

        return false;
    }

    private async Task RunAsync()
    {
        while (await GatherAsync())
        {
            do
            {
                await SendAsync();
            }
            while (_queue.HasBatch && !_stopping.IsCancellationRequested);
        }

        while (await SendOnceAsync())
        {
        }

        for (var rest = _batch ?? _queue.Take(); rest is not null; rest = _queue.Take())
        {
            _queue.Drop(rest.Count);
        }
    }

    /// <summary>Waits for spans, and after the first one a moment for others. False when it is time to end.</summary>
    private async Task<bool> GatherAsync()
    {
        try
        {
            await _queue.WaitAsync(_stopping.Token);
        }
        catch (OperationCanceledException)
        {
            return false;
        }

        if (!_queue.HasBatch)
        {
            using var delay = new CancellationTokenSource(_settings.SpanDelay, _time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(delay.Token, _stopping.Token);
            await _queue.WaitAsync(either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return !_stopping.IsCancellationRequested;
    }

    /// <summary>One batch, until it has arrived or is given up.</summary>
    private async Task SendAsync()
    {
        for (var attempt = 1; ; attempt++)
        {
            var answer = await AttemptAsync();
            if (answer.Error is null)
            {
                return;
            }

            if (!answer.Passing || attempt == AttemptsMax)
            {
                _queue.Drop(_batch!.Count);
                Forget(_batch);
                return;
            }

            await Task.Delay(Pause(attempt, answer.After), _time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (_stopping.IsCancellationRequested)
            {
                return;
            }
        }
    }

    /// <summary>The last words of a service. True when there may be more to say and somebody who listens.</summary>
    private async Task<bool> SendOnceAsync() => (await AttemptAsync()).Error is null && _queue.HasAny && !_ending.IsCancellationRequested;

    private async Task<OtlpAnswer> AttemptAsync()
    {
        _batch ??= _queue.Take();
        if (_batch is null)
        {
            return OtlpAnswer.Arrived;
        }

        var answer = await _connection.SendAsync(_batch.Document(_settings.Resource), _ending.Token);
        if (answer.Error is null)
        {
            Interlocked.Add(ref _sent, _batch.Count);
            Forget(_batch);
            _complained = false;
        }
        else if (!_complained)
        {
            _complained = true;
            LogNotTaken(answer.Error);
        }

        return answer;
    }

    private void Forget(SpanBatch batch)
    {
        _queue.Return(batch);
        _batch = null;
    }

    /// <summary>Jitter keeps the instances of a service from coming back in step.</summary>
    private static TimeSpan Pause(int attempt, TimeSpan? asked)
    {
        var pause = asked ?? TimeSpan.FromSeconds(1 << (attempt - 1)) * (0.75 + (Random.Shared.NextDouble() / 2));
        return pause < TimeSpan.Zero ? TimeSpan.Zero : pause < s_pauseMax ? pause : s_pauseMax;
    }

    [LoggerMessage(EventId = 8601, Level = LogLevel.Warning, Message = "The collector does not take spans ({Error}); they are tried again, and dropped and counted when there are too many")]
    private partial void LogNotTaken(string error);
}
