using System.Collections.Concurrent;
using Slipway.Runtime.Instances;

namespace Slipway.Runtime.Health;

/// <summary>
/// Probes every instance of a driver from the moment its process exists to its end. It restarts nothing: it tells.
/// Create it before <see cref="IInstanceDriver.AdoptAsync"/> so that it hears of adopted instances.
/// </summary>
public sealed class ProbeSupervisor : IInstanceHealth, IDisposable
{
    private readonly IInstanceDriver _driver;
    private readonly TimeProvider _time;
    private readonly Prober _prober;
    private readonly Announcer<HealthState> _announcer = new();
    private readonly ConcurrentDictionary<string, InstanceProbes> _instances = new(StringComparer.Ordinal);

    public ProbeSupervisor(IInstanceDriver driver, TimeProvider time)
    {
        _driver = driver;
        _time = time;
        _prober = new Prober(driver, time);
        _driver.Changed += Follow;
        foreach (var instance in _driver.List())
        {
            Follow(instance);
        }
    }

    public event Action<HealthState>? Changed
    {
        add => _announcer.Changed += value;
        remove => _announcer.Changed -= value;
    }

    public HealthState? Find(string instanceId) => _instances.TryGetValue(instanceId, out var probes) ? probes.Health : null;

    public void Dispose()
    {
        _driver.Changed -= Follow;
        foreach (var probes in _instances.Values)
        {
            probes.Dispose();
        }

        _instances.Clear();
        _prober.Dispose();
    }

    private void Follow(InstanceState instance)
    {
        switch (instance.Phase)
        {
            case InstancePhase.Exited:
                if (_instances.TryRemove(instance.Id, out var ended))
                {
                    ended.End();
                }

                break;
            case InstancePhase.Starting:
                break;
            default:
                if (_instances.TryGetValue(instance.Id, out var probes))
                {
                    probes.Update(instance);
                }
                else
                {
                    var fresh = new InstanceProbes(instance, _prober, _time, _announcer);
                    if (_instances.TryAdd(instance.Id, fresh))
                    {
                        fresh.Begin();
                    }
                }

                break;
        }
    }
}
