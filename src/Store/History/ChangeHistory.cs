using Slipway.Model.Resources;

namespace Slipway.Store.History;

/// <summary>
/// The newest changes, shared by all watchers. Bounded by number and by bytes; when full the oldest are forgotten, and
/// a watcher that still needed one of them is told Expired. Keeping a change costs the text of its body and nothing per watcher.
/// </summary>
internal sealed class ChangeHistory(int countMax, long bytesMax)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<ResourceKind, TaskCompletionSource> _waiting = [];
    private readonly Dictionary<ResourceKind, long> _forgottenOf = [];
    private Entry[] _ring = new Entry[256];
    private TaskCompletionSource? _waitingForAny;
    private long _first;
    private long _next;
    private long _bytes;
    private long _newest;
    private long _floor;
    private long _forgotten;
    private bool _closed;

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return (int)(_next - _first);
            }
        }
    }

    /// <summary>History starts here: nothing is known about changes up to this version.</summary>
    public void StartAt(long version)
    {
        lock (_lock)
        {
            _floor = version;
            _newest = version;
        }
    }

    public void Append(IReadOnlyList<Change> changes)
    {
        var awake = new List<TaskCompletionSource>();
        lock (_lock)
        {
            foreach (var change in changes)
            {
                Add(change);
                if (_waiting.Remove(change.Resource.Kind, out var waiting))
                {
                    awake.Add(waiting);
                }
            }

            if (_waitingForAny is not null && changes.Count > 0)
            {
                awake.Add(_waitingForAny);
                _waitingForAny = null;
            }
        }

        awake.ForEach(waiting => waiting.TrySetResult());
    }

    /// <summary>Ends every watch: the store is going away.</summary>
    public void Close()
    {
        List<TaskCompletionSource> awake;
        lock (_lock)
        {
            _closed = true;
            awake = [.. _waiting.Values];
            if (_waitingForAny is not null)
            {
                awake.Add(_waitingForAny);
            }

            _waiting.Clear();
            _waitingForAny = null;
        }

        awake.ForEach(waiting => waiting.TrySetResult());
    }

    public HistoryRead Read(ResourceKind? kind, long after, int limit)
    {
        lock (_lock)
        {
            if (_closed)
            {
                return new HistoryRead(HistoryReadStatus.Closed, [], after, null);
            }

            if (IsForgotten_NeedsLock(kind, after))
            {
                return new HistoryRead(HistoryReadStatus.Expired, [], after, null);
            }

            var found = new List<Change>();
            var position = after;
            for (var at = Seek(after + 1); at < _next && found.Count < limit; at++)
            {
                var change = EntryAt(at).Change;
                position = change.Version;
                if (kind is null || change.Resource.Kind == kind)
                {
                    found.Add(change);
                }
            }

            return found.Count > 0
                ? new HistoryRead(HistoryReadStatus.Ok, found, position, null)
                : new HistoryRead(HistoryReadStatus.Ok, found, Math.Max(after, _newest), WaitFor(kind));
        }
    }

    private bool IsForgotten_NeedsLock(ResourceKind? kind, long after) =>
        after < _floor || after < (kind is null ? _forgotten : _forgottenOf.GetValueOrDefault(kind));

    private Task WaitFor(ResourceKind? kind)
    {
        if (kind is null)
        {
            return (_waitingForAny ??= NewWait()).Task;
        }

        if (!_waiting.TryGetValue(kind, out var waiting))
        {
            _waiting[kind] = waiting = NewWait();
        }

        return waiting.Task;
    }

    private void Add(Change change)
    {
        var weight = Weight.Of(change.Resource);
        while (_next > _first && (_next - _first >= countMax || _bytes + weight > bytesMax))
        {
            ref var oldest = ref EntryAt(_first);
            _bytes -= oldest.Weight;
            _forgotten = oldest.Change.Version;
            _forgottenOf[oldest.Change.Resource.Kind] = _forgotten;
            oldest = default;
            _first++;
        }

        if (_next - _first == _ring.Length)
        {
            Grow();
        }

        EntryAt(_next++) = new Entry(change, weight);
        _bytes += weight;
        _newest = change.Version;
    }

    private void Grow()
    {
        var larger = new Entry[_ring.Length * 2];
        for (var at = _first; at < _next; at++)
        {
            larger[at & (larger.Length - 1)] = EntryAt(at);
        }

        _ring = larger;
    }

    private ref Entry EntryAt(long at) => ref _ring[at & (_ring.Length - 1)];

    private long Seek(long version)
    {
        var (low, high) = (_first, _next);
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            if (EntryAt(middle).Change.Version < version)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    private static TaskCompletionSource NewWait() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly record struct Entry(Change Change, int Weight);
}

internal enum HistoryReadStatus
{
    Ok,
    Expired,
    Closed,
}

/// <param name="More">Completes when there may be something new; null when there is no need to wait.</param>
internal readonly record struct HistoryRead(HistoryReadStatus Status, List<Change> Changes, long Position, Task? More);
