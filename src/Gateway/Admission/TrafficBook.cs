using System.Collections.Concurrent;
using Slipway.Gateway.Balancing;
using Slipway.Runtime.Endpoints;

namespace Slipway.Gateway.Admission;

/// <summary>Every revision and instance with traffic. Follows the endpoint directory and answers for the gate and the load readings.</summary>
internal sealed class TrafficBook : ITrafficGate, ILoadSource, IDisposable
{
    /// <summary>A closed instance that nobody publishes is remembered for this long: it may be frozen, not gone.</summary>
    private static readonly TimeSpan s_unpublishedKept = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<RevisionKey, RevisionTraffic> _revisions = new();
    private readonly ConcurrentDictionary<string, InstanceSlot> _slots = new();
    private readonly Lock _publishing = new();
    private readonly IEndpointDirectory _directory;
    private readonly IWakeUp _wakeUp;
    private readonly GatewayLimits _limits;
    private readonly TimeProvider _time;
    private readonly Dice _dice;

    public TrafficBook(IEndpointDirectory directory, IWakeUp wakeUp, GatewayLimits limits, TimeProvider time, Dice dice)
    {
        _directory = directory;
        _wakeUp = wakeUp;
        _limits = limits;
        _time = time;
        _dice = dice;
        directory.Changed += Publish;
        foreach (var endpoints in directory.All)
        {
            Publish(endpoints);
        }
    }

    public RevisionTraffic Of(RevisionKey key)
    {
        if (_revisions.TryGetValue(key, out var known))
        {
            return known;
        }

        var traffic = _revisions.GetOrAdd(key, static (name, book) => new RevisionTraffic(name, book._limits, book._time, book._wakeUp, book._dice), this);
        Publish(_directory.Find(key));
        return traffic;
    }

    /// <summary>Forgets revisions that are neither routed nor used, and instances that are gone.</summary>
    public void Trim(IReadOnlySet<RevisionKey> routed)
    {
        foreach (var (key, traffic) in _revisions)
        {
            if (!routed.Contains(key) && traffic.Load.Present == 0 && _directory.Find(key).Ready.IsEmpty)
            {
                _revisions.TryRemove(key, out _);
            }
        }

        var now = _time.GetTimestamp();
        foreach (var (id, slot) in _slots)
        {
            var since = slot.UnpublishedSince;
            if (since != 0 && slot.InFlight == 0 && (!slot.IsClosed || _time.GetElapsedTime(since, now) > s_unpublishedKept))
            {
                _slots.TryRemove(id, out _);
                slot.Pool.Clear();
            }
        }
    }

    /// <summary>Regular housekeeping: old idle connections go, and waiting requests are not forgotten by a control plane that was restarted.</summary>
    public void Tidy()
    {
        foreach (var revision in _revisions.Values)
        {
            if (revision.Waiting > 0)
            {
                revision.Remind();
            }
        }

        var now = _time.GetTimestamp();
        var oldest = now - (long)(_limits.UpstreamIdle.TotalSeconds * _time.TimestampFrequency);
        foreach (var slot in _slots.Values)
        {
            slot.Pool.CloseIdleSince(oldest);
        }
    }

    public bool TryClose(string instanceId)
    {
        var slot = SlotOf(instanceId);
        if (!slot.TryClose())
        {
            return false;
        }

        slot.Revision?.Remind();
        return true;
    }

    public async Task<bool> DrainAsync(string instanceId, TimeSpan limit, CancellationToken cancellation)
    {
        var slot = SlotOf(instanceId);
        var empty = slot.CloseAndEmpty();
        slot.Revision?.Remind();
        try
        {
            await empty.WaitAsync(limit, _time, cancellation).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    public void Open(string instanceId)
    {
        if (_slots.TryGetValue(instanceId, out var slot))
        {
            slot.Open();
            slot.Revision?.Reopened();
        }
    }

    public int InFlight(string instanceId) => _slots.TryGetValue(instanceId, out var slot) ? slot.InFlight : 0;

    public DateTimeOffset? LastUsedAt(string instanceId) => _slots.TryGetValue(instanceId, out var slot) ? slot.LastUsedAt : null;

    public IReadOnlyList<LoadReading> Read()
    {
        var readings = new List<LoadReading>();
        foreach (var (key, traffic) in _revisions)
        {
            var (average, arrivals, present) = traffic.Load.Read();
            if (average > 0 || arrivals > 0 || present > 0)
            {
                var waiting = traffic.Waiting;
                readings.Add(new LoadReading(key, average, arrivals, waiting, Math.Max(0, present - waiting)));
            }
        }

        return readings;
    }

    public IReadOnlyList<InstanceTraffic> Instances() => [.. _slots.Values.Select(slot => slot.Read())];

    public IEnumerable<RevisionTraffic> Revisions => _revisions.Values;

    public void Dispose()
    {
        _directory.Changed -= Publish;
        foreach (var slot in _slots.Values)
        {
            slot.Pool.Clear();
        }
    }

    private InstanceSlot SlotOf(string instanceId) =>
        _slots.GetOrAdd(instanceId, static (id, book) => new InstanceSlot(id, book._time, book._limits.UpstreamIdleConnectionsMax)
        {
            UnpublishedSince = book._time.GetTimestamp(),
        }, this);

    private void Publish(RevisionEndpoints endpoints)
    {
        lock (_publishing)
        {
            // Notices may arrive in another order than the changes they tell of: the directory's present word counts.
            endpoints = _directory.Find(endpoints.Revision);
            var traffic = _revisions.GetOrAdd(
                endpoints.Revision,
                static (name, book) => new RevisionTraffic(name, book._limits, book._time, book._wakeUp, book._dice),
                this);
            var ready = new InstanceSlot[endpoints.Ready.Length];
            for (var i = 0; i < ready.Length; i++)
            {
                ready[i] = SlotOf(endpoints.Ready[i].InstanceId);
                ready[i].Publish(traffic, endpoints.Ready[i].Address);
            }

            foreach (var slot in _slots.Values)
            {
                if (slot.Revision == traffic && slot.UnpublishedSince == 0 && Array.IndexOf(ready, slot) < 0)
                {
                    slot.UnpublishedSince = _time.GetTimestamp();
                }
            }

            traffic.Publish(ready, endpoints.ConcurrencyMax, endpoints.Http2, endpoints.Unavailable);
        }
    }
}
