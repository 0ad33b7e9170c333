using Slipway.Model.Resources;

namespace Slipway.Control.Reconciling;

/// <summary>
/// Keys that want to be looked at. A key stands in the queue at most once, is handed to one worker at a time, and comes
/// again when it was added while a worker held it. When the queue is full a new key is dropped and remembered as an
/// overflow: the engine then asks the reconciler for all its keys once there is room.
/// </summary>
internal sealed class WorkQueue : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Queue<ResourceKey> _ready = new();
    private readonly HashSet<ResourceKey> _inReady = [];
    private readonly HashSet<ResourceKey> _held = [];
    private readonly HashSet<ResourceKey> _dirty = [];
    private readonly Dictionary<ResourceKey, DateTimeOffset> _due = [];
    private readonly PriorityQueue<ResourceKey, DateTimeOffset> _timeline = new();
    private readonly Dictionary<ResourceKey, int> _failures = [];
    private readonly TimeProvider _time;
    private readonly Backoff _backoff;
    private readonly Func<double> _dice;
    private readonly int _capacity;
    private readonly ITimer _alarm;
    private TaskCompletionSource _signal = NewSignal();
    private bool _overflowed;

    public WorkQueue(TimeProvider time, Backoff backoff, Func<double> dice, int capacity)
    {
        _time = time;
        _backoff = backoff;
        _dice = dice;
        _capacity = capacity;
        _alarm = time.CreateTimer(static queue => ((WorkQueue)queue!).Ring(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _ready.Count + _due.Count + _dirty.Count;
            }
        }
    }

    /// <summary>When the earliest delayed key is due; null when none waits.</summary>
    public DateTimeOffset? NextDue
    {
        get
        {
            lock (_gate)
            {
                return _due.Count == 0 ? null : _due.Values.Min();
            }
        }
    }

    /// <summary>Wants the key to be looked at as soon as a worker is free.</summary>
    public void Add(ResourceKey key)
    {
        lock (_gate)
        {
            if (_held.Contains(key))
            {
                _dirty.Add(key);
                return;
            }

            Ready(key);
            Signal();
        }
    }

    /// <summary>Wants the key to be looked at after a while; an earlier wish for the same key stands.</summary>
    public void AddAfter(ResourceKey key, TimeSpan wait)
    {
        lock (_gate)
        {
            var due = _time.GetUtcNow() + wait;
            if (_due.TryGetValue(key, out var planned) && planned <= due)
            {
                return;
            }

            if (!_due.ContainsKey(key) && Full())
            {
                return;
            }

            _due[key] = due;
            _timeline.Enqueue(key, due);
            SetAlarm();
        }
    }

    /// <summary>The next key that nobody holds. The caller returns it with <see cref="Finish"/>.</summary>
    public bool TryTake(out ResourceKey key)
    {
        lock (_gate)
        {
            Promote();
            if (!_ready.TryDequeue(out key))
            {
                return false;
            }

            _inReady.Remove(key);
            _held.Add(key);
            return true;
        }
    }

    /// <summary>Gives a key back with what its reconciler said; returns how many failures in a row it has now.</summary>
    public int Finish(ResourceKey key, Reconciliation result)
    {
        lock (_gate)
        {
            _held.Remove(key);
            var failures = 0;
            if (result.Failure is null)
            {
                _failures.Remove(key);
            }
            else
            {
                failures = _failures.GetValueOrDefault(key) + 1;
                _failures[key] = failures;
            }

            if (_dirty.Remove(key) && failures == 0)
            {
                Ready(key);
                Signal();
            }

            var wait = failures > 0 ? _backoff.After(failures, _dice()) : result.Again;
            if (wait is { } after)
            {
                AddAfter(key, after);
            }

            return failures;
        }
    }

    /// <summary>True once after keys were dropped and the queue has room again.</summary>
    public bool TakeOverflow()
    {
        lock (_gate)
        {
            var recovered = _overflowed && _ready.Count + _due.Count <= _capacity / 2;
            if (recovered)
            {
                _overflowed = false;
            }

            return recovered;
        }
    }

    /// <summary>Completes when something may be there to take.</summary>
    public Task WaitAsync(CancellationToken cancellation)
    {
        lock (_gate)
        {
            Promote();
            return _ready.Count > 0 ? Task.CompletedTask : _signal.Task.WaitAsync(cancellation);
        }
    }

    public void Dispose() => _alarm.Dispose();

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Ready(ResourceKey key)
    {
        if (_inReady.Contains(key) || (!_due.Remove(key) && Full()))
        {
            return;
        }

        _inReady.Add(key);
        _ready.Enqueue(key);
    }

    private bool Full()
    {
        var full = _ready.Count + _due.Count >= _capacity;
        _overflowed |= full;
        return full;
    }

    private void Promote()
    {
        var now = _time.GetUtcNow();
        while (_timeline.TryPeek(out var key, out var due) && due <= now)
        {
            _timeline.Dequeue();

            // The timeline keeps wishes that an earlier one or an immediate look has overtaken; they mean nothing any more.
            if (!_due.TryGetValue(key, out var planned) || planned != due)
            {
                continue;
            }

            if (_held.Contains(key))
            {
                _due.Remove(key);
                _dirty.Add(key);
            }
            else
            {
                Ready(key);
            }
        }

        SetAlarm();
    }

    private void SetAlarm()
    {
        while (_timeline.TryPeek(out var key, out var due))
        {
            if (_due.TryGetValue(key, out var planned) && planned == due)
            {
                var wait = due - _time.GetUtcNow();
                _alarm.Change(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
                return;
            }

            _timeline.Dequeue();
        }
    }

    private void Ring()
    {
        lock (_gate)
        {
            Promote();
            Signal();
        }
    }

    private void Signal()
    {
        var former = _signal;
        _signal = NewSignal();
        former.TrySetResult();
    }
}
