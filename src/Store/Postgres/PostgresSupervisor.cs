using Microsoft.Extensions.Logging;

namespace Slipway.Store.Postgres;

/// <summary>Watches the server process and starts it again when it dies, ever more slowly while it keeps dying.</summary>
internal sealed partial class PostgresSupervisor : IAsyncDisposable
{
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan s_pauseMin = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan s_pauseMax = TimeSpan.FromSeconds(10);

    /// <summary>A server that ran this long was well; its next death is news and not a continuation.</summary>
    private static readonly TimeSpan s_well = TimeSpan.FromMinutes(1);

    private readonly PostgresControl _control;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _watching;
    private volatile Postmaster _current;

    public PostgresSupervisor(Postmaster running, PostgresControl control, TimeProvider time, ILogger logger)
    {
        _current = running;
        _control = control;
        _time = time;
        _logger = logger;
        _watching = Task.Run(() => WatchAsync(_stopping.Token));
    }

    public Postmaster Current => _current;

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Dispose();
    }

    private async Task WatchAsync(CancellationToken cancellation)
    {
        var pause = s_pauseMin;
        var startedAt = _time.GetTimestamp();
        while (true)
        {
            await Task.Delay(s_look, _time, cancellation);
            if (_current.IsAlive)
            {
                continue;
            }

            LogDied(_logger, _current.Pid);
            if (_time.GetElapsedTime(startedAt) > s_well)
            {
                pause = s_pauseMin;
            }

            while (!await TryRestartAsync(cancellation))
            {
                await Task.Delay(pause, _time, cancellation);
                pause = pause * 2 > s_pauseMax ? s_pauseMax : pause * 2;
            }

            startedAt = _time.GetTimestamp();
        }
    }

    /// <summary>On the same port as before: connection pools and services know it.</summary>
    private async Task<bool> TryRestartAsync(CancellationToken cancellation)
    {
        try
        {
            var started = await _control.StartAsync(_current.Port, cancellation);
            if (started.Succeeded)
            {
                _current = started.Value;
                LogRestarted(_logger, _current.Pid);
                return true;
            }

            LogRestartFailed(_logger, started.Failure!.Detail);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            LogRestartFailed(_logger, exception.Message);
        }

        return false;
    }

    [LoggerMessage(EventId = 3121, Level = LogLevel.Error, Message = "PostgreSQL (process {Pid}) died; starting it again")]
    private static partial void LogDied(ILogger logger, int pid);

    [LoggerMessage(EventId = 3122, Level = LogLevel.Information, Message = "PostgreSQL is back as process {Pid}")]
    private static partial void LogRestarted(ILogger logger, int pid);

    [LoggerMessage(EventId = 3123, Level = LogLevel.Error, Message = "PostgreSQL could not be started again: {Reason}")]
    private static partial void LogRestartFailed(ILogger logger, string reason);
}
