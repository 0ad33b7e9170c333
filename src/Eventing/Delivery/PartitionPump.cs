using System.Net.Sockets;
using Npgsql;
using Slipway.Eventing.Log;
using Slipway.Eventing.Subscriptions;

namespace Slipway.Eventing.Delivery;

/// <summary>
/// Pushes one partition to one subscriber. Keys go side by side, the events of a key one after the other. A key whose
/// event was given up is held: what comes for it is kept behind that event, and the rest goes on. At most 1,024 events are
/// under way and at most 16,384 places lie open; then reading waits.
/// </summary>
internal sealed class PartitionPump(
    TriggerPlan plan, int partition, Progress start, IEnumerable<HeldKey> held, IEventLog log, ISubscriptionStore store, ProgressLedger ledger, Deliveries deliveries, TimeProvider time)
{
    private const int UndoneMax = 1_024;
    private const int SpanMax = 16_384;
    private const int ReadMax = 512;
    private const int HeldMax = 100_000;
    private const int HeldLookEvery = 1_000;

    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Window _window = new(start.Place);
    private readonly Dictionary<string, KeyLane> _lanes = new(StringComparer.Ordinal);
    private readonly HashSet<string> _held = new(held.Select(key => key.Key), StringComparer.Ordinal);
    private readonly string[] _mayGo = [.. held.Where(key => key.MayGo).Select(key => key.Key)];
    private TaskCompletionSource _room = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource? _idle;
    private long _stored = start.Place;
    private long _heldSinceCount;
    private Exception? _failed;
    private CancellationTokenSource? _stopping;

    /// <summary>Until it is told to stop; then nothing of it is under way any more.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        lock (_gate)
        {
            _stopping = stopping;
        }

        try
        {
            foreach (var key in _mayGo)
            {
                LookAtHeld(key);
            }

            while (true)
            {
                await RoomAsync(stopping.Token);
                await ReadAsync(stopping.Token);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested && _failed is null)
        {
            // Told to stop.
        }
        finally
        {
            await stopping.CancelAsync();
            await LanesEndedAsync();
        }

        if (_failed is { } failed)
        {
            throw new InvalidOperationException("A delivery ended unexpectedly.", failed);
        }
    }

    /// <summary>What is held of a key may have become deliverable.</summary>
    public void LookAtHeld(string key)
    {
        lock (_gate)
        {
            if (_stopping is { IsCancellationRequested: false })
            {
                _held.Add(key);
                LaneNeedsGate(key, lane => lane.LookAtHeld = true);
            }
        }
    }

    private async Task ReadAsync(CancellationToken cancellation)
    {
        var from = _window.Next;
        var records = await PatientlyAsync(token => log.ReadAsync(plan.Topic, partition, from, ReadMax, token).AsTask(), cancellation);
        if (records.Count == 0)
        {
            if (from < log.Range(plan.Topic, partition).End)
            {
                // Nothing is left from here on though more was written: it was trimmed in between.
                await Task.Delay(s_pause, time, cancellation);
            }

            await log.WaitAsync(plan.Topic, partition, from, cancellation);
            return;
        }

        lock (_gate)
        {
            foreach (var record in records)
            {
                if (EventFilter.Matches(plan.Spec, record.Event))
                {
                    var taken = _window.Take(record, record.Place < start.ReplayUntil);
                    LaneNeedsGate(record.Key, lane => lane.Queue.Enqueue(taken));
                }
            }

            _window.Passed(records[^1].Place + 1);
            MovedNeedsGate();
        }
    }

    private void LaneNeedsGate(string key, Action<KeyLane> change)
    {
        if (_lanes.TryGetValue(key, out var lane))
        {
            change(lane);
            return;
        }

        lane = new KeyLane(key);
        _lanes.Add(key, lane);
        change(lane);
        var token = _stopping!.Token;
        _ = Task.Run(() => RunLaneAsync(lane, token), CancellationToken.None);
    }

    private async Task RunLaneAsync(KeyLane lane, CancellationToken cancellation)
    {
        try
        {
            while (await StepAsync(lane, cancellation))
            {
                // One step after the other is what keeps the order.
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            LaneEnded(lane);
        }
#pragma warning disable CA1031 // Whatever it is, the pump must end with it and start again; an unseen exception would leave the key standing.
        catch (Exception failed)
#pragma warning restore CA1031
        {
            _failed ??= failed;
            LaneEnded(lane);
            await _stopping!.CancelAsync();
        }
    }

    /// <summary>False when the lane has nothing to do; it is gone then.</summary>
    private async Task<bool> StepAsync(KeyLane lane, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        bool look, isHeld;
        Taken[] waiting;
        lock (_gate)
        {
            look = lane.LookAtHeld;
            lane.LookAtHeld = false;
            isHeld = _held.Contains(lane.Key);
            waiting = isHeld ? [.. lane.Queue] : lane.Queue.TryPeek(out var first) ? [first] : [];
            if (!look && waiting.Length == 0)
            {
                LaneEndedNeedsGate(lane);
                return false;
            }
        }

        if (look)
        {
            await DeliverHeldAsync(lane.Key, cancellation);
        }
        else if (isHeld)
        {
            await RoomForHeldAsync(waiting.Length, cancellation);
            await HoldAsync([.. waiting.Select(taken => HeldOf(taken, HeldState.Waiting))], cancellation);
            Ended(lane, waiting);
        }
        else
        {
            await DeliverAsync(lane, waiting[0], cancellation);
        }

        return true;
    }

    private async Task DeliverAsync(KeyLane lane, Taken taken, CancellationToken cancellation)
    {
        var record = taken.Record;
        var ending = await deliveries.DeliverAsync(record.Event, partition, record.Place, taken.Replay, cancellation);
        if (ending.Error is not null)
        {
            await HoldAsync([HeldOf(taken, HeldState.Dead) with { Attempts = ending.Attempts, Code = ending.Code, Error = ending.Error }], cancellation);
            lock (_gate)
            {
                _held.Add(lane.Key);
            }
        }

        Ended(lane, [taken]);
    }

    /// <summary>In order, until one fails again or none is left; then the key is free.</summary>
    private async Task DeliverHeldAsync(string key, CancellationToken cancellation)
    {
        while (true)
        {
            var first = await PatientlyAsync(token => store.FirstHeldAsync(plan.Uid, partition, key, token), cancellation);
            if (first is null)
            {
                lock (_gate)
                {
                    _held.Remove(key);
                }

                return;
            }

            if (first.State == HeldState.Dead)
            {
                return;
            }

            var ending = await deliveries.DeliverAsync(first.Event, partition, first.Place, first.Replay, cancellation);
            if (ending.Error is not null)
            {
                var dead = first with { Attempts = first.Attempts + ending.Attempts, Code = ending.Code, Error = ending.Error };
                await PatientlyAsync(token => store.DieAsync(dead, token), cancellation);
                return;
            }

            await PatientlyAsync(token => store.ReleaseAsync(first.Id, token), cancellation);
        }
    }

    /// <summary>
    /// Up to about 100,000 events may wait behind dead ones; then the partition stands, publishers go on, and its lag tells.
    /// Looked at once in a while, because counting costs more than keeping.
    /// </summary>
    private async Task RoomForHeldAsync(int more, CancellationToken cancellation)
    {
        if (Interlocked.Add(ref _heldSinceCount, more) < HeldLookEvery)
        {
            return;
        }

        while ((await PatientlyAsync(token => store.CountAsync(plan.Uid, token), cancellation)).Waiting >= HeldMax)
        {
            await Task.Delay(s_pause, time, cancellation);
        }

        Interlocked.Exchange(ref _heldSinceCount, 0);
    }

    private Task HoldAsync(IReadOnlyList<HeldEvent> events, CancellationToken cancellation) =>
        PatientlyAsync(token => store.HoldAsync(events, token), cancellation);

    private HeldEvent HeldOf(Taken taken, HeldState state) => new()
    {
        Subscription = plan.Uid,
        Partition = partition,
        Place = taken.Record.Place,
        Key = taken.Record.Key,
        State = state,
        AppendedAt = taken.Record.AppendedAt,
        Event = taken.Record.Event,
        Replay = taken.Replay,
    };

    private void Ended(KeyLane lane, IReadOnlyList<Taken> taken)
    {
        lock (_gate)
        {
            foreach (var one in taken)
            {
                lane.Queue.Dequeue();
                _window.End(one);
            }

            MovedNeedsGate();
        }
    }

    private void MovedNeedsGate()
    {
        if (_window.Position is var position && position != _stored)
        {
            _stored = position;
            ledger.Move(new Progress(plan.Uid, partition, position));
        }

        if (HasRoomNeedsGate())
        {
            _room.TrySetResult();
        }
    }

    private bool HasRoomNeedsGate() => _window.Undone < UndoneMax && _window.Span < SpanMax;

    private Task RoomAsync(CancellationToken cancellation)
    {
        lock (_gate)
        {
            if (HasRoomNeedsGate())
            {
                return Task.CompletedTask;
            }

            _room = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _room.Task.WaitAsync(cancellation);
        }
    }

    private void LaneEnded(KeyLane lane)
    {
        lock (_gate)
        {
            LaneEndedNeedsGate(lane);
        }
    }

    private void LaneEndedNeedsGate(KeyLane lane)
    {
        _lanes.Remove(lane.Key);
        if (_lanes.Count == 0)
        {
            _idle?.TrySetResult();
        }
    }

    private Task LanesEndedAsync()
    {
        lock (_gate)
        {
            if (_lanes.Count == 0)
            {
                return Task.CompletedTask;
            }

            _idle = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _idle.Task;
        }
    }

    private async Task PatientlyAsync(Func<CancellationToken, Task> work, CancellationToken cancellation) =>
        await PatientlyAsync(
            async token =>
            {
                await work(token);
                return true;
            },
            cancellation);

    /// <summary>The database may be away for a while; nothing may be skipped because of that.</summary>
    private async Task<T> PatientlyAsync<T>(Func<CancellationToken, Task<T>> work, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                return await work(cancellation);
            }
            catch (Exception away) when (away is NpgsqlException or TimeoutException or IOException or SocketException)
            {
                await Task.Delay(s_pause, time, cancellation);
            }
        }
    }
}
