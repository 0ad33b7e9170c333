namespace Slipway.Control.Autoscaling.Hpa;

/// <summary>How far one step may go, given what was already changed within each policy's period.</summary>
internal static class HpaPolicies
{
    public static int Limit(HpaSettings settings, HpaState state, DateTimeOffset now, int current, int wish)
    {
        if (wish > current)
        {
            return Math.Min(wish, Math.Max(current, CeilingOf(settings.Up, state, now, current)));
        }

        return wish < current
            ? Math.Max(wish, Math.Min(current, FloorOf(settings.Down, state, now, current)))
            : wish;
    }

    private static int CeilingOf(ScalingBehaviour behaviour, HpaState state, DateTimeOffset now, int current)
    {
        if (behaviour.Choice == PolicyChoice.Disabled)
        {
            return current;
        }

        var limits = behaviour.Policies.Select(policy =>
        {
            var start = current - Changed(state, now, policy.Period, up: true);
            return policy.Unit == PolicyUnit.Instances
                ? start + (int)policy.Value
                : (int)Math.Min(int.MaxValue, Math.Ceiling(start * (1 + (policy.Value / 100.0))));
        });
        return Chosen(behaviour, limits, greatest: behaviour.Choice == PolicyChoice.Most, none: int.MaxValue);
    }

    private static int FloorOf(ScalingBehaviour behaviour, HpaState state, DateTimeOffset now, int current)
    {
        if (behaviour.Choice == PolicyChoice.Disabled)
        {
            return current;
        }

        var limits = behaviour.Policies.Select(policy =>
        {
            var start = current + Changed(state, now, policy.Period, up: false);
            return policy.Unit == PolicyUnit.Instances
                ? start - (int)policy.Value
                : (int)Math.Floor(start * (1 - (policy.Value / 100.0)));
        });
        return Chosen(behaviour, limits, greatest: behaviour.Choice == PolicyChoice.Least, none: 0);
    }

    private static int Chosen(ScalingBehaviour behaviour, IEnumerable<int> limits, bool greatest, int none) =>
        behaviour.Policies.IsEmpty ? none : greatest ? limits.Max() : limits.Min();

    private static int Changed(HpaState state, DateTimeOffset now, TimeSpan period, bool up) => state.Steps
        .Where(step => step.At > now - period && (step.Change > 0) == up)
        .Sum(step => Math.Abs(step.Change));
}
