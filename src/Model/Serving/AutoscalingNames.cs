using System.Collections.Frozen;
using System.Text;

namespace Slipway.Model.Serving;

/// <summary>The annotations that steer the autoscaler, and their second spellings.</summary>
public static class AutoscalingNames
{
    public const string Class = ServingNames.Autoscaling + "class";
    public const string Metric = ServingNames.Autoscaling + "metric";
    public const string Target = ServingNames.Autoscaling + "target";
    public const string TargetUtilization = ServingNames.Autoscaling + "target-utilization-percentage";
    public const string MinScale = ServingNames.Autoscaling + "min-scale";
    public const string MaxScale = ServingNames.Autoscaling + "max-scale";
    public const string InitialScale = ServingNames.Autoscaling + "initial-scale";
    public const string ActivationScale = ServingNames.Autoscaling + "activation-scale";
    public const string Window = ServingNames.Autoscaling + "window";
    public const string PanicWindow = ServingNames.Autoscaling + "panic-window-percentage";
    public const string PanicThreshold = ServingNames.Autoscaling + "panic-threshold-percentage";
    public const string ScaleDownDelay = ServingNames.Autoscaling + "scale-down-delay";
    public const string PodRetention = ServingNames.Autoscaling + "scale-to-zero-pod-retention-period";
    public const string TargetBurstCapacity = ServingNames.Autoscaling + "target-burst-capacity";
    public const string Aggregation = ServingNames.Autoscaling + "metric-aggregation-algorithm";

    public const string KpaClass = "kpa.autoscaling.knative.dev";
    public const string HpaClass = "hpa.autoscaling.knative.dev";

    /// <summary>Settings of the HPA class that the Knative annotations have no words for.</summary>
    public const string Behaviour = "autoscaling.slipway.dev/";

    public const string CpuTarget = Behaviour + "cpu-target-percentage";
    public const string MemoryTarget = Behaviour + "memory-target-mebibytes";
    public const string ScaleUpWindow = Behaviour + "scale-up-window";
    public const string ScaleUpPercent = Behaviour + "scale-up-percent";
    public const string ScaleUpPeriod = Behaviour + "scale-up-period";
    public const string ScaleDownWindow = Behaviour + "scale-down-window";
    public const string ScaleDownPercent = Behaviour + "scale-down-percent";
    public const string ScaleDownPeriod = Behaviour + "scale-down-period";

    public const string ServiceMinScale = "run.googleapis.com/minScale";
    public const string ServiceMaxScale = "run.googleapis.com/maxScale";
    public const string ServiceScalingMode = "run.googleapis.com/scalingMode";
    public const string ServiceManualInstances = "run.googleapis.com/manualInstanceCount";

    private static readonly string[] s_knative =
    [
        Class, Metric, Target, TargetUtilization, MinScale, MaxScale, InitialScale, ActivationScale, Window, PanicWindow,
        PanicThreshold, ScaleDownDelay, PodRetention, TargetBurstCapacity, Aggregation,
    ];

    private static readonly FrozenDictionary<string, string> s_canonical = s_knative
        .Select(name => (Spelling: name, Name: name))
        .Concat(s_knative.Select(name => (Spelling: CamelCase(name), Name: name)))
        .DistinctBy(pair => pair.Spelling)
        .ToFrozenDictionary(pair => pair.Spelling, pair => pair.Name);

    /// <summary>The first spelling of a known annotation, or null when the key is none.</summary>
    public static string? Canonical(string key) => s_canonical.GetValueOrDefault(key);

    /// <summary>The value under either spelling with the key it was found under; the first spelling wins.</summary>
    public static (string Key, string Value)? Find(IReadOnlyDictionary<string, string>? annotations, string name)
    {
        if (annotations is null)
        {
            return null;
        }

        if (annotations.TryGetValue(name, out var value))
        {
            return (name, value);
        }

        var second = CamelCase(name);
        return annotations.TryGetValue(second, out value) ? (second, value) : null;
    }

    private static string CamelCase(string name)
    {
        var slash = name.IndexOf('/');
        var text = new StringBuilder(name, 0, slash + 1, name.Length);
        var upper = false;
        foreach (var letter in name.AsSpan(slash + 1))
        {
            if (letter == '-')
            {
                upper = true;
                continue;
            }

            text.Append(upper ? char.ToUpperInvariant(letter) : letter);
            upper = false;
        }

        return text.ToString();
    }
}
