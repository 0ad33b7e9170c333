namespace Slipway.Control.Autoscaling.Kpa;

internal enum LoadMetric
{
    /// <summary>Requests in flight and waiting.</summary>
    Concurrency,

    /// <summary>Requests that arrive each second.</summary>
    Rps,
}

/// <summary>What one revision asks of the request-driven autoscaler, resolved: no defaults are left open.</summary>
internal sealed record KpaSettings
{
    public LoadMetric Metric { get; init; } = LoadMetric.Concurrency;

    /// <summary>Hard limit of requests inside one instance; 0 is unlimited.</summary>
    public int ContainerConcurrency { get; init; }

    /// <summary>The wanted load of one instance at full use; null takes the metric's default.</summary>
    public double? TargetPerInstance { get; init; }

    public double TargetUtilization { get; init; } = 0.7;

    public TimeSpan StableWindow { get; init; } = TimeSpan.FromSeconds(60);

    public double PanicWindowPercentage { get; init; } = 10;

    public double PanicThresholdPercentage { get; init; } = 200;

    public double ScaleUpRateMax { get; init; } = 1000;

    public double ScaleDownRateMax { get; init; } = 2;

    public int InstancesMin { get; init; }

    /// <summary>0 is unlimited.</summary>
    public int InstancesMax { get; init; }

    public int InstancesInitial { get; init; } = 1;

    public int ActivationScale { get; init; } = 1;

    public TimeSpan ScaleDownDelay { get; init; }

    public double TargetBurstCapacity { get; init; } = 211;

    public bool AllowZero { get; init; } = true;

    public TimeSpan ZeroGrace { get; init; } = TimeSpan.FromSeconds(30);

    public TimeSpan LastInstanceRetention { get; init; }

    public bool WeightedExponential { get; init; }

    /// <summary>How long a revision may try to become ready before it counts as stuck.</summary>
    public TimeSpan ProgressDeadline { get; init; } = TimeSpan.FromSeconds(600);

    /// <summary>A tenth of the stable window unless told otherwise, in whole seconds, at least one.</summary>
    public TimeSpan PanicWindow => TimeSpan.FromSeconds(
        Math.Max(1, Math.Round(StableWindow.TotalSeconds * PanicWindowPercentage / 100, MidpointRounding.AwayFromZero)));

    /// <summary>What one instance carries at full use.</summary>
    public double TotalPerInstance
    {
        get
        {
            if (Metric == LoadMetric.Rps)
            {
                return TargetPerInstance ?? 200;
            }

            return ContainerConcurrency == 0
                ? TargetPerInstance ?? 100
                : Math.Min(TargetPerInstance ?? ContainerConcurrency, ContainerConcurrency);
        }
    }

    /// <summary>What one instance should carry: some room is left so that a new one can start in time.</summary>
    public double Target => Math.Max(0.01, TotalPerInstance * TargetUtilization);
}
