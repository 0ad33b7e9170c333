using System.Globalization;
using Slipway.Model.Decoding;
using Slipway.Model.Defaulting;
using Slipway.Model.Serving;
using Slipway.Model.Values;

namespace Slipway.Model.Validation;

/// <summary>The autoscaling annotations of a template, in either spelling.</summary>
internal sealed class AutoscalingRules(
    IReadOnlyDictionary<string, string> annotations, string path, DefaultSettings settings, FindingList findings)
{
    private static readonly TimeSpan s_windowMin = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan s_hour = TimeSpan.FromHours(1);
    private static readonly string[] s_kpaMetrics = ["concurrency", "rps"];
    private static readonly string[] s_hpaMetrics = ["cpu", "memory"];
    private static readonly string[] s_classes = [AutoscalingNames.KpaClass, AutoscalingNames.HpaClass];
    private static readonly string[] s_aggregations = ["linear", "weighted-exponential", "weightedExponential"];

    public void Check()
    {
        OneOf(AutoscalingNames.Class, s_classes);
        var isHpa = AutoscalingNames.Find(annotations, AutoscalingNames.Class)?.Value == AutoscalingNames.HpaClass;
        OneOf(AutoscalingNames.Metric, isHpa ? s_hpaMetrics : s_kpaMetrics);
        OneOf(AutoscalingNames.Aggregation, s_aggregations);
        Scales();
        Number(AutoscalingNames.Target, value => value >= 0.01, "must be a number of at least 0.01");
        NumberIn(AutoscalingNames.TargetUtilization, 1, 100);
        NumberIn(AutoscalingNames.PanicWindow, 1, 100);
        NumberIn(AutoscalingNames.PanicThreshold, 110, 1000);
        Number(AutoscalingNames.TargetBurstCapacity, value => value is >= 0 or -1, "must be a number of at least 0, or -1 for no limit");
        Duration(AutoscalingNames.Window, s_windowMin, s_hour);
        Duration(AutoscalingNames.ScaleDownDelay, TimeSpan.Zero, s_hour);
        Duration(AutoscalingNames.PodRetention, TimeSpan.Zero, null);
        NumberIn(AutoscalingNames.CpuTarget, 1, 1000);
        Number(AutoscalingNames.MemoryTarget, value => value >= 1, "must be a number of at least 1");
        Behaviour(AutoscalingNames.ScaleUpWindow, AutoscalingNames.ScaleUpPercent, AutoscalingNames.ScaleUpPeriod);
        Behaviour(AutoscalingNames.ScaleDownWindow, AutoscalingNames.ScaleDownPercent, AutoscalingNames.ScaleDownPeriod);
    }

    /// <summary>A duration of whole seconds, as several annotations want it.</summary>
    public static void WholeSeconds(string value, string path, TimeSpan low, TimeSpan? high, FindingList findings)
    {
        if (!GoDuration.TryParse(value, out var duration))
        {
            findings.Invalid(value, path, "must be a duration such as 30s or 1m30s");
        }
        else if (duration < low || duration > high)
        {
            if (high is { } limit)
            {
                findings.OutOfRange(value, GoDuration.Format(low), GoDuration.Format(limit), path);
            }
            else
            {
                findings.Invalid(value, path, $"must be at least {GoDuration.Format(low)}");
            }
        }
        else if (duration.Ticks % TimeSpan.TicksPerSecond != 0)
        {
            findings.Invalid(value, path, "must be whole seconds");
        }
    }

    private void Scales()
    {
        var min = Whole(AutoscalingNames.MinScale, 0);
        var max = Whole(AutoscalingNames.MaxScale, 0);
        var activation = Whole(AutoscalingNames.ActivationScale, 2);
        Whole(AutoscalingNames.InitialScale, settings.AllowZeroInitialScale ? 0 : 1);

        // A maximum of 0 sets no limit.
        if (min is { } least && max is { Scale: > 0 } most && least.Scale > most.Scale)
        {
            findings.Conflict($"max-scale={most.Scale} is less than min-scale={least.Scale}", "", most.Path, least.Path);
        }

        if (activation is { } first && max is { Scale: > 0 } limit && first.Scale > limit.Scale)
        {
            findings.Conflict($"max-scale={limit.Scale} is less than activation-scale={first.Scale}", "", limit.Path, first.Path);
        }

        if (activation is { } start && min is { } floor && start.Scale < floor.Scale)
        {
            findings.Conflict($"activation-scale={start.Scale} is less than min-scale={floor.Scale}", "", start.Path, floor.Path);
        }
    }

    private (int Scale, string Path)? Whole(string name, int low)
    {
        if (Given(name) is not { } given)
        {
            return null;
        }

        if (!long.TryParse(given.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var scale))
        {
            findings.Invalid(given.Value, given.Path, "must be a whole number");
            return null;
        }

        if (scale < low || scale > int.MaxValue)
        {
            findings.OutOfRange(scale, low, int.MaxValue, given.Path);
            return null;
        }

        return ((int)scale, given.Path);
    }

    private void Behaviour(string window, string percent, string period)
    {
        Duration(window, TimeSpan.Zero, s_hour);
        Number(percent, value => value is > 0 and <= 100_000, "must be a number above 0 and at most 100000");
        Duration(period, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(30));
    }

    private void Number(string name, Func<double, bool> fits, string detail)
    {
        if (Given(name) is { } given && !(TryNumber(given.Value, out var number) && fits(number)))
        {
            findings.Invalid(given.Value, given.Path, detail);
        }
    }

    private void NumberIn(string name, double low, double high)
    {
        if (Given(name) is not { } given)
        {
            return;
        }

        if (!TryNumber(given.Value, out var number))
        {
            findings.Invalid(given.Value, given.Path, "must be a number");
        }
        else if (number < low || number > high)
        {
            findings.OutOfRange(given.Value, low.ToString(CultureInfo.InvariantCulture), high.ToString(CultureInfo.InvariantCulture), given.Path);
        }
    }

    private void Duration(string name, TimeSpan low, TimeSpan? high)
    {
        if (Given(name) is { } given)
        {
            WholeSeconds(given.Value, given.Path, low, high, findings);
        }
    }

    private void OneOf(string name, string[] choices)
    {
        if (Given(name) is { } given && !choices.Contains(given.Value))
        {
            findings.NotSupported(given.Value, given.Path, choices);
        }
    }

    private (string Value, string Path)? Given(string name) =>
        AutoscalingNames.Find(annotations, name) is { } found ? (found.Value, FieldPath.Key(path, found.Key)) : null;

    private static bool TryNumber(string text, out double number) =>
        double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out number)
        && double.IsFinite(number);
}
