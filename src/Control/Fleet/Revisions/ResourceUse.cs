using System.Collections.Immutable;
using Slipway.Control.Autoscaling;
using Slipway.Control.Autoscaling.Hpa;
using Slipway.Control.Fleet.Planning;
using Slipway.Runtime.Instances;

namespace Slipway.Control.Fleet.Revisions;

/// <summary>What the instances of a revision have used since the previous look, for the resource-driven autoscaler.</summary>
internal static class ResourceUse
{
    public static ImmutableArray<InstanceUse> Measure(IInstanceDriver driver, FleetRevision revision, DateTimeOffset now)
    {
        var uses = ImmutableArray.CreateBuilder<InstanceUse>();
        foreach (var instance in revision.Instances.Where(instance => instance.IsLive))
        {
            double? cores = null;
            double? bytes = null;
            if (driver.Measure(instance.Id) is { } usage)
            {
                bytes = usage.MemoryBytes;
                if (instance.LastUse is { } last && now > last.At)
                {
                    cores = (usage.CpuTime - last.CpuTime) / (now - last.At);
                }

                instance.LastUse = (usage.CpuTime, now);
            }

            uses.Add(ScalingRules.Use(revision.Plan.Template.Shared, instance.Stage == InstanceStage.Serving, cores, bytes));
        }

        return uses.DrainToImmutable();
    }
}
