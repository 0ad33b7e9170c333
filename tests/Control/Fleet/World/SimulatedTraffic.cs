using Slipway.Runtime.Endpoints;
using Slipway.Runtime.Instances;

namespace Slipway.Control.Tests.Fleet.World;

/// <summary>
/// A data plane without a network: requests arrive, wait, are held by instances for a while and end, all on the thread
/// that moves the clock. It keeps the promises of the real gate and writes down whoever breaks one.
/// </summary>
internal sealed class SimulatedTraffic : ITrafficGate, ILoadSource, IDisposable
{
    /// <summary>The data plane refuses what has waited for so long.</summary>
    private static readonly TimeSpan s_waitLimit = TimeSpan.FromSeconds(60);

    private readonly TimeProvider _time;
    private readonly EndpointDirectory _endpoints;
    private readonly IInstanceDriver _driver;
    private readonly Dictionary<string, Held> _instances = new(StringComparer.Ordinal);
    private readonly Dictionary<RevisionKey, Load> _loads = [];

    public SimulatedTraffic(TimeProvider time, EndpointDirectory endpoints, IInstanceDriver driver)
    {
        _time = time;
        _endpoints = endpoints;
        _driver = driver;
        endpoints.Changed += changed => Dispatch(changed.Revision);
        driver.Changed += Watch;
    }

    public IWakeUp? WakeUp { get; set; }

    public List<string> Violations { get; } = [];

    public int Served { get; private set; }

    /// <summary>Requests that an instance took with it when it crashed.</summary>
    public int Lost { get; private set; }

    public int Refused { get; private set; }

    /// <summary>Instances whose requests did not end within the time the fleet gave them: these may be cut.</summary>
    private readonly HashSet<string> _patienceOver = new(StringComparer.Ordinal);

    public int Waiting(RevisionKey revision) => LoadOf(revision).Waiting.Count;

    public void Arrive(RevisionKey revision, TimeSpan duration)
    {
        var load = LoadOf(revision);
        load.Change(_time.GetUtcNow());
        load.Arrived++;
        load.Waiting.Enqueue((duration, _time.GetUtcNow()));
        Dispatch(revision);
        if (load.Waiting.Count > 0)
        {
            WakeUp?.Wanted(revision);
        }
    }

    public bool TryClose(string instanceId)
    {
        var held = HeldBy(instanceId);
        if (held.InFlight > 0)
        {
            return false;
        }

        held.Closed = true;
        return true;
    }

    public async Task<bool> DrainAsync(string instanceId, TimeSpan limit, CancellationToken cancellation)
    {
        var held = HeldBy(instanceId);
        held.Closed = true;
        if (held.InFlight == 0)
        {
            return true;
        }

        // Continuations run inline on purpose: the whole world stays on the thread that moves the clock.
        held.Drained ??= new TaskCompletionSource<bool>();
        await using var timer = _time.CreateTimer(_ => held.Drained.TrySetResult(false), null, limit, Timeout.InfiniteTimeSpan);
        var drained = await held.Drained.Task.WaitAsync(cancellation);
        if (!drained)
        {
            _patienceOver.Add(instanceId);
        }

        return drained;
    }

    public void Open(string instanceId)
    {
        var held = HeldBy(instanceId);
        held.Closed = false;
        foreach (var revision in _loads.Keys.ToList())
        {
            Dispatch(revision);
        }
    }

    /// <summary>The data plane dies with its connections.</summary>
    public void Dispose() => _driver.Changed -= Watch;

    public int InFlight(string instanceId) => HeldBy(instanceId).InFlight;

    public DateTimeOffset? LastUsedAt(string instanceId) => HeldBy(instanceId).LastUsedAt;

    public IReadOnlyList<LoadReading> Read()
    {
        var now = _time.GetUtcNow();
        var readings = new List<LoadReading>();
        foreach (var (revision, load) in _loads)
        {
            load.Change(now);
            while (load.Waiting.TryPeek(out var oldest) && now - oldest.Since >= s_waitLimit)
            {
                load.Waiting.Dequeue();
                Refused++;
            }

            var length = (now - load.ReadAt).TotalSeconds;
            if (length > 0 && (load.Area > 0 || load.Arrived > 0 || load.Total > 0))
            {
                readings.Add(new LoadReading(revision, load.Area / length, load.Arrived, load.Waiting.Count, load.InFlight));
            }

            (load.Area, load.Arrived, load.ReadAt) = (0, 0, now);
        }

        return readings;
    }

    private void Dispatch(RevisionKey revision)
    {
        var load = LoadOf(revision);
        var endpoints = _endpoints.Find(revision);
        load.Change(_time.GetUtcNow());
        if (endpoints.Unavailable is not null)
        {
            Refused += load.Waiting.Count;
            load.Waiting.Clear();
        }

        while (load.Waiting.TryPeek(out var next))
        {
            var free = endpoints.Ready
                .Select(endpoint => (endpoint.InstanceId, Held: HeldBy(endpoint.InstanceId)))
                .Where(pair => !pair.Held.Closed && (endpoints.ConcurrencyMax == 0 || pair.Held.InFlight < endpoints.ConcurrencyMax))
                .OrderBy(pair => pair.Held.InFlight)
                .Select(pair => pair.InstanceId)
                .FirstOrDefault();
            if (free is null)
            {
                return;
            }

            load.Waiting.Dequeue();
            load.InFlight++;
            Begin(revision, free, next.Duration);
        }
    }

    private void Begin(RevisionKey revision, string instanceId, TimeSpan duration)
    {
        var held = HeldBy(instanceId);
        if (held.Phase is InstancePhase.Frozen or InstancePhase.Stopping)
        {
            Violations.Add($"a request was routed to {instanceId}, which is {held.Phase}");
        }

        if (held.Phase == InstancePhase.Exited)
        {
            Lost++;
            LoadOf(revision).InFlight--;
            return;
        }

        held.InFlight++;
        var life = held.Life;
        ITimer? timer = null;
        timer = _time.CreateTimer(
            _ =>
            {
                timer?.Dispose();
                if (held.Life == life)
                {
                    End(revision, held);
                }
            },
            null,
            duration,
            Timeout.InfiniteTimeSpan);
        held.Revision = revision;
    }

    private void End(RevisionKey revision, Held held)
    {
        Served++;
        held.InFlight--;
        held.LastUsedAt = _time.GetUtcNow();
        var load = LoadOf(revision);
        load.Change(_time.GetUtcNow());
        load.InFlight--;
        if (held.InFlight == 0)
        {
            held.Drained?.TrySetResult(true);
        }

        Dispatch(revision);
    }

    private void Watch(InstanceState state)
    {
        var held = HeldBy(state.Id);
        held.Phase = state.Phase;
        if (held.InFlight == 0)
        {
            return;
        }

        switch (state.Phase)
        {
            case InstancePhase.Frozen:
                Violations.Add($"{state.Id} was frozen with {held.InFlight} requests in flight");
                break;
            case InstancePhase.Stopping when !_patienceOver.Contains(state.Id):
                Violations.Add($"{state.Id} was stopped with {held.InFlight} requests in flight");
                break;
            case InstancePhase.Exited:
                Lost += held.InFlight;
                var load = LoadOf(held.Revision);
                load.Change(_time.GetUtcNow());
                load.InFlight -= held.InFlight;
                held.InFlight = 0;
                held.Life++;
                held.Drained?.TrySetResult(true);
                break;
        }
    }

    private Held HeldBy(string instanceId)
    {
        if (!_instances.TryGetValue(instanceId, out var held))
        {
            _instances[instanceId] = held = new Held();
        }

        return held;
    }

    private Load LoadOf(RevisionKey revision)
    {
        if (!_loads.TryGetValue(revision, out var load))
        {
            _loads[revision] = load = new Load { ReadAt = _time.GetUtcNow(), ChangedAt = _time.GetUtcNow() };
        }

        return load;
    }

    private sealed class Held
    {
        public InstancePhase Phase { get; set; } = InstancePhase.Running;

        public RevisionKey Revision { get; set; }

        public int InFlight { get; set; }

        public int Life { get; set; }

        public bool Closed { get; set; }

        public DateTimeOffset? LastUsedAt { get; set; }

        public TaskCompletionSource<bool>? Drained { get; set; }
    }

    private sealed class Load
    {
        public Queue<(TimeSpan Duration, DateTimeOffset Since)> Waiting { get; } = new();

        public int InFlight { get; set; }

        public long Arrived { get; set; }

        public double Area { get; set; }

        public DateTimeOffset ReadAt { get; set; }

        public DateTimeOffset ChangedAt { get; set; }

        public int Total => Waiting.Count + InFlight;

        /// <summary>Called before every change: until now there were as many as there are.</summary>
        public void Change(DateTimeOffset now)
        {
            Area += Total * (now - ChangedAt).TotalSeconds;
            ChangedAt = now;
        }
    }
}
