using Microsoft.Extensions.Logging;
using Polly;
using Polly.CircuitBreaker;
using Polly.Timeout;
using Slipway.Sdk.Problems;

namespace Slipway.Sdk.Database;

/// <summary>
/// Ends calls that take too long, and stops calling a database that fails: while the breaker is open, callers are told at once
/// instead of piling up. A probe beside it notices when the database is back, so nobody waits for the half-open call then.
/// </summary>
internal sealed partial class DatabaseBreaker : IAsyncDisposable
{
    private readonly DatabaseOptions _options;
    private readonly Func<CancellationToken, Task> _probe;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ResiliencePipeline _pipeline;
    private readonly CircuitBreakerManualControl _control = new();
    private readonly CircuitBreakerStateProvider _state = new();
    private readonly CancellationTokenSource _ending = new();
    private Task _probing = Task.CompletedTask;
    private int _isProbing;

    public DatabaseBreaker(DatabaseOptions options, Func<CancellationToken, Task> probe, TimeProvider time, ILogger logger)
    {
        (_options, _probe, _time, _logger) = (options, probe, time, logger);
        var pipeline = new ResiliencePipelineBuilder { TimeProvider = time };
        if (options.BreakerOn)
        {
            pipeline.AddCircuitBreaker(new CircuitBreakerStrategyOptions
            {
                FailureRatio = options.BreakerErrorPercent / 100.0,
                SamplingDuration = options.BreakerWindow,
                MinimumThroughput = Math.Max(2, options.BreakerCallsMin),
                BreakDuration = options.BreakerReset,
                ShouldHandle = static outcome => ValueTask.FromResult(DatabaseFailures.IsOutage(outcome.Outcome.Exception)),
                OnOpened = OpenedAsync,
                OnClosed = ClosedAsync,
                ManualControl = _control,
                StateProvider = _state,
            });
        }

        _pipeline = pipeline.AddTimeout(new TimeoutStrategyOptions { Timeout = options.BreakerTimeout }).Build();
    }

    public bool IsOpen => _options.BreakerOn && _state.CircuitState == CircuitState.Open;

    public CircuitState State => _options.BreakerOn ? _state.CircuitState : CircuitState.Closed;

    public async Task<TResult> RunAsync<TState, TResult>(Func<TState, CancellationToken, ValueTask<TResult>> work, TState state, CancellationToken cancellation)
    {
        try
        {
            return await _pipeline.ExecuteAsync(work, state, cancellation);
        }
        catch (BrokenCircuitException broken)
        {
            throw new ProblemException(Open(broken.RetryAfter));
        }
        catch (CommitUnknownException unknown)
        {
            LogUnknown(_logger, unknown.InnerException ?? unknown);
            throw new ProblemException(Problem.Unavailable(
                "outcomeUnknown",
                "The connection to the database was lost while the change was being committed, so it was made or it was not. Repeat the request with the same Idempotency-Key to find out.",
                TimeSpan.FromSeconds(1)));
        }
        catch (TimeoutRejectedException)
        {
            throw new ProblemException(Problem.Unavailable(
                "databaseUnavailable", $"The database did not answer within {_options.BreakerTimeout.TotalSeconds:0.###} s.", TimeSpan.FromSeconds(1)));
        }
        catch (Exception exception) when (DatabaseFailures.IsOutage(exception))
        {
            LogFailed(_logger, exception);
            throw new ProblemException(Problem.Unavailable("databaseUnavailable", "The database cannot be reached.", TimeSpan.FromSeconds(1)));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _probing;
        _ending.Dispose();
    }

    private Problem Open(TimeSpan? remaining)
    {
        // With the probe on, the breaker closes as soon as the database is back, and the full reset time would be a lie.
        var wait = remaining ?? _options.BreakerReset;
        var retryAfter = _options.BreakerProbe > TimeSpan.Zero && wait > TimeSpan.FromSeconds(2) ? TimeSpan.FromSeconds(2) : wait;
        return Problem.Unavailable(
            "databaseUnavailable",
            "The database failed too often; calls to it are refused until it answers again.",
            retryAfter < TimeSpan.FromSeconds(1) ? TimeSpan.FromSeconds(1) : retryAfter);
    }

    private ValueTask OpenedAsync(OnCircuitOpenedArguments<object> opened)
    {
        LogOpened(_logger, opened.BreakDuration.TotalSeconds, opened.Outcome.Exception);
        BeginProbing();
        return ValueTask.CompletedTask;
    }

    private ValueTask ClosedAsync(OnCircuitClosedArguments<object> closed)
    {
        LogClosed(_logger);
        return ValueTask.CompletedTask;
    }

    private void BeginProbing()
    {
        if (_options.BreakerProbe > TimeSpan.Zero && Interlocked.CompareExchange(ref _isProbing, 1, 0) == 0)
        {
            _probing = ProbeAsync();
        }
    }

    private async Task ProbeAsync()
    {
        try
        {
            do
            {
                await Task.Delay(_options.BreakerProbe, _time, _ending.Token);
                if (await AnswersAsync())
                {
                    await _control.CloseAsync(_ending.Token);
                }
            }
            while (_state.CircuitState != CircuitState.Closed);
        }
        catch (OperationCanceledException) when (_ending.IsCancellationRequested)
        {
            // The service ends; nobody waits for the database any more.
            return;
        }

        Volatile.Write(ref _isProbing, 0);

        // It may have opened again since the last look, while this probe still counted as running.
        if (_state.CircuitState != CircuitState.Closed)
        {
            BeginProbing();
        }
    }

    private async Task<bool> AnswersAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(2), _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, _ending.Token);
        try
        {
            await _probe(either.Token);
            return true;
        }
        catch (Exception exception) when (DatabaseFailures.IsOutage(exception) || (exception is OperationCanceledException && !_ending.IsCancellationRequested))
        {
            return false;
        }
    }

    [LoggerMessage(EventId = 8101, Level = LogLevel.Error, Message = "The database fails; calls to it are refused for up to {Seconds} s or until it answers a probe")]
    private static partial void LogOpened(ILogger logger, double seconds, Exception? exception);

    [LoggerMessage(EventId = 8102, Level = LogLevel.Information, Message = "The database answers again")]
    private static partial void LogClosed(ILogger logger);

    [LoggerMessage(EventId = 8103, Level = LogLevel.Warning, Message = "A call to the database failed")]
    private static partial void LogFailed(ILogger logger, Exception exception);

    [LoggerMessage(EventId = 8104, Level = LogLevel.Error, Message = "The outcome of a commit is unknown")]
    private static partial void LogUnknown(ILogger logger, Exception exception);
}
