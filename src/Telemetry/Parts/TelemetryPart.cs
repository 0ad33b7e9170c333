using Microsoft.Extensions.Logging;

namespace Slipway.Telemetry.Parts;

/// <summary>How one part of telemetry is: for people who wonder, and for doors that must say no.</summary>
internal interface IPartState
{
    string Name { get; }

    /// <summary>Why it cannot be used now; null when it can.</summary>
    string? Trouble { get; }

    /// <summary>Raised after it came or went.</summary>
    event Action? Changed;
}

/// <summary>
/// One store of telemetry while the server runs. A disk that cannot be written or a file that cannot be read takes this
/// part away for a while and nothing else: it is said, and tried again.
/// </summary>
internal sealed class TelemetryPart<T>(string name, Func<CancellationToken, Task<T>> open, Func<T, CancellationToken, Task> run, TimeProvider time, ILogger logger) : IPartState
    where T : class
{
    private static readonly TimeSpan s_firstPause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(60);

    private readonly TaskCompletionSource _settled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile T? _current;
    private volatile string? _trouble = "it is being opened";

    public string Name { get; } = name;

    public T? Current => _current;

    public string? Trouble => _trouble;

    public event Action? Changed;

    /// <summary>Completes when the first attempt to open it has worked or failed.</summary>
    public Task Settled => _settled.Task;

    public async Task RunAsync(CancellationToken stopping)
    {
        var pause = s_firstPause;
        while (!stopping.IsCancellationRequested)
        {
            T? store = null;
            try
            {
                store = await open(stopping).ConfigureAwait(false);
                pause = s_firstPause;
                Became(store, null);
                await run(store, stopping).ConfigureAwait(false);
                if (!stopping.IsCancellationRequested)
                {
                    Became(null, "it ended although nobody asked it to");
                }
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                // The server stops.
            }

#pragma warning disable CA1031 // Whatever it is, it must cost this part only; people find it in the log and in the status.
            catch (Exception error)
#pragma warning restore CA1031
            {
                PartLog.Failed(logger, Name, pause.TotalSeconds, error);
                Became(null, error.Message);
            }

            await CloseAsync(store).ConfigureAwait(false);
            if (!stopping.IsCancellationRequested)
            {
                await PauseAsync(pause, stopping).ConfigureAwait(false);
                pause = pause * 2 < s_longestPause ? pause * 2 : s_longestPause;
            }
        }
    }

    private void Became(T? store, string? trouble)
    {
        _trouble = trouble;
        _current = store;
        _settled.TrySetResult();
        Changed?.Invoke();
    }

    private async Task CloseAsync(T? store)
    {
        if (store is null)
        {
            return;
        }

        _current = null;
        try
        {
            if (store is IAsyncDisposable later)
            {
                await later.DisposeAsync().ConfigureAwait(false);
            }
            else
            {
                (store as IDisposable)?.Dispose();
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            PartLog.NotClosed(logger, Name, error);
        }
    }

    private async Task PauseAsync(TimeSpan pause, CancellationToken stopping)
    {
        try
        {
            await Task.Delay(pause, time, stopping).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The loop looks why.
        }
    }
}

internal static partial class PartLog
{
    [LoggerMessage(EventId = 9101, Level = LogLevel.Error, Message = "Telemetry's {Part} cannot be used now; it is tried again in {Seconds} s. Everything else goes on.")]
    public static partial void Failed(ILogger logger, string part, double seconds, Exception error);

    [LoggerMessage(EventId = 9102, Level = LogLevel.Warning, Message = "Telemetry's {Part} could not be closed cleanly; what is on the disk is read at the next start.")]
    public static partial void NotClosed(ILogger logger, string part, Exception error);

    [LoggerMessage(EventId = 9103, Level = LogLevel.Information, Message = "Telemetry is open: {Milliseconds} ms after the platform was ready.")]
    public static partial void Open(ILogger logger, double milliseconds);
}
