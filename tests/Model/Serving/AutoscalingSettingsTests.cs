using Slipway.Model.Serving;

namespace Slipway.Model.Tests.Serving;

public sealed class AutoscalingSettingsTests
{
    [Fact]
    public void Without_annotations_the_documented_defaults_hold()
    {
        var settings = AutoscalingSettings.Read(null);

        Assert.Equal(AutoscalingSettings.Default, settings);
        Assert.Equal((AutoscalerClass.Kpa, ScalingMetric.Concurrency), (settings.Class, settings.Metric));
        Assert.Equal((0, 0, 1, 1), (settings.Min, settings.Max, settings.Initial, settings.Activation));
        Assert.Equal((0.7, 10, 200, 211), (settings.TargetUtilization, settings.PanicWindowPercent, settings.PanicThresholdPercent, settings.TargetBurstCapacity));
        Assert.Equal(TimeSpan.FromSeconds(60), settings.Window);
        Assert.Null(settings.Target);
        Assert.Null(settings.CpuTargetPercent);
    }

    [Fact]
    public void Every_annotation_is_read_in_either_spelling()
    {
        string[] names =
        [
            "metric=rps", "target=150.5", "target-utilization-percentage=80", "min-scale=2", "max-scale=9", "initial-scale=3",
            "activation-scale=4", "window=2m", "panic-window-percentage=20", "panic-threshold-percentage=150", "scale-down-delay=1m",
            "scale-to-zero-pod-retention-period=90s", "target-burst-capacity=-1", "metric-aggregation-algorithm=weighted-exponential",
        ];
        var kebab = names.ToDictionary(pair => "autoscaling.knative.dev/" + pair.Split('=')[0], pair => pair.Split('=')[1]);
        var camel = kebab.ToDictionary(pair => Camel(pair.Key), pair => pair.Value);

        var settings = AutoscalingSettings.Read(kebab);

        Assert.Equal(settings, AutoscalingSettings.Read(camel));
        Assert.Equal((ScalingMetric.Rps, 150.5, 0.8), (settings.Metric, settings.Target, settings.TargetUtilization));
        Assert.Equal((2, 9, 3, 4), (settings.Min, settings.Max, settings.Initial, settings.Activation));
        Assert.Equal((120, 60, 90), (settings.Window.TotalSeconds, settings.ScaleDownDelay.TotalSeconds, settings.PodRetention.TotalSeconds));
        Assert.Equal((20, 150, -1), (settings.PanicWindowPercent, settings.PanicThresholdPercent, settings.TargetBurstCapacity));
        Assert.Equal(MetricAggregation.WeightedExponential, settings.Aggregation);
    }

    [Fact]
    public void Limits_of_the_service_bind_on_top_of_the_template()
    {
        var template = new Dictionary<string, string> { ["autoscaling.knative.dev/minScale"] = "1", ["autoscaling.knative.dev/maxScale"] = "10" };

        var settings = AutoscalingSettings.Read(template, new Dictionary<string, string>
        {
            ["run.googleapis.com/minScale"] = "3",
            ["run.googleapis.com/maxScale"] = "5",
        });
        var fixedCount = AutoscalingSettings.Read(template, new Dictionary<string, string>
        {
            ["run.googleapis.com/scalingMode"] = "manual",
            ["run.googleapis.com/manualInstanceCount"] = "0",
        });

        Assert.Equal((3, 5), (settings.Min, settings.Max));
        Assert.Equal((0, 0, true), (fixedCount.Min, fixedCount.Max, fixedCount.IsManual));
    }

    [Fact]
    public void The_HPA_class_reads_targets_and_behaviour()
    {
        var cpu = AutoscalingSettings.Read(new Dictionary<string, string>
        {
            ["autoscaling.knative.dev/class"] = AutoscalingNames.HpaClass,
            [AutoscalingNames.ScaleDownPercent] = "10",
            [AutoscalingNames.ScaleDownPeriod] = "60s",
            [AutoscalingNames.ScaleUpWindow] = "60s",
            [AutoscalingNames.MemoryTarget] = "200",
        });
        var memory = AutoscalingSettings.Read(new Dictionary<string, string>
        {
            ["autoscaling.knative.dev/class"] = AutoscalingNames.HpaClass,
            ["autoscaling.knative.dev/metric"] = "memory",
            ["autoscaling.knative.dev/target"] = "300",
        });

        Assert.Equal((ScalingMetric.Cpu, 80, 200), (cpu.Metric, cpu.CpuTargetPercent, cpu.MemoryTargetMebibytes));
        Assert.Equal(new ScalingBehaviour(TimeSpan.FromMinutes(5), 10, TimeSpan.FromSeconds(60)), cpu.ScaleDown);
        Assert.Equal(new ScalingBehaviour(TimeSpan.FromSeconds(60), 100, TimeSpan.FromSeconds(15)), cpu.ScaleUp);
        Assert.Equal((null, 300), (memory.CpuTargetPercent, memory.MemoryTargetMebibytes));
    }

    [Fact]
    public void An_unreadable_value_counts_as_absent() => Assert.Equal(
        AutoscalingSettings.Default,
        AutoscalingSettings.Read(new Dictionary<string, string>
        {
            ["autoscaling.knative.dev/minScale"] = "-1",
            ["autoscaling.knative.dev/window"] = "long",
            ["autoscaling.knative.dev/target"] = "NaN",
        }));

    private static string Camel(string key) =>
        string.Concat(key.Split('-').Select((part, index) => index == 0 ? part : char.ToUpperInvariant(part[0]) + part[1..]));
}
