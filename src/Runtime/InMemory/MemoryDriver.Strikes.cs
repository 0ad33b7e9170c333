using Slipway.Runtime.Instances;

namespace Slipway.Runtime.InMemory;

/// <summary>What a test or simulation does to an instance by hand, beside what its fate says.</summary>
public sealed partial class MemoryDriver
{
    /// <summary>Ends an instance as if its program had ended by itself.</summary>
    public void Crash(string instanceId, int exitCode = 139, bool outOfMemory = false) => Change(instanceId, instance =>
        End(instance, outOfMemory ? 137 : exitCode, outOfMemory ? "OOMKilled" : exitCode == 0 ? "Completed" : "Error", null));

    /// <summary>Ends an instance as a driver does that has found a volume above its limit.</summary>
    public void Evict(string instanceId, string message) => Change(instanceId, instance =>
    {
        Become(instance, instance.State with { Phase = InstancePhase.Stopping });
        End(instance, 143, "Evicted", message);
    });

    /// <summary>Makes the readiness probe of an instance pass or fail from now on.</summary>
    public void SetReady(string instanceId, bool ready) => Change(instanceId, instance =>
        Say(instance, instance.Health with { Started = instance.Health.Started || ready, Ready = ready, Message = ready ? null : "The readiness probe fails." }));

    public void FailLiveness(string instanceId) => Change(instanceId, instance =>
        Say(instance, instance.Health with { Ready = false, Failing = true, Message = "The liveness probe fails." }));

    public void SetUsage(string instanceId, InstanceUsage usage) => Change(instanceId, instance => instance.Usage = usage);

    /// <summary>What a program would read at the path; null when there is no such file or instance.</summary>
    public MountedFile? FileOf(string instanceId, string path)
    {
        lock (_gate)
        {
            return _instances.TryGetValue(instanceId, out var instance) && instance.Files.TryGetValue(path, out var file) ? file : null;
        }
    }

    /// <summary>The CPU limit an instance would be held to now; null when it has none or does not exist.</summary>
    public double? CpuLimitOf(string instanceId)
    {
        lock (_gate)
        {
            return _instances.TryGetValue(instanceId, out var instance) ? instance.CpuLimit : null;
        }
    }

    private void Change(string instanceId, Action<MemoryInstance> change)
    {
        lock (_gate)
        {
            if (!_instances.TryGetValue(instanceId, out var instance) || instance.State.Phase == InstancePhase.Exited)
            {
                return;
            }

            change(instance);
        }

        Deliver();
    }
}
