using System.Net;
using Slipway.Gateway.Admission;
using Slipway.Gateway.Forwarding;

namespace Slipway.Gateway.Balancing;

/// <summary>
/// One instance as the data plane sees it. Entering, leaving and closing go through one short lock, so that an instance
/// can never be closed under a request nor entered after it was closed.
/// </summary>
internal sealed class InstanceSlot
{
    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private int _inFlight;
    private volatile bool _closed;
    private int _failures;
    private int _ejections;
    private long _ejectedUntil;
    private long _busySince;
    private long _busyTotal;
    private long _requests;
    private long _egressBytes;
    private DateTimeOffset? _lastUsedAt;
    private TaskCompletionSource? _empty;

    public InstanceSlot(string id, TimeProvider time, int idleConnectionsMax)
    {
        Id = id;
        AffinityKey = Fnv.Hash(id);
        _time = time;
        Pool = new UpstreamPool(idleConnectionsMax);
    }

    public string Id { get; }

    public ulong AffinityKey { get; }

    public UpstreamPool Pool { get; }

    public IPEndPoint? Address { get; private set; }

    /// <summary>The revision it was last published for; a closed and reopened instance tells its waiters.</summary>
    public RevisionTraffic? Revision { get; private set; }

    /// <summary>Timestamp since when no revision publishes it; 0 while one does.</summary>
    public long UnpublishedSince { get; set; }

    public int InFlight => Volatile.Read(ref _inFlight);

    public bool IsClosed => _closed;

    public bool IsEjected(long now) => Volatile.Read(ref _ejectedUntil) > now;

    public void Publish(RevisionTraffic revision, IPEndPoint address)
    {
        Revision = revision;
        UnpublishedSince = 0;
        if (Address is null || !Address.Equals(address))
        {
            // The same name at a new address is a new life: its old connections lead nowhere.
            Address = address;
            Pool.Clear();
        }
    }

    public bool TryEnter(int limit)
    {
        if (_closed || (limit > 0 && Volatile.Read(ref _inFlight) >= limit))
        {
            return false;
        }

        lock (_lock)
        {
            if (_closed || (limit > 0 && _inFlight >= limit))
            {
                return false;
            }

            if (_inFlight++ == 0)
            {
                _busySince = _time.GetTimestamp();
            }

            _requests++;
            return true;
        }
    }

    public void Leave(long egressBytes)
    {
        TaskCompletionSource? empty = null;
        lock (_lock)
        {
            _egressBytes += egressBytes;
            if (--_inFlight == 0)
            {
                _busyTotal += _time.GetTimestamp() - _busySince;
                _lastUsedAt = _time.GetUtcNow();
                empty = _empty;
                _empty = null;
            }
        }

        empty?.TrySetResult();
    }

    public bool TryClose()
    {
        lock (_lock)
        {
            if (_inFlight > 0)
            {
                return false;
            }

            _closed = true;
            return true;
        }
    }

    /// <summary>Closes now; the task completes when the last request has left.</summary>
    public Task CloseAndEmpty()
    {
        lock (_lock)
        {
            _closed = true;
            if (_inFlight == 0)
            {
                return Task.CompletedTask;
            }

            _empty ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _empty.Task;
        }
    }

    public void Open() => _closed = false;

    public DateTimeOffset? LastUsedAt
    {
        get
        {
            lock (_lock)
            {
                return _lastUsedAt;
            }
        }
    }

    public void Succeeded()
    {
        if (Volatile.Read(ref _failures) != 0)
        {
            Volatile.Write(ref _failures, 0);
            Volatile.Write(ref _ejections, 0);
        }
    }

    /// <summary>It refused a connection or answered nonsense. After several in a row it is left out, longer each time, at most six times as long.</summary>
    public void Failed(int ejectAfter, TimeSpan ejectFor)
    {
        if (Interlocked.Increment(ref _failures) >= ejectAfter)
        {
            Volatile.Write(ref _failures, 0);
            var times = Math.Min(6, Interlocked.Increment(ref _ejections));
            Volatile.Write(ref _ejectedUntil, _time.GetTimestamp() + (long)(ejectFor.TotalSeconds * times * _time.TimestampFrequency));
        }
    }

    public InstanceTraffic Read()
    {
        lock (_lock)
        {
            var busy = _busyTotal + (_inFlight > 0 ? _time.GetTimestamp() - _busySince : 0);
            return new InstanceTraffic(Id, _requests, _egressBytes, TimeSpan.FromSeconds((double)busy / _time.TimestampFrequency), _inFlight);
        }
    }
}
