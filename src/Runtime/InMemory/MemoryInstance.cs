using Slipway.Runtime.Health;
using Slipway.Runtime.Instances;

namespace Slipway.Runtime.InMemory;

/// <summary>One pretended process. Everything in it is guarded by the driver's lock.</summary>
internal sealed class MemoryInstance(InstanceState state, InstanceFate fate, DateTimeOffset startedAt)
{
    public InstanceState State { get; set; } = state;

    public InstanceFate Fate { get; } = fate;

    public HealthState Health { get; set; } = new(state.Id, Started: false, Ready: false, Failing: false, "Waiting for the first probe to pass.");

    public InstanceUsage? Usage { get; set; }

    /// <summary>What its program would read at each path now.</summary>
    public Dictionary<string, MountedFile> Files { get; } = state.Spec.Files.DistinctBy(file => file.Path).ToDictionary(file => file.Path, StringComparer.Ordinal);

    /// <summary>The limit it would be held to now.</summary>
    public double? CpuLimit { get; set; } = state.Spec.CpuBoostLimit ?? state.Spec.CpuLimit;

    public TaskCompletionSource? Stopping { get; set; }

    public DateTimeOffset? FrozenAt { get; set; }

    /// <summary>CPU time taken away so far; what a fate says counts in time the instance could run.</summary>
    public TimeSpan FrozenTime { get; set; }

    public List<ITimer> Timers { get; } = [];

    public int TimersVersion { get; private set; }

    /// <summary>What is still to happen, by running time.</summary>
    public List<Plan> Plans { get; } = [];

    public TimeSpan RanFor(DateTimeOffset now) => (FrozenAt ?? now) - startedAt - FrozenTime;

    public void StopTimers()
    {
        foreach (var timer in Timers)
        {
            timer.Dispose();
        }

        Timers.Clear();
        TimersVersion++;
    }

    public sealed record Plan(TimeSpan At, Action Step);
}
