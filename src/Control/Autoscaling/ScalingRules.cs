using Slipway.Control.Autoscaling.Hpa;
using Slipway.Control.Autoscaling.Kpa;
using Slipway.Model.Serving;
using Slipway.Runtime.Instances;

namespace Slipway.Control.Autoscaling;

/// <summary>What a platform decides for all revisions.</summary>
public sealed record AutoscalerDefaults
{
    /// <summary>The limit of a revision that names none. Without one, a rush on one service would take the whole machine.</summary>
    public int InstancesMax { get; init; } = 100;

    public bool AllowZero { get; init; } = true;

    public TimeSpan ZeroGrace { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How often the resource-driven class looks.</summary>
    public TimeSpan ResourceInterval { get; init; } = TimeSpan.FromSeconds(15);

    public double ResourceTolerance { get; init; } = 0.1;
}

/// <summary>Translates what the annotations say into what the two deciders need.</summary>
internal static class ScalingRules
{
    private const double MebibyteBytes = 1 << 20;

    public static KpaSettings Kpa(AutoscalingSettings settings, AutoscalerDefaults defaults, int concurrency, TimeSpan progressDeadline) => new()
    {
        Metric = settings.Metric == ScalingMetric.Rps ? LoadMetric.Rps : LoadMetric.Concurrency,
        ContainerConcurrency = concurrency,
        TargetPerInstance = settings.Target,
        TargetUtilization = settings.TargetUtilization,
        StableWindow = settings.Window,
        PanicWindowPercentage = settings.PanicWindowPercent,
        PanicThresholdPercentage = settings.PanicThresholdPercent,
        InstancesMin = settings.Min,
        InstancesMax = MaxOf(settings, defaults),
        InstancesInitial = settings.Initial,
        ActivationScale = settings.Activation,
        ScaleDownDelay = settings.ScaleDownDelay,
        TargetBurstCapacity = settings.TargetBurstCapacity,
        AllowZero = defaults.AllowZero,
        ZeroGrace = defaults.ZeroGrace,
        LastInstanceRetention = settings.PodRetention,
        WeightedExponential = settings.Aggregation == MetricAggregation.WeightedExponential,
        ProgressDeadline = progressDeadline,
    };

    public static HpaSettings Hpa(AutoscalingSettings settings, AutoscalerDefaults defaults)
    {
        var targets = new List<ResourceTarget>(2);
        if (settings.CpuTargetPercent is { } percent)
        {
            targets.Add(new ResourceTarget(ResourceMetric.Cpu, percent / 100));
        }

        if (settings.MemoryTargetMebibytes is { } mebibytes)
        {
            targets.Add(new ResourceTarget(ResourceMetric.Memory, null, mebibytes * MebibyteBytes));
        }

        var usual = AutoscalingSettings.Default;
        return new HpaSettings
        {
            Targets = [.. targets],
            InstancesMin = Math.Max(1, settings.Min),
            InstancesMax = MaxOf(settings, defaults),
            InstancesInitial = settings.Initial,
            Tolerance = defaults.ResourceTolerance,

            // The usual way up also allows four instances at once: doubling alone would crawl away from one.
            Up = settings.ScaleUp == usual.ScaleUp ? Autoscaling.Hpa.ScalingBehaviour.UpDefault : Behaviour(settings.ScaleUp),
            Down = settings.ScaleDown == usual.ScaleDown ? Autoscaling.Hpa.ScalingBehaviour.DownDefault : Behaviour(settings.ScaleDown),
        };
    }

    public static InstanceUse Use(InstanceSpec spec, bool ready, double? cores, double? bytes) =>
        new(ready, cores, bytes, spec.CpuRequest ?? spec.CpuLimit, spec.MemoryLimitBytes);

    private static int MaxOf(AutoscalingSettings settings, AutoscalerDefaults defaults) =>
        settings.Max > 0 ? settings.Max : Math.Max(defaults.InstancesMax, settings.Min);

    private static Hpa.ScalingBehaviour Behaviour(Model.Serving.ScalingBehaviour given) =>
        new(given.Window, PolicyChoice.Most, [new ScalingPolicy(PolicyUnit.Percent, given.Percent, given.Period)]);
}
