using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Slipway.Runtime.Logs;

/// <summary>
/// Instances append to two raw files by themselves, so they log on while slipwayd is down. One collector looks at all
/// raw files, stamps new lines and keeps them in rotated files; that is what is read. Both live in the instance's folder.
/// </summary>
public sealed class FileInstanceLogs : IInstanceLogs, IAsyncDisposable
{
    internal const string OutputFile = "stdout";
    internal const string ErrorFile = "stderr";

    private readonly string _instancesFolder;
    private readonly TimeProvider _time;
    private readonly LogLimits _limits;
    private readonly ILogger _logger;
    private readonly ConcurrentDictionary<string, InstanceLog> _live = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _collecting;
    private int _turn;

    public FileInstanceLogs(string stateFolder, TimeProvider time, LogLimits? limits = null, ILogger<FileInstanceLogs>? logger = null)
    {
        _instancesFolder = Path.Combine(stateFolder, "instances");
        _time = time;
        _limits = limits ?? new LogLimits();
        _logger = logger ?? NullLogger<FileInstanceLogs>.Instance;
        _collecting = Task.Run(CollectAsync);
    }

    public bool Exists(string instanceId) => FolderOf(instanceId) is { } folder && Directory.Exists(folder);

    public async IAsyncEnumerable<LogLine> ReadAsync(string instanceId, LogQuery query, [EnumeratorCancellation] CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(query);
        if (FolderOf(instanceId) is not { } folder)
        {
            yield break;
        }

        var reader = new LogReader(folder);
        var (news, ended) = Watch(instanceId);
        if (query.Tail is { } count)
        {
            foreach (var line in reader.ReadTail(Math.Max(0, count), query.Since))
            {
                cancellation.ThrowIfCancellationRequested();
                yield return line;
            }
        }

        while (true)
        {
            foreach (var line in reader.ReadOn())
            {
                cancellation.ThrowIfCancellationRequested();
                if (query.Since is null || line.At >= query.Since)
                {
                    yield return line;
                }
            }

            if (!query.Follow || ended)
            {
                yield break;
            }

            await news.WaitAsync(cancellation).ConfigureAwait(false);
            (news, ended) = Watch(instanceId);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _collecting.ConfigureAwait(false);
        foreach (var log in _live.Values)
        {
            log.Look(_time.GetUtcNow(), _limits.TotalBytesPerLook);
            log.Dispose();
        }

        _live.Clear();
        _stop.Dispose();
    }

    /// <summary>Begins (or, after a restart, goes on) to collect what the instance writes.</summary>
    internal void Attach(string instanceId) => _live.GetOrAdd(instanceId, static (_, state) => new InstanceLog(state.Folder, state._limits), (Folder: FolderOf(instanceId)!, _limits));

    /// <summary>Stores the last lines of an instance that has ended and returns the newest of them, for its exit message.</summary>
    internal string? Seal(string instanceId, int lines)
    {
        if (_live.TryGetValue(instanceId, out var log))
        {
            try
            {
                log.Seal(_time.GetUtcNow());
            }
            catch (IOException exception)
            {
                _logger.LogLost(instanceId, exception.Message);
                log.Dispose();
            }

            _live.TryRemove(instanceId, out _);
        }

        if (FolderOf(instanceId) is not { } folder)
        {
            return null;
        }

        var tail = new LogReader(folder).ReadTail(lines, null);
        return tail.Count == 0 ? null : string.Join('\n', tail.Select(line => line.Text));
    }

    internal void Detach(string instanceId)
    {
        if (_live.TryRemove(instanceId, out var log))
        {
            log.Dispose();
        }
    }

    private (Task News, bool Ended) Watch(string instanceId) =>
        _live.TryGetValue(instanceId, out var log) ? log.Watch() : (Task.CompletedTask, true);

    private async Task CollectAsync()
    {
        using var timer = new PeriodicTimer(_limits.Interval, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token).ConfigureAwait(false))
            {
                Look();
            }
        }
        catch (OperationCanceledException)
        {
            // Disposed: the owner stores what is left.
        }
    }

    private void Look()
    {
        var logs = _live.ToArray();
        var budget = _limits.TotalBytesPerLook;

        // A different one begins each time, so that a flood cannot starve those behind it.
        for (var i = 0; i < logs.Length && budget > 0; i++)
        {
            var (id, log) = logs[(i + _turn) % logs.Length];
            try
            {
                budget -= log.Look(_time.GetUtcNow(), budget);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ObjectDisposedException)
            {
                // A full disk must not stop the collection for everybody; this log is tried again at the next look.
                _logger.LogLost(id, exception.Message);
            }
        }

        _turn++;
        if (_turn < 0)
        {
            _turn = 0;
        }
    }

    private string? FolderOf(string instanceId) =>
        instanceId.Length == 0 || instanceId.Contains('/', StringComparison.Ordinal) || instanceId is "." or ".."
            ? null
            : Path.Combine(_instancesFolder, instanceId, "logs");
}

internal static partial class LogMessages
{
    [LoggerMessage(EventId = 3101, Level = LogLevel.Warning, Message = "Output of instance {InstanceId} could not be stored: {Reason}")]
    public static partial void LogLost(this ILogger logger, string instanceId, string reason);
}
