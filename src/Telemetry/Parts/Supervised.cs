using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Slipway.Telemetry.Parts;

/// <summary>Lets work go on after a mistake in it: said, shown, and begun anew after a pause.</summary>
internal sealed class Supervised(TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, string> _troubles = new(StringComparer.Ordinal);

    public IReadOnlyList<string> Troubles => [.. _troubles.OrderBy(trouble => trouble.Key, StringComparer.Ordinal).Select(trouble => $"telemetry: {trouble.Key} was interrupted: {trouble.Value}")];

    public event Action? Changed;

    public async Task RunAsync(string name, Func<CancellationToken, Task> work, CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await work(stopping).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }

#pragma warning disable CA1031 // Telemetry must never end the server; what happened is in the log and in the status.
            catch (Exception error)
#pragma warning restore CA1031
            {
                PartLog.Failed(logger, name, s_pause.TotalSeconds, error);
                _troubles[name] = error.Message;
                Changed?.Invoke();
            }

            try
            {
                await Task.Delay(s_pause, time, stopping).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            if (_troubles.TryRemove(name, out _))
            {
                Changed?.Invoke();
            }
        }
    }
}
