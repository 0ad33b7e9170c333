using Slipway.Telemetry.Labels;

namespace Slipway.Telemetry.Alerts.Rules;

public enum AlertPhase
{
    /// <summary>It fired and is over; remembered for a while so that its end is told.</summary>
    Resolved,

    Pending,
    Firing,
}

/// <summary>One set of labels an alert rule found. Times are milliseconds since 1970, UTC.</summary>
internal sealed record AlertInstance
{
    public required LabelSet Labels { get; init; }

    public required IReadOnlyDictionary<string, string> Annotations { get; init; }

    public required AlertPhase Phase { get; init; }

    /// <summary>Since when the expression holds.</summary>
    public required long ActiveAt { get; init; }

    public long? FiredAt { get; init; }

    /// <summary>Since when the alert fires only because it is told to keep firing.</summary>
    public long? KeptSince { get; init; }

    public long? ResolvedAt { get; init; }

    public double Value { get; init; }
}

/// <summary>What the expression of a rule came to for one set of labels.</summary>
internal sealed record Finding(LabelSet Labels, IReadOnlyDictionary<string, string> Annotations, double Value);

/// <summary>From what was and what is found now to what is: pending, firing, resolved or forgotten.</summary>
internal static class AlertDecider
{
    /// <summary>Longer than any reasonable interval between messages of a group, so that nobody misses the end.</summary>
    public static readonly TimeSpan ResolvedKept = TimeSpan.FromMinutes(15);

    /// <param name="mayResolve">False just after a start: what is not measured yet is not over yet.</param>
    public static IReadOnlyList<AlertInstance> Next(
        TimeSpan holdFor, TimeSpan keepFiringFor, IReadOnlyList<AlertInstance> before, IReadOnlyList<Finding> found, long at, bool mayResolve = true)
    {
        var known = before.ToDictionary(instance => instance.Labels);
        var next = new List<AlertInstance>(found.Count);
        foreach (var finding in found)
        {
            var instance = known.Remove(finding.Labels, out var former) && former.Phase != AlertPhase.Resolved
                ? former with { Annotations = finding.Annotations, Value = finding.Value, KeptSince = null }
                : new AlertInstance { Labels = finding.Labels, Annotations = finding.Annotations, Value = finding.Value, Phase = AlertPhase.Pending, ActiveAt = at };
            var due = instance.Phase == AlertPhase.Pending && at - instance.ActiveAt >= (long)holdFor.TotalMilliseconds;
            next.Add(due ? instance with { Phase = AlertPhase.Firing, FiredAt = at } : instance);
        }

        foreach (var missing in known.Values)
        {
            if (Missing(missing, keepFiringFor, at, mayResolve) is { } left)
            {
                next.Add(left);
            }
        }

        return next;
    }

    private static AlertInstance? Missing(AlertInstance instance, TimeSpan keepFiringFor, long at, bool mayResolve)
    {
        switch (instance.Phase)
        {
            case AlertPhase.Firing when !mayResolve:
                return instance;
            case AlertPhase.Firing:
                var since = instance.KeptSince ?? at;
                return at - since < (long)keepFiringFor.TotalMilliseconds
                    ? instance with { KeptSince = since }
                    : instance with { Phase = AlertPhase.Resolved, ResolvedAt = at, KeptSince = null };
            case AlertPhase.Resolved when at - instance.ResolvedAt < (long)ResolvedKept.TotalMilliseconds:
                return instance;
            case AlertPhase.Pending when !mayResolve:
                return instance;
            default:
                return null;
        }
    }
}
