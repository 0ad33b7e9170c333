using System.Net;
using Slipway.Model.Failures;
using Slipway.Runtime.Health;
using Slipway.Runtime.Instances;

namespace Slipway.Runtime.InMemory;

/// <summary>
/// An honest fake: instances that start, become ready, crash, resist and end as their fate says, in the time of the
/// given clock. It runs nothing. With a manual clock everything happens on the thread that advances it, in a fixed
/// order; a simulation is therefore repeatable from its seed. It outlives a simulated crash of the control plane:
/// <see cref="AdoptAsync"/> may be called again and returns what still runs.
/// </summary>
public sealed partial class MemoryDriver : IInstanceDriver, IInstanceHealth, IDisposable
{
    private const int FirstPort = 20_000;
    private const int PortsMax = 10_000;

    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly Func<InstanceSpec, InstanceFate> _fateOf;
    private readonly Dictionary<string, MemoryInstance> _instances = new(StringComparer.Ordinal);
    private readonly HashSet<int> _ports = [];
    private readonly Announcer<InstanceState> _states = new();
    private readonly Announcer<HealthState> _healths = new();
    private readonly Queue<TaskCompletionSource> _gone = new();
    private int _lastPort = FirstPort - 1;
    private int _lastProcessId = 1000;

    /// <param name="fateOf">Asked once per start; the default is a healthy service or a job that completes after a second.</param>
    public MemoryDriver(TimeProvider time, Func<InstanceSpec, InstanceFate>? fateOf = null)
    {
        _time = time;
        _fateOf = fateOf ?? (static spec => spec.Serves ? InstanceFate.Healthy : InstanceFate.Completes);
    }

    /// <summary>A driver whose instances meet their faults at the given rates, drawn from the given dice.</summary>
    public static MemoryDriver WithFaults(TimeProvider time, FaultRates rates, Random dice) =>
        new(time, spec =>
        {
            var fate = rates.Draw(dice);
            return spec.Serves || fate.ExitsAfter is not null
                ? fate
                : fate with { ExitsAfter = InstanceFate.Completes.ExitsAfter, ExitCode = 0 };
        });

    public event Action<InstanceState>? Changed
    {
        add => _states.Changed += value;
        remove => _states.Changed -= value;
    }

    public event Action<HealthState>? HealthChanged
    {
        add => _healths.Changed += value;
        remove => _healths.Changed -= value;
    }

    event Action<HealthState>? IInstanceHealth.Changed
    {
        add => _healths.Changed += value;
        remove => _healths.Changed -= value;
    }

    public string Name => "memory";

    public DriverCapabilities Capabilities { get; } = new(
        CanFreeze: true,
        EnforcesMemory: false,
        EnforcesCpu: false,
        IsolatesUsers: false,
        ["Nothing runs: instances are simulated in memory."]);

    public Task<IReadOnlyList<InstanceState>> AdoptAsync(CancellationToken cancellation) => Task.FromResult(List());

    public Task<Outcome<InstanceState>> StartAsync(InstanceSpec spec, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(spec);
        cancellation.ThrowIfCancellationRequested();
        var outcome = Begin(spec);
        Deliver();
        return Task.FromResult(outcome);
    }

    public async Task StopAsync(string instanceId, TimeSpan grace, CancellationToken cancellation)
    {
        Task? gone;
        lock (_gate)
        {
            if (!_instances.TryGetValue(instanceId, out var instance) || instance.State.Phase == InstancePhase.Exited)
            {
                return;
            }

            if (instance.Stopping is null)
            {
                // Continuations run inline on purpose: with a manual clock the whole world stays on one thread.
                instance.Stopping = new TaskCompletionSource();
                ThawLocked(instance);
                instance.StopTimers();
                instance.Plans.Clear();
                Become(instance, instance.State with { Phase = InstancePhase.Stopping });
                Say(instance, instance.Health with { Ready = false, Message = "The instance is being stopped." });
                var patient = instance.Fate.StopsAfter is { } after && after <= grace;
                After(instance, patient ? instance.Fate.StopsAfter!.Value : grace, () => End(
                    instance,
                    patient ? 0 : 137,
                    patient ? "Completed" : "Killed",
                    patient ? null : "It did not end within its grace period."));
            }

            gone = instance.Stopping.Task;
        }

        Deliver();
        await gone.WaitAsync(cancellation).ConfigureAwait(false);
    }

    public Task<bool> FreezeAsync(string instanceId, CancellationToken cancellation) => Switch(instanceId, freeze: true);

    public Task<bool> ThawAsync(string instanceId, CancellationToken cancellation) => Switch(instanceId, freeze: false);

    public IReadOnlyList<InstanceState> List()
    {
        lock (_gate)
        {
            return [.. _instances.Values.Select(instance => instance.State)];
        }
    }

    public Task ForgetAsync(string instanceId, CancellationToken cancellation)
    {
        lock (_gate)
        {
            if (_instances.TryGetValue(instanceId, out var instance) && instance.State.Phase == InstancePhase.Exited)
            {
                _instances.Remove(instanceId);
            }
        }

        return Task.CompletedTask;
    }

    public InstanceUsage? Measure(string instanceId)
    {
        lock (_gate)
        {
            return _instances.TryGetValue(instanceId, out var instance) && instance.State.Phase != InstancePhase.Exited
                ? instance.Usage ?? new InstanceUsage(instance.RanFor(_time.GetUtcNow()) * 0.01, 64L << 20, 1, 0)
                : null;
        }
    }

    public Task<Outcome<int>> ExecuteAsync(string instanceId, IReadOnlyList<string> command, TimeSpan timeout, CancellationToken cancellation)
    {
        lock (_gate)
        {
            return Task.FromResult<Outcome<int>>(
                _instances.TryGetValue(instanceId, out var instance) && instance.State.Phase != InstancePhase.Exited
                    ? 0
                    : new Failure(FailureKind.NotFound, "instance-not-running", $"No instance '{instanceId}' runs here."));
        }
    }

    public Task<bool> WriteFileAsync(string instanceId, MountedFile file, CancellationToken cancellation)
    {
        lock (_gate)
        {
            if (!_instances.TryGetValue(instanceId, out var instance) || instance.State.Phase == InstancePhase.Exited)
            {
                return Task.FromResult(false);
            }

            instance.Files[file.Path] = file;
            return Task.FromResult(true);
        }
    }

    public Task<bool> EndCpuBoostAsync(string instanceId, CancellationToken cancellation)
    {
        lock (_gate)
        {
            if (!_instances.TryGetValue(instanceId, out var instance) || instance.State.Phase == InstancePhase.Exited)
            {
                return Task.FromResult(false);
            }

            instance.CpuLimit = instance.State.Spec.CpuLimit;
            return Task.FromResult(true);
        }
    }

    public HealthState? Find(string instanceId)
    {
        lock (_gate)
        {
            return _instances.TryGetValue(instanceId, out var instance) && instance.State.Phase != InstancePhase.Exited ? instance.Health : null;
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            foreach (var instance in _instances.Values)
            {
                instance.StopTimers();
            }
        }
    }

    private Outcome<InstanceState> Begin(InstanceSpec spec)
    {
        lock (_gate)
        {
            if (_instances.ContainsKey(spec.Id))
            {
                return new Failure(FailureKind.AlreadyExists, "instance-exists", $"An instance '{spec.Id}' exists already; ids are used once.");
            }

            var fate = _fateOf(spec);
            if (fate.StartFailure is { } refusal)
            {
                return refusal;
            }

            var port = spec.Serves ? TakePort() : 0;
            if (port is null)
            {
                return new Failure(FailureKind.Exhausted, "no-free-port", $"All {PortsMax} ports for instances are taken.");
            }

            var now = _time.GetUtcNow();
            var instance = new MemoryInstance(
                new InstanceState
                {
                    Spec = spec,
                    Phase = InstancePhase.Running,
                    ProcessId = ++_lastProcessId,
                    Address = port > 0 ? new IPEndPoint(IPAddress.Loopback, port.Value) : null,
                    CreatedAt = now,
                },
                fate,
                now);
            _instances.Add(spec.Id, instance);
            _states.Post(instance.State);

            if (fate.ExitsAfter is { } exitsAfter)
            {
                AfterRunning(instance, exitsAfter, () => End(
                    instance,
                    fate.OutOfMemory ? 137 : fate.ExitCode,
                    fate.OutOfMemory ? "OOMKilled" : fate.ExitCode == 0 ? "Completed" : "Error",
                    fate.ExitCode == 0 ? null : "It ended by itself, as its fate says."));
            }

            if (fate.ReadyAfter is { } readyAfter)
            {
                AfterRunning(instance, readyAfter, () => Say(instance, instance.Health with { Started = true, Ready = true, Message = null }));
            }

            return instance.State;
        }
    }

    private int? TakePort()
    {
        for (var tries = 0; tries < PortsMax; tries++)
        {
            _lastPort = _lastPort + 1 >= FirstPort + PortsMax ? FirstPort : _lastPort + 1;
            if (_ports.Add(_lastPort))
            {
                return _lastPort;
            }
        }

        return null;
    }

    private Task<bool> Switch(string instanceId, bool freeze)
    {
        var done = false;
        lock (_gate)
        {
            if (_instances.TryGetValue(instanceId, out var instance))
            {
                switch (instance.State.Phase)
                {
                    case InstancePhase.Running when freeze:
                        instance.FrozenAt = _time.GetUtcNow();
                        instance.StopTimers();
                        Become(instance, instance.State with { Phase = InstancePhase.Frozen });
                        break;
                    case InstancePhase.Frozen when !freeze:
                        ThawLocked(instance);
                        Become(instance, instance.State with { Phase = InstancePhase.Running });
                        Arm(instance);
                        break;
                }

                done = instance.State.Phase == (freeze ? InstancePhase.Frozen : InstancePhase.Running);
            }
        }

        Deliver();
        return Task.FromResult(done);
    }

    private void ThawLocked(MemoryInstance instance)
    {
        if (instance.FrozenAt is { } frozenAt)
        {
            instance.FrozenTime += _time.GetUtcNow() - frozenAt;
            instance.FrozenAt = null;
        }
    }

    private void End(MemoryInstance instance, int exitCode, string reason, string? message)
    {
        if (instance.State.Phase == InstancePhase.Exited)
        {
            return;
        }

        instance.StopTimers();
        instance.Plans.Clear();
        if (instance.Stopping is { } stopping)
        {
            _gone.Enqueue(stopping);
        }

        if (instance.State.Address is { } address)
        {
            _ports.Remove(address.Port);
        }

        Become(instance, instance.State with
        {
            Phase = InstancePhase.Exited,
            ExitedAt = _time.GetUtcNow(),
            ExitCode = exitCode,
            ExitReason = reason,
            ExitMessage = message,
        });
        Say(instance, instance.Health with { Ready = false, Message = "The instance has ended." });
    }

    private void Become(MemoryInstance instance, InstanceState state)
    {
        instance.State = state;
        _states.Post(state);
    }

    private void Say(MemoryInstance instance, HealthState health)
    {
        if (instance.Health != health)
        {
            instance.Health = health;
            _healths.Post(health);
        }
    }

    /// <summary>Runs the step when the instance has had that much running time; a frozen instance makes no progress.</summary>
    private void AfterRunning(MemoryInstance instance, TimeSpan runningTime, Action step)
    {
        if (runningTime <= TimeSpan.Zero)
        {
            step();
            return;
        }

        instance.Plans.Add(new MemoryInstance.Plan(runningTime, step));
        Arm(instance);
    }

    private void Arm(MemoryInstance instance)
    {
        instance.StopTimers();
        if (instance.Plans.Count == 0)
        {
            return;
        }

        var next = instance.Plans.MinBy(plan => plan.At)!;
        var rest = next.At - instance.RanFor(_time.GetUtcNow());
        After(instance, rest > TimeSpan.Zero ? rest : TimeSpan.Zero, () =>
        {
            instance.Plans.Remove(next);
            next.Step();
            if (instance.State.Phase == InstancePhase.Running)
            {
                Arm(instance);
            }
        });
    }

    private void After(MemoryInstance instance, TimeSpan delay, Action step)
    {
        // A timer that fires while it is being stopped finds a newer version and does nothing.
        var version = instance.TimersVersion;
        var timer = _time.CreateTimer(
            _ =>
            {
                lock (_gate)
                {
                    if (instance.TimersVersion == version)
                    {
                        step();
                    }
                }

                Deliver();
            },
            null,
            delay,
            Timeout.InfiniteTimeSpan);
        instance.Timers.Add(timer);
    }

    private void Deliver()
    {
        _states.Deliver();
        _healths.Deliver();
        while (true)
        {
            TaskCompletionSource? gone;
            lock (_gate)
            {
                if (!_gone.TryDequeue(out gone))
                {
                    return;
                }
            }

            gone.TrySetResult();
        }
    }
}
