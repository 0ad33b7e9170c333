using System.Collections.Concurrent;

namespace Slipway.Eventing.Brokers;

/// <summary>The Brokers that take events now, as publishers name them.</summary>
internal sealed class BrokerDirectory
{
    private readonly ConcurrentDictionary<(string Namespace, string Name), BrokerPlan> _plans = new();

    public IEnumerable<BrokerPlan> All => _plans.Values;

    public BrokerPlan? Find(string @namespace, string name) => _plans.GetValueOrDefault((@namespace, name));

    public void Set(BrokerPlan plan) => _plans[(plan.Topic.Name.Namespace, plan.Name)] = plan;

    public void Remove(BrokerPlan plan) => _plans.TryRemove((plan.Topic.Name.Namespace, plan.Name), out _);
}
