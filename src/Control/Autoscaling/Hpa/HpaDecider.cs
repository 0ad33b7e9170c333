using System.Collections.Immutable;

namespace Slipway.Control.Autoscaling.Hpa;

/// <summary>What one instance used, measured over the time since the previous look.</summary>
/// <param name="CpuCores">Null while there is nothing to compare with (it has just started).</param>
/// <param name="CpuRequest">What a share refers to: the request, else the limit; null when the revision names neither.</param>
internal sealed record InstanceUse(bool Ready, double? CpuCores, double? MemoryBytes, double? CpuRequest, double? MemoryRequest);

/// <param name="Current">Instances wanted until now.</param>
internal sealed record HpaInputs(DateTimeOffset Now, int Current, ImmutableArray<InstanceUse> Instances, bool Reachable = true);

/// <param name="Wanted">Null makes no decision: nothing could be measured.</param>
internal sealed record HpaDecision(int? Wanted, HpaReasons Reasons, HpaState Next);

internal sealed record HpaReasons
{
    public ImmutableArray<MetricWish> Metrics { get; init; } = [];

    /// <summary>The most that any metric asked for.</summary>
    public int Wish { get; init; }

    public int AfterStabilization { get; init; }

    public int AfterPolicies { get; init; }
}

/// <param name="Average">Share of the request, or cores or bytes for an absolute target.</param>
internal sealed record MetricWish(ResourceMetric Metric, double Average, double Target, int Wish);

/// <summary>The resource-driven autoscaler as a function: the wish of every metric, then stabilisation, policies and bounds.</summary>
internal static class HpaDecider
{
    public static HpaDecision Decide(HpaSettings settings, HpaState state, HpaInputs inputs)
    {
        var wishes = settings.Targets
            .Select(target => WishOf(settings, target, inputs))
            .OfType<MetricWish>()
            .ToImmutableArray();

        // A metric that cannot be read must not take instances away that it might have asked for.
        var incomplete = wishes.Length < settings.Targets.Length;
        var wish = wishes.IsEmpty ? inputs.Current : wishes.Max(metric => metric.Wish);
        if (wishes.IsEmpty && inputs.Current > 0)
        {
            return new HpaDecision(Bounded(settings, ref state, inputs, inputs.Current), new HpaReasons { Wish = inputs.Current }, state);
        }

        if (incomplete)
        {
            wish = Math.Max(wish, inputs.Current);
        }

        state = Remembering(settings, state, inputs, wish);
        var stabilized = Stabilized(settings, state, inputs, wish);
        var limited = HpaPolicies.Limit(settings, state, inputs.Now, inputs.Current, stabilized);
        var wanted = Bounded(settings, ref state, inputs, limited);
        if (wanted != inputs.Current)
        {
            state = state with { Steps = state.Steps.Add(new ScaleStep(inputs.Now, wanted - inputs.Current)) };
        }

        var reasons = new HpaReasons { Metrics = wishes, Wish = wish, AfterStabilization = stabilized, AfterPolicies = limited };
        return new HpaDecision(wanted, reasons, state);
    }

    private static MetricWish? WishOf(HpaSettings settings, ResourceTarget target, HpaInputs inputs)
    {
        var measured = inputs.Instances
            .Where(instance => instance.Ready || target.Metric == ResourceMetric.Memory)
            .Select(instance => (Used: UsedBy(instance, target), Whole: WholeOf(instance, target)))
            .Where(pair => pair.Used is not null && pair.Whole is not null)
            .Select(pair => (Used: pair.Used!.Value, Whole: pair.Whole!.Value))
            .ToList();
        if (measured.Count == 0)
        {
            return null;
        }

        var wanted = target.Absolute ?? target.Utilization!.Value;
        var average = measured.Sum(pair => pair.Used) / measured.Sum(pair => pair.Whole);
        var ratio = average / wanted;
        var missing = inputs.Instances.Length - measured.Count;
        if (missing > 0)
        {
            // What is not measured yet is taken to be idle when the rest is busy and busy when the rest is idle, so that
            // instances which have just been started cause neither more starts nor a stop.
            var whole = measured.Sum(pair => pair.Whole) / measured.Count;
            var assumed = ratio > 1 ? 0 : whole * wanted;
            var whatIf = (measured.Sum(pair => pair.Used) + (assumed * missing)) / (whole * inputs.Instances.Length) / wanted;
            ratio = (ratio > 1) == (whatIf > 1) ? whatIf : 1;
        }

        var count = missing > 0 ? inputs.Instances.Length : measured.Count;
        var wish = Math.Abs(ratio - 1) <= settings.Tolerance
            ? inputs.Current
            : (int)Math.Min(int.MaxValue, Math.Ceiling(Math.Round(ratio * count, 6)));
        return new MetricWish(target.Metric, Math.Round(average, 6), wanted, wish);
    }

    private static double? UsedBy(InstanceUse instance, ResourceTarget target) =>
        target.Metric == ResourceMetric.Cpu ? instance.CpuCores : instance.MemoryBytes;

    private static double? WholeOf(InstanceUse instance, ResourceTarget target) =>
        target.Absolute is not null ? 1
        : target.Metric == ResourceMetric.Cpu ? instance.CpuRequest
        : instance.MemoryRequest;

    private static HpaState Remembering(HpaSettings settings, HpaState state, HpaInputs inputs, int wish)
    {
        var longest = settings.Up.Stabilization > settings.Down.Stabilization ? settings.Up.Stabilization : settings.Down.Stabilization;
        var period = settings.Up.Policies.Concat(settings.Down.Policies)
            .Select(policy => policy.Period)
            .DefaultIfEmpty(TimeSpan.Zero)
            .Max();
        return state with
        {
            Recommendations = [.. state.Recommendations.Where(earlier => earlier.At > inputs.Now - longest && earlier.At != inputs.Now), new(inputs.Now, wish)],
            Steps = [.. state.Steps.Where(step => step.At > inputs.Now - period)],
        };
    }

    /// <summary>Up to the least and down to the most of what was wanted within the windows; between the two nothing moves.</summary>
    private static int Stabilized(HpaSettings settings, HpaState state, HpaInputs inputs, int wish)
    {
        var least = wish;
        var most = wish;
        foreach (var earlier in state.Recommendations)
        {
            least = earlier.At > inputs.Now - settings.Up.Stabilization ? Math.Min(least, earlier.Instances) : least;
            most = earlier.At > inputs.Now - settings.Down.Stabilization ? Math.Max(most, earlier.Instances) : most;
        }

        return Math.Max(Math.Min(inputs.Current, most), least);
    }

    private static int Bounded(HpaSettings settings, ref HpaState state, HpaInputs inputs, int wish)
    {
        // Without traffic to measure there is no way back from zero, so one instance stays wherever a route points.
        var least = inputs.Reachable ? Math.Max(1, settings.InstancesMin) : 0;
        if (!state.InitialReached)
        {
            var ready = inputs.Instances.Count(instance => instance.Ready);
            if (ready >= settings.InstancesInitial)
            {
                state = state with { InitialReached = true };
            }
            else
            {
                least = Math.Max(least, settings.InstancesInitial);
            }
        }

        if (!inputs.Reachable && state.InitialReached)
        {
            return 0;
        }

        var most = settings.InstancesMax == 0 ? int.MaxValue : settings.InstancesMax;
        return Math.Min(Math.Max(wish, least), most);
    }
}
