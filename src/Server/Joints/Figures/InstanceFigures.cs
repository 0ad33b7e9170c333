using Slipway.Model.Resources;
using Slipway.Model.Serving;
using Slipway.Runtime.Instances;
using Slipway.Telemetry.Collecting;
using Slipway.Telemetry.Labels;

namespace Slipway.Server.Joints.Figures;

/// <summary>What every instance uses, as the kernel tells it, and how many there are in each state.</summary>
internal sealed class InstanceFigures(IInstanceDriver driver) : IFigureSource
{
    public Task<IReadOnlyList<Figure>> ReadAsync(CancellationToken cancellation)
    {
        var measured = new List<(LabelSet Labels, InstanceState Instance, InstanceUsage Usage)>();
        var states = new Dictionary<LabelSet, int>();
        foreach (var instance in driver.List())
        {
            var service = ServiceOf(instance.Spec);
            var state = service.With("state", instance.Phase.ToString().ToLowerInvariant());
            states[state] = states.GetValueOrDefault(state) + 1;
            if (instance.Phase != InstancePhase.Exited && driver.Measure(instance.Id) is { } usage)
            {
                measured.Add((service.With("instance", instance.Id), instance, usage));
            }
        }

        return Task.FromResult<IReadOnlyList<Figure>>(
        [
            Figure.Counter("slipway_instance_cpu_seconds_total", "Processor time an instance has used.", Of(usage => usage.CpuTime.TotalSeconds)),
            Figure.Gauge("slipway_instance_memory_bytes", "Memory an instance uses.", Of(usage => usage.MemoryBytes)),
            Figure.Gauge(
                "slipway_instance_memory_limit_bytes",
                "Memory an instance may use.",
                measured.Where(one => one.Instance.Spec.MemoryLimitBytes is > 0).Select(one => new FigureValue(one.Labels, (double)one.Instance.Spec.MemoryLimitBytes!))),
            Figure.Gauge("slipway_instance_disk_bytes", "What an instance has written into its own folders.", Of(usage => usage.DiskBytes)),
            Figure.Gauge("slipway_instance_processes", "Processes of an instance.", Of(usage => usage.Processes)),
            Figure.Gauge("slipway_instances", "Instances by state.", states.Select(state => new FigureValue(state.Key, state.Value))),
        ]);

        IEnumerable<FigureValue> Of(Func<InstanceUsage, double> value) => measured.Select(one => new FigureValue(one.Labels, value(one.Usage)));
    }

    private static LabelSet ServiceOf(InstanceSpec spec)
    {
        var serves = spec.OwnerKind == Kinds.Revision.Kind;
        return LabelSet.Of(
            ("namespace", spec.Namespace),
            ("service", serves ? spec.Labels.GetValueOrDefault(ServingNames.Service) ?? spec.Owner : spec.Owner),
            ("revision", serves ? spec.Owner : ""));
    }
}
