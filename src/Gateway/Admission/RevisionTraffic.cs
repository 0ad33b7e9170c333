using Slipway.Gateway.Balancing;
using Slipway.Runtime.Endpoints;

namespace Slipway.Gateway.Admission;

/// <summary>
/// What is alive for one revision: who is ready, how many are inside, who waits. It outlives routing snapshots. The way
/// in without waiting takes no lock of the revision; the queue is first come, first served.
/// </summary>
internal sealed class RevisionTraffic
{
    private readonly Lock _lock = new();
    private readonly LinkedList<Waiter> _queue = new();
    private readonly GatewayLimits _limits;
    private readonly TimeProvider _time;
    private readonly IWakeUp _wakeUp;
    private readonly Dice _dice;
    private Picture _picture = new([], 0, false, null);
    private int _waiting;
    private long _wantedSince;
    private double _startSeconds;

    public RevisionTraffic(RevisionKey key, GatewayLimits limits, TimeProvider time, IWakeUp wakeUp, Dice dice)
    {
        Key = key;
        _limits = limits;
        _time = time;
        _wakeUp = wakeUp;
        _dice = dice;
        Load = new LoadMeter(time);
    }

    public RevisionKey Key { get; }

    public LoadMeter Load { get; }

    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>Whether its instances want HTTP/2 with prior knowledge.</summary>
    public bool Http2 => Volatile.Read(ref _picture).Http2;

    private sealed record Picture(InstanceSlot[] Ready, int Limit, bool Http2, Unavailability? Unavailable);

    public bool HasOpenInstance => HasOpen(Volatile.Read(ref _picture));

    /// <summary>How long a request may wait for an instance to start: a multiple of what starts have taken, or the whole request time while that is unknown.</summary>
    public TimeSpan WakeLimit(TimeSpan requestTimeout)
    {
        var start = Volatile.Read(ref _startSeconds);
        if (start <= 0)
        {
            return requestTimeout;
        }

        var limit = TimeSpan.FromSeconds(start * _limits.WakeWaitFactor);
        limit = limit < _limits.WakeWaitMin ? _limits.WakeWaitMin : limit;
        return limit < requestTimeout ? limit : requestTimeout;
    }

    public bool TryEnter(ulong affinity, InstanceSlot? except, out InstanceSlot slot)
    {
        // Whoever waits came first.
        if (Volatile.Read(ref _waiting) > 0)
        {
            slot = null!;
            return false;
        }

        slot = Pick(Volatile.Read(ref _picture), affinity, except)!;
        return slot is not null;
    }

    /// <summary>Joins the queue, and asks for an instance when there is none that could ever take the request.</summary>
    public Waiter? Wait(ulong affinity, out AdmissionAnswer refusal)
    {
        refusal = default;
        var waiter = new Waiter(this, affinity);
        bool wanted;
        lock (_lock)
        {
            if (_picture.Unavailable is { } reason)
            {
                refusal = new AdmissionAnswer(AdmissionVerdict.Unavailable, null, reason);
                return null;
            }

            if (_queue.Count >= _limits.QueueMax)
            {
                refusal = new AdmissionAnswer(AdmissionVerdict.QueueFull, null, null);
                return null;
            }

            waiter.Node = _queue.AddLast(waiter);
            Interlocked.Increment(ref _waiting);
            wanted = !HasOpen(_picture);
            if (wanted && _wantedSince == 0)
            {
                _wantedSince = _time.GetTimestamp();
            }
        }

        if (wanted)
        {
            _wakeUp.Wanted(Key);
        }

        // A place may have become free between the failed try and joining the queue.
        Dispatch();
        return waiter;
    }

    public void Leave(InstanceSlot slot, long egressBytes)
    {
        slot.Leave(egressBytes);
        if (Volatile.Read(ref _waiting) > 0)
        {
            Dispatch();
        }
    }

    public void Publish(InstanceSlot[] ready, int limit, bool http2, Unavailability? unavailable)
    {
        List<Waiter>? refused = null;
        var wanted = false;
        lock (_lock)
        {
            _picture = new Picture(ready, limit, http2, unavailable);
            if (HasOpen(_picture))
            {
                LearnStartTime();
            }
            else if (unavailable is not null)
            {
                _wantedSince = 0;
                refused = [.. _queue];
            }
            else
            {
                wanted = _queue.Count > 0;
            }
        }

        if (refused is not null)
        {
            foreach (var waiter in refused)
            {
                if (waiter.TrySetResult(new AdmissionAnswer(AdmissionVerdict.Unavailable, null, unavailable)))
                {
                    Forget(waiter);
                }
            }
        }

        if (wanted)
        {
            // The last instance went away under those who wait.
            _wakeUp.Wanted(Key);
        }

        Dispatch();
    }

    /// <summary>Hands free places to those who wait, in order.</summary>
    public void Dispatch()
    {
        while (true)
        {
            Waiter waiter;
            InstanceSlot? slot;
            lock (_lock)
            {
                if (_queue.First is not { } first)
                {
                    return;
                }

                waiter = first.Value;
                slot = Pick(_picture, waiter.Affinity, null);
                if (slot is null)
                {
                    return;
                }

                Remove(waiter);
            }

            if (!waiter.TrySetResult(new AdmissionAnswer(AdmissionVerdict.Admitted, slot, null)))
            {
                slot.Leave(0);
            }
        }
    }

    public void Forget(Waiter waiter)
    {
        lock (_lock)
        {
            Remove(waiter);
        }
    }

    /// <summary>A closed instance takes requests again.</summary>
    public void Reopened()
    {
        lock (_lock)
        {
            LearnStartTime();
        }

        Dispatch();
    }

    /// <summary>Asks again for those who wait while no instance could take them: the last one was closed, or the first call was lost.</summary>
    public void Remind()
    {
        bool wanted;
        lock (_lock)
        {
            wanted = _queue.Count > 0 && _picture.Unavailable is null && !HasOpen(_picture);
        }

        if (wanted)
        {
            _wakeUp.Wanted(Key);
        }
    }

    private static bool HasOpen(Picture picture)
    {
        foreach (var slot in picture.Ready)
        {
            if (!slot.IsClosed)
            {
                return true;
            }
        }

        return false;
    }

    private InstanceSlot? Pick(Picture picture, ulong affinity, InstanceSlot? except) =>
        InstanceChoice.Enter(picture.Ready, picture.Limit, affinity, except, _dice.Next(), _time.GetTimestamp());

    private void Remove(Waiter waiter)
    {
        if (waiter.Node is { } node)
        {
            waiter.Node = null;
            _queue.Remove(node);
            Interlocked.Decrement(ref _waiting);
        }
    }

    private void LearnStartTime()
    {
        if (_wantedSince == 0)
        {
            return;
        }

        var took = _time.GetElapsedTime(_wantedSince).TotalSeconds;
        _wantedSince = 0;

        // A thaw takes about a millisecond and says nothing about how long a start takes.
        if (took >= 0.1)
        {
            Volatile.Write(ref _startSeconds, _startSeconds <= 0 ? took : (0.7 * _startSeconds) + (0.3 * took));
        }
    }
}
