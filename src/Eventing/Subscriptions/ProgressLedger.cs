using Microsoft.Extensions.Logging;
using Npgsql;

namespace Slipway.Eventing.Subscriptions;

/// <summary>
/// Stores positions in batches: the newest of each partition, every 50 ms while something moves. What a crash loses of it
/// is delivered once more.
/// </summary>
internal sealed class ProgressLedger(ISubscriptionStore store, TimeProvider time, ILogger<ProgressLedger> logger) : IDisposable
{
    private static readonly TimeSpan s_gather = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _storing = new(1);
    private Dictionary<(string Subscription, int Partition), Progress> _moved = [];
    private TaskCompletionSource _woken = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Move(Progress position)
    {
        lock (_gate)
        {
            _moved[(position.Subscription, position.Partition)] = position;
            _woken.TrySetResult();
        }
    }

    public async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            while (true)
            {
                await Woken().WaitAsync(stopping);
                await Task.Delay(s_gather, time, stopping);
                if (!await TryStoreAsync(stopping))
                {
                    await Task.Delay(s_pause, time, stopping);
                }
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            using var limit = new CancellationTokenSource(s_pause * 3, time);
            await TryStoreAsync(limit.Token);
        }
    }

    /// <summary>Everything that moved so far; false when the database does not answer.</summary>
    public async Task<bool> TryStoreAsync(CancellationToken cancellation)
    {
        await _storing.WaitAsync(cancellation);
        var moved = Take();
        try
        {
            if (moved.Count > 0)
            {
                await store.StoreAsync([.. moved.Values], cancellation);
            }

            return true;
        }
        catch (Exception failed) when (failed is NpgsqlException or TimeoutException or OperationCanceledException or IOException)
        {
            PutBack(moved);
            EventingLog.ProgressFailed(logger, failed);
            return false;
        }
        finally
        {
            _storing.Release();
        }
    }

    /// <summary>Drops what waits of one partition: somebody moves it by hand.</summary>
    public async Task ForgetAsync(string subscription, int partition, CancellationToken cancellation)
    {
        await _storing.WaitAsync(cancellation);
        lock (_gate)
        {
            _moved.Remove((subscription, partition));
        }

        _storing.Release();
    }

    public void Dispose() => _storing.Dispose();

    private Task Woken()
    {
        lock (_gate)
        {
            return _woken.Task;
        }
    }

    private Dictionary<(string, int), Progress> Take()
    {
        lock (_gate)
        {
            var moved = _moved;
            _moved = [];
            if (_woken.Task.IsCompleted)
            {
                // Somebody may wait on one that is still open.
                _woken = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            return moved;
        }
    }

    private void PutBack(Dictionary<(string, int), Progress> moved)
    {
        lock (_gate)
        {
            foreach (var (key, position) in moved)
            {
                _moved.TryAdd(key, position);
            }

            _woken.TrySetResult();
        }
    }
}
