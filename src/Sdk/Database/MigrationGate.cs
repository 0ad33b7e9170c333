using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Slipway.Sdk.Problems;

namespace Slipway.Sdk.Database;

/// <summary>
/// Holds calls back until the database is what the program expects, so that nobody meets a table that is not there yet.
/// It looks, or migrates, by itself and again and again: in which order programs and databases start does not matter.
/// </summary>
internal sealed partial class MigrationGate(Migrations migrations, DatabaseOptions options, TimeProvider time, ILogger logger) : IHostedService, IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _ending = new();
    private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task? _work;
    private int _disposed;

    /// <summary>What the service waits for, or null once the gate is open.</summary>
    public string? Waiting { get; private set; } = "waiting for the database";

    /// <summary>Waits for the gate as long as a call may wait for a connection.</summary>
    public ValueTask PassAsync(CancellationToken cancellation) => _open.Task.IsCompletedSuccessfully ? ValueTask.CompletedTask : new ValueTask(WaitAsync(cancellation));

    /// <summary>The first sight of the database, or <see cref="Waiting"/> when the token ends the patience.</summary>
    public async Task<string?> WhatIsMissingAsync(CancellationToken cancellation)
    {
        Begin();
        try
        {
            await _open.Task.WaitAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            // Then the reason is the answer.
        }

        return Waiting;
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        Begin();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1)
        {
            return;
        }

        await _ending.CancelAsync();
        if (_work is { } work)
        {
            await work;
        }

        _ending.Dispose();
    }

    private async Task WaitAsync(CancellationToken cancellation)
    {
        Begin();
        try
        {
            await _open.Task.WaitAsync(options.AcquireTimeout, time, cancellation);
        }
        catch (TimeoutException)
        {
            throw new ProblemException(Problem.Unavailable("databaseUnavailable", $"The database is not ready: {Waiting}.", TimeSpan.FromSeconds(1)));
        }
    }

    /// <summary>Commands run without the host's services, so the first call must be able to begin the work too.</summary>
    private void Begin()
    {
        lock (_gate)
        {
            _work ??= Task.Run(OpenAsync);
        }
    }

    private async Task OpenAsync()
    {
        var pause = TimeSpan.FromMilliseconds(50);
        while (!_ending.IsCancellationRequested)
        {
            try
            {
                if (await MissingAsync() is not { } missing)
                {
                    Waiting = null;
                    _open.SetResult();
                    return;
                }

                Say(missing);
                await Task.Delay(pause, time, _ending.Token);
                pause = pause < TimeSpan.FromSeconds(1) ? pause * 2 : TimeSpan.FromSeconds(1);
            }
            catch (OperationCanceledException) when (_ending.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private async Task<string?> MissingAsync()
    {
        try
        {
            var missing = await migrations.MissingAsync(_ending.Token);
            if (missing is null || !options.MigrateOnStart)
            {
                return missing;
            }

            await migrations.RunAsync(_ending.Token);
            return await migrations.MissingAsync(_ending.Token);
        }
        catch (MigrationException exception)
        {
            return exception.Message;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            LogFailed(logger, exception);
            return DatabaseFailures.IsOutage(exception) ? "the database cannot be reached" : "the database refuses the service; its log says why";
        }
    }

    private void Say(string missing)
    {
        if (Waiting != missing)
        {
            Waiting = missing;
            LogWaiting(logger, missing);
        }
    }

    [LoggerMessage(EventId = 8121, Level = LogLevel.Warning, Message = "Not ready: {Missing}")]
    private static partial void LogWaiting(ILogger logger, string missing);

    [LoggerMessage(EventId = 8122, Level = LogLevel.Debug, Message = "The database could not be looked at")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
