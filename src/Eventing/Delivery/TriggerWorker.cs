using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Npgsql;
using Slipway.Eventing.Log;
using Slipway.Eventing.Subscriptions;

namespace Slipway.Eventing.Delivery;

/// <summary>What deliveries are made of.</summary>
internal sealed record DeliveryParts(
    IEventLog Log, ISubscriptionStore Store, ProgressLedger Ledger, ISubscribers Subscribers, EventingFigures Figures, TimeProvider Time, ILogger Logger);

/// <summary>One Trigger at work: a pump for each partition, started again when it fails or when its position is moved.</summary>
internal sealed class TriggerWorker : IAsyncDisposable
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);

    private readonly DeliveryParts _parts;
    private readonly Deliveries _deliveries;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _gate = new();
    private readonly PartitionPump?[] _pumps;
    private readonly CancellationTokenSource?[] _turns;
    private readonly Queue<Replay>[] _replays;
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _running = Task.CompletedTask;

    public TriggerWorker(TriggerPlan plan, DeliveryParts parts)
    {
        Plan = plan;
        _parts = parts;
        _deliveries = new Deliveries(plan, parts.Log, parts.Subscribers, parts.Figures, parts.Time, parts.Logger);
        _pumps = new PartitionPump?[plan.Topic.Partitions];
        _turns = new CancellationTokenSource?[plan.Topic.Partitions];
        _replays = [.. Enumerable.Range(0, plan.Topic.Partitions).Select(_ => new Queue<Replay>())];
    }

    public TriggerPlan Plan { get; }

    /// <summary>Its positions are stored: what is published from now on will be delivered.</summary>
    public Task Opened => _opened.Task;

    public void Start() => _running = Task.Run(RunAsync);

    /// <summary>What is held of these keys may have become deliverable.</summary>
    public void LookAtHeld(IEnumerable<HeldKey> keys)
    {
        foreach (var key in keys)
        {
            PartitionPump? pump;
            lock (_gate)
            {
                pump = _pumps[key.Partition];
            }

            // Without a pump nothing is lost: the next one asks for keys that may go.
            pump?.LookAtHeld(key.Key);
        }
    }

    /// <summary>Goes back to an earlier place; what is delivered again says so. Answers where the partition was.</summary>
    public async Task<Progress> ReplayAsync(int partition, long place, CancellationToken cancellation)
    {
        var replay = new Replay(place, new TaskCompletionSource<Progress>(TaskCreationOptions.RunContinuationsAsynchronously));
        lock (_gate)
        {
            _replays[partition].Enqueue(replay);
            _turns[partition]?.Cancel();
        }

        return await replay.Done.Task.WaitAsync(cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _running;
        _opened.TrySetCanceled();
        _deliveries.Dispose();
        _stopping.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            await AgainAsync(0, OpenAsync);
            _opened.TrySetResult();
            EventingLog.Started(_parts.Logger, Plan, Plan.Subscriber.Address);
            if (Plan.Paused)
            {
                // It has its position, so nothing published meanwhile is missed; it just does not move.
                await Task.Delay(Timeout.InfiniteTimeSpan, _parts.Time, _stopping.Token);
            }

            await Task.WhenAll(Enumerable.Range(0, Plan.Topic.Partitions).Select(RunPartitionAsync));
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // Stopped.
        }

        EventingLog.Stopped(_parts.Logger, Plan);
    }

    private async Task OpenAsync(CancellationToken cancellation)
    {
        // Positions of a worker before this one may still wait to be stored.
        await _parts.Ledger.TryStoreAsync(cancellation);
        await _parts.Store.OpenAsync(Plan.Uid, Starts(), cancellation);
    }

    private Progress[] Starts() =>
    [
        .. Enumerable.Range(0, Plan.Topic.Partitions).Select(partition => (partition, range: _parts.Log.Range(Plan.Topic, partition)))
            .Select(start => new Progress(Plan.Uid, start.partition, Plan.FromEarliest ? start.range.Begin : start.range.End)),
    ];

    private async Task RunPartitionAsync(int partition)
    {
        while (!_stopping.IsCancellationRequested)
        {
            using var turn = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
            lock (_gate)
            {
                _turns[partition] = turn;
            }

            try
            {
                await AgainAsync(partition, token => TurnAsync(partition, turn, token));
            }
            finally
            {
                lock (_gate)
                {
                    _turns[partition] = null;
                    _pumps[partition] = null;
                }
            }
        }
    }

    private async Task TurnAsync(int partition, CancellationTokenSource turn, CancellationToken cancellation)
    {
        await _parts.Ledger.TryStoreAsync(cancellation);
        var start = (await _parts.Store.OpenAsync(Plan.Uid, Starts(), cancellation)).First(position => position.Partition == partition);
        start = await ReplayedAsync(start, cancellation);
        var held = await _parts.Store.HeldKeysAsync(Plan.Uid, cancellation);
        var pump = new PartitionPump(
            Plan, partition, start, held.Where(key => key.Partition == partition), _parts.Log, _parts.Store, _parts.Ledger, _deliveries, _parts.Time);
        lock (_gate)
        {
            _pumps[partition] = pump;
            if (_replays[partition].Count > 0)
            {
                return;
            }
        }

        await pump.RunAsync(turn.Token);
    }

    private async Task<Progress> ReplayedAsync(Progress start, CancellationToken cancellation)
    {
        while (true)
        {
            Replay? replay;
            lock (_gate)
            {
                _replays[start.Partition].TryDequeue(out replay);
            }

            if (replay is null)
            {
                return start;
            }

            await _parts.Ledger.ForgetAsync(Plan.Uid, start.Partition, cancellation);
            var place = Math.Min(replay.Place, start.Place);
            var moved = start with { Place = place, ReplayUntil = Math.Max(start.ReplayUntil, start.Place) };
            try
            {
                await _parts.Store.MoveAsync(moved, cancellation);
            }
            catch (Exception failed)
            {
                replay.Done.TrySetException(failed);
                throw;
            }

            replay.Done.TrySetResult(start);
            start = moved;
        }
    }

    /// <summary>Once, and again after a pause when it failed.</summary>
    private async Task AgainAsync(int partition, Func<CancellationToken, Task> work)
    {
        while (true)
        {
            try
            {
                await work(_stopping.Token);
                return;
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                throw;
            }
            catch (Exception failed) when (failed is InvalidOperationException or NpgsqlException or TimeoutException or IOException or SocketException)
            {
                EventingLog.PumpFailed(_parts.Logger, Plan, partition, failed);
                await Task.Delay(s_pause, _parts.Time, _stopping.Token);
            }
        }
    }

    private sealed record Replay(long Place, TaskCompletionSource<Progress> Done);
}
