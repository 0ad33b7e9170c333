using System.Globalization;
using Slipway.Model.Values;

namespace Slipway.Model.Serving;

public enum AutoscalerClass
{
    Kpa,
    Hpa,
}

public enum ScalingMetric
{
    Concurrency,
    Rps,
    Cpu,
    Memory,
}

public enum MetricAggregation
{
    Linear,
    WeightedExponential,
}

/// <summary>How fast the HPA class may move: at most so many percent in a period, judged over a window.</summary>
public sealed record ScalingBehaviour(TimeSpan Window, double Percent, TimeSpan Period);

/// <summary>
/// What the annotations of a template, and of the Service above it, say about scaling. Absent or unreadable values take
/// the defaults below; validation has refused unreadable ones before anything is stored.
/// </summary>
public sealed record AutoscalingSettings
{
    public static AutoscalingSettings Default { get; } = new();

    public AutoscalerClass Class { get; init; } = AutoscalerClass.Kpa;

    public ScalingMetric Metric { get; init; } = ScalingMetric.Concurrency;

    /// <summary>The annotation's value; null leaves the choice to the metric and the container's concurrency.</summary>
    public double? Target { get; init; }

    /// <summary>Share of the target that is really aimed at; 0.70 leaves room while instances start.</summary>
    public double TargetUtilization { get; init; } = 0.70;

    public int Min { get; init; }

    /// <summary>0 sets no limit.</summary>
    public int Max { get; init; }

    /// <summary>True when the number of instances is fixed by hand at <see cref="Min"/>, which may be 0.</summary>
    public bool IsManual { get; init; }

    public int Initial { get; init; } = 1;

    /// <summary>The least number of instances once there is any load; 1 changes nothing.</summary>
    public int Activation { get; init; } = 1;

    public TimeSpan Window { get; init; } = TimeSpan.FromSeconds(60);

    public double PanicWindowPercent { get; init; } = 10;

    public double PanicThresholdPercent { get; init; } = 200;

    public TimeSpan ScaleDownDelay { get; init; } = TimeSpan.Zero;

    public TimeSpan PodRetention { get; init; } = TimeSpan.Zero;

    /// <summary>Requests that may arrive at once; 0 keeps the buffer out of the path, -1 keeps it in.</summary>
    public double TargetBurstCapacity { get; init; } = 211;

    public MetricAggregation Aggregation { get; init; } = MetricAggregation.Linear;

    /// <summary>HPA class: percent of the requested CPU; null when CPU does not count.</summary>
    public double? CpuTargetPercent { get; init; }

    /// <summary>HPA class: mebibytes per instance; null when memory does not count.</summary>
    public double? MemoryTargetMebibytes { get; init; }

    /// <summary>Kubernetes' own: up at once, doubling every 15 s.</summary>
    public ScalingBehaviour ScaleUp { get; init; } = new(TimeSpan.Zero, 100, TimeSpan.FromSeconds(15));

    /// <summary>Kubernetes' own: down only to the highest wish of the last five minutes.</summary>
    public ScalingBehaviour ScaleDown { get; init; } = new(TimeSpan.FromMinutes(5), 100, TimeSpan.FromSeconds(15));

    /// <summary>
    /// Reads both places. Limits of the Service bind on top of those of the template; manual scaling fixes the number.
    /// </summary>
    public static AutoscalingSettings Read(
        IReadOnlyDictionary<string, string>? template,
        IReadOnlyDictionary<string, string>? service = null,
        AutoscalingSettings? defaults = null)
    {
        defaults ??= Default;
        var given = new Annotations(template);
        var @class = given.Text(AutoscalingNames.Class) switch
        {
            AutoscalingNames.HpaClass => AutoscalerClass.Hpa,
            AutoscalingNames.KpaClass => AutoscalerClass.Kpa,
            _ => defaults.Class,
        };
        var metric = given.Text(AutoscalingNames.Metric) switch
        {
            "concurrency" => ScalingMetric.Concurrency,
            "rps" => ScalingMetric.Rps,
            "cpu" => ScalingMetric.Cpu,
            "memory" => ScalingMetric.Memory,
            _ => @class == AutoscalerClass.Hpa ? ScalingMetric.Cpu : defaults.Metric,
        };
        var target = given.Number(AutoscalingNames.Target) ?? defaults.Target;
        var settings = defaults with
        {
            Class = @class,
            Metric = metric,
            Target = target,
            TargetUtilization = given.Number(AutoscalingNames.TargetUtilization) / 100 ?? defaults.TargetUtilization,
            Min = given.Whole(AutoscalingNames.MinScale) ?? defaults.Min,
            Max = given.Whole(AutoscalingNames.MaxScale) ?? defaults.Max,
            Initial = given.Whole(AutoscalingNames.InitialScale) ?? defaults.Initial,
            Activation = given.Whole(AutoscalingNames.ActivationScale) ?? defaults.Activation,
            Window = given.Duration(AutoscalingNames.Window) ?? defaults.Window,
            PanicWindowPercent = given.Number(AutoscalingNames.PanicWindow) ?? defaults.PanicWindowPercent,
            PanicThresholdPercent = given.Number(AutoscalingNames.PanicThreshold) ?? defaults.PanicThresholdPercent,
            ScaleDownDelay = given.Duration(AutoscalingNames.ScaleDownDelay) ?? defaults.ScaleDownDelay,
            PodRetention = given.Duration(AutoscalingNames.PodRetention) ?? defaults.PodRetention,
            TargetBurstCapacity = given.Number(AutoscalingNames.TargetBurstCapacity) ?? defaults.TargetBurstCapacity,
            Aggregation = given.Text(AutoscalingNames.Aggregation) switch
            {
                "weighted-exponential" or "weightedExponential" => MetricAggregation.WeightedExponential,
                "linear" => MetricAggregation.Linear,
                _ => defaults.Aggregation,
            },
            CpuTargetPercent = CpuTarget(given, @class, metric, target, defaults),
            MemoryTargetMebibytes = given.Number(AutoscalingNames.MemoryTarget)
                ?? (@class == AutoscalerClass.Hpa && metric == ScalingMetric.Memory ? target : null)
                ?? defaults.MemoryTargetMebibytes,
            ScaleUp = new(
                given.Duration(AutoscalingNames.ScaleUpWindow) ?? defaults.ScaleUp.Window,
                given.Number(AutoscalingNames.ScaleUpPercent) ?? defaults.ScaleUp.Percent,
                given.Duration(AutoscalingNames.ScaleUpPeriod) ?? defaults.ScaleUp.Period),
            ScaleDown = new(
                given.Duration(AutoscalingNames.ScaleDownWindow) ?? defaults.ScaleDown.Window,
                given.Number(AutoscalingNames.ScaleDownPercent) ?? defaults.ScaleDown.Percent,
                given.Duration(AutoscalingNames.ScaleDownPeriod) ?? defaults.ScaleDown.Period),
        };
        return settings.UnderService(new Annotations(service));
    }

    private AutoscalingSettings UnderService(Annotations service)
    {
        if (service.Text(AutoscalingNames.ServiceScalingMode) == "manual"
            && service.Whole(AutoscalingNames.ServiceManualInstances) is { } fixedCount)
        {
            // A maximum of 0 alone would mean "no limit"; the mark says that here it means 0.
            return this with { Min = fixedCount, Max = fixedCount, Initial = fixedCount, IsManual = true };
        }

        var max = service.Whole(AutoscalingNames.ServiceMaxScale) is > 0 and var limit && (Max == 0 || limit < Max) ? limit : Max;
        var min = Math.Max(Min, service.Whole(AutoscalingNames.ServiceMinScale) ?? 0);
        return this with { Max = max, Min = max > 0 ? Math.Min(min, max) : min };
    }

    // 80 percent is what Kubernetes itself assumes for a CPU target nobody gave.
    private static double? CpuTarget(
        Annotations given, AutoscalerClass @class, ScalingMetric metric, double? target, AutoscalingSettings defaults) =>
        given.Number(AutoscalingNames.CpuTarget)
        ?? (@class == AutoscalerClass.Hpa && metric == ScalingMetric.Cpu ? target ?? 80 : (double?)null)
        ?? defaults.CpuTargetPercent;

    private readonly struct Annotations(IReadOnlyDictionary<string, string>? values)
    {
        public string? Text(string name) => AutoscalingNames.Find(values, name)?.Value;

        public double? Number(string name) =>
            double.TryParse(Text(name), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
                ? number
                : null;

        public int? Whole(string name) =>
            int.TryParse(Text(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

        public TimeSpan? Duration(string name) => GoDuration.TryParse(Text(name), out var duration) ? duration : null;
    }
}
