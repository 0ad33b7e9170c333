using System.Globalization;

namespace Slipway.Control.Autoscaling.Hpa;

internal static class HpaExplanation
{
    public static string Of(HpaSettings settings, HpaInputs inputs, HpaDecision decision)
    {
        var wanted = decision.Wanted ?? inputs.Current;
        var instances = wanted == 1 ? "1 instance" : $"{wanted} instances";
        var reasons = decision.Reasons;
        if (reasons.Metrics.IsEmpty)
        {
            return $"{instances}: no use could be measured, so nothing changes but the bounds.";
        }

        var use = string.Join(" and ", reasons.Metrics.Select(metric => Told(settings, metric)));
        var wish = wanted == reasons.Wish ? "" : $" would need {reasons.Wish}, but {Limit(settings, inputs, reasons, wanted)}";
        return $"{instances}: {use}{wish}.";
    }

    private static string Limit(HpaSettings settings, HpaInputs inputs, HpaReasons reasons, int wanted)
    {
        if (!inputs.Reachable && wanted == 0)
        {
            return "no route points to this revision";
        }

        if (wanted != reasons.AfterPolicies)
        {
            return wanted < reasons.AfterPolicies ? $"max-scale is {settings.InstancesMax}" : $"min-scale is {Math.Max(1, settings.InstancesMin)}";
        }

        if (reasons.AfterPolicies != reasons.AfterStabilization)
        {
            return $"a policy limits each step from {inputs.Current}";
        }

        var window = wanted > reasons.Wish ? settings.Down.Stabilization : settings.Up.Stabilization;
        return $"the wish must last for {window.TotalSeconds:0} s first";
    }

    private static string Told(HpaSettings settings, MetricWish metric)
    {
        var name = metric.Metric == ResourceMetric.Cpu ? "CPU" : "memory";
        var share = settings.Targets.First(target => target.Metric == metric.Metric).Utilization is not null;
        return share
            ? $"{name} use of {Percent(metric.Average)} at a target of {Percent(metric.Target)}"
            : metric.Metric == ResourceMetric.Cpu
                ? $"CPU use of {Number(metric.Average)} cores at a target of {Number(metric.Target)}"
                : $"memory use of {Number(metric.Average / 1048576)} MiB at a target of {Number(metric.Target / 1048576)} MiB";
    }

    private static string Percent(double share) => (share * 100).ToString("0.#", CultureInfo.InvariantCulture) + " %";

    private static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
