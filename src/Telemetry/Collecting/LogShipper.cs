using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Slipway.Telemetry.Logs;

namespace Slipway.Telemetry.Collecting;

/// <summary>
/// Takes every line that anything on the platform writes into the log store. It follows each source from where it was
/// taken last, over restarts of the server.
/// </summary>
internal sealed class LogShipper(ILogSources sources, ILogSink sink, string positionsPath, TimeProvider time, ILogger<LogShipper> logger)
{
    private static readonly TimeSpan s_round = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_retry = TimeSpan.FromSeconds(5);

    private readonly LogPositions _positions = new(positionsPath);
    private readonly ConcurrentDictionary<string, Task> _following = new(StringComparer.Ordinal);
    private long _lines;
    private long _refused;
    private bool _complained;

    /// <summary>Lines taken since the start.</summary>
    public long Lines => Interlocked.Read(ref _lines);

    /// <summary>Lines the store had no room for.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    public async Task RunAsync(CancellationToken stopping)
    {
        _positions.Load();
        using var timer = new PeriodicTimer(s_round, time);
        try
        {
            do
            {
                var present = Follow(stopping);
                Save(present, last: false);
            }
            while (await timer.WaitForNextTickAsync(stopping).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            await Task.WhenAll(_following.Values).ConfigureAwait(false);
            Save(sources.Now().Select(source => source.Id).ToHashSet(StringComparer.Ordinal), last: true);
        }
    }

    private HashSet<string> Follow(CancellationToken stopping)
    {
        var present = new HashSet<string>(StringComparer.Ordinal);
        foreach (var source in sources.Now())
        {
            // A source that has ended stays among the present ones until its lines are gone.
            if (present.Add(source.Id) && !_following.ContainsKey(source.Id))
            {
                _following[source.Id] = Task.Run(() => TakeAsync(source, stopping), CancellationToken.None);
            }
        }

        foreach (var gone in _following.Keys.Where(id => !present.Contains(id)).ToList())
        {
            _following.TryRemove(gone, out _);
        }

        return present;
    }

    private async Task TakeAsync(LogSource source, CancellationToken stopping)
    {
        while (_positions.Of(source.Id) != LogPositions.End)
        {
            var pause = s_round;
            try
            {
                // Asked before reading: only then was the last line among those that were read.
                var ended = source.HasEnded;
                await foreach (var line in source.ReadAsync(_positions.Of(source.Id), stopping).ConfigureAwait(false))
                {
                    var record = source.Describe(line);
                    Interlocked.Increment(ref sink.Append([record]) == 1 ? ref _lines : ref _refused);
                    _positions.Move(source.Id, line.Position);
                }

                if (ended)
                {
                    _positions.Move(source.Id, LogPositions.End);
                }
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                CollectingLog.LogUnreadable(logger, source.Id, error.Message);
                pause = s_retry;
            }

            try
            {
                await Task.Delay(pause, time, stopping).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private void Save(HashSet<string> present, bool last)
    {
        try
        {
            _positions.Save(present, last);
            _complained = false;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            if (!_complained)
            {
                CollectingLog.PositionsUnwritable(logger, error.Message);
            }

            _complained = true;
        }
    }
}
