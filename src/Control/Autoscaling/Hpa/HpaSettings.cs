using System.Collections.Immutable;

namespace Slipway.Control.Autoscaling.Hpa;

internal enum ResourceMetric
{
    Cpu,
    Memory,
}

/// <param name="Utilization">Wanted share of what an instance has requested, 0.7 for 70 %; null when the target is absolute.</param>
/// <param name="Absolute">Wanted average use of one instance in cores or bytes.</param>
internal sealed record ResourceTarget(ResourceMetric Metric, double? Utilization, double? Absolute = null);

internal enum PolicyUnit
{
    Instances,
    Percent,
}

/// <summary>At most so much change within the period.</summary>
internal sealed record ScalingPolicy(PolicyUnit Unit, double Value, TimeSpan Period);

internal enum PolicyChoice
{
    /// <summary>The policy that allows the greatest change.</summary>
    Most,
    Least,
    Disabled,
}

internal sealed record ScalingBehaviour(TimeSpan Stabilization, PolicyChoice Choice, ImmutableArray<ScalingPolicy> Policies)
{
    private static readonly TimeSpan s_period = TimeSpan.FromSeconds(15);

    /// <summary>Up at once, by four instances or by doubling every 15 s, whichever is more.</summary>
    public static ScalingBehaviour UpDefault { get; } = new(TimeSpan.Zero, PolicyChoice.Most,
        [new ScalingPolicy(PolicyUnit.Instances, 4, s_period), new ScalingPolicy(PolicyUnit.Percent, 100, s_period)]);

    /// <summary>Down to what is wanted, but only after five minutes in which nothing more was.</summary>
    public static ScalingBehaviour DownDefault { get; } = new(TimeSpan.FromSeconds(300), PolicyChoice.Most,
        [new ScalingPolicy(PolicyUnit.Percent, 100, s_period)]);
}

/// <summary>What one revision asks of the resource-driven autoscaler, resolved.</summary>
internal sealed record HpaSettings
{
    public required ImmutableArray<ResourceTarget> Targets { get; init; }

    /// <summary>Resource use says nothing about a revision without instances: this class never goes to zero.</summary>
    public int InstancesMin { get; init; } = 1;

    /// <summary>0 is unlimited.</summary>
    public int InstancesMax { get; init; }

    public int InstancesInitial { get; init; } = 1;

    /// <summary>Closer to the target than this is good enough.</summary>
    public double Tolerance { get; init; } = 0.1;

    public ScalingBehaviour Up { get; init; } = ScalingBehaviour.UpDefault;

    public ScalingBehaviour Down { get; init; } = ScalingBehaviour.DownDefault;
}
