using System.Collections.Immutable;

namespace Slipway.Control.Autoscaling.Kpa;

/// <param name="Stable">Average load over the stable window; null when nothing was recorded.</param>
/// <param name="Panic">Average load over the panic window; null when nothing was recorded in it.</param>
/// <param name="Ready">Instances that serve or would serve within milliseconds.</param>
internal sealed record KpaInputs(DateTimeOffset Now, double? Stable, double? Panic, int Ready, bool Reachable = true);

/// <param name="Wanted">How many instances there should be; null makes no decision.</param>
/// <param name="Gaveup">It was stuck in starting for longer than its deadline.</param>
internal sealed record KpaDecision(int? Wanted, KpaReasons Reasons, int ExcessBurstCapacity, bool Gaveup, KpaState Next);

/// <summary>The intermediate results, kept so that the decision can be told in a sentence.</summary>
internal sealed record KpaReasons
{
    public int StableWish { get; init; }

    public int PanicWish { get; init; }

    public bool Panicking { get; init; }

    /// <summary>What load and rates alone led to, before delay, bounds and hold.</summary>
    public int BeforeDelay { get; init; }

    public int BeforeBounds { get; init; }

    public int BeforeHold { get; init; }

    public bool HeldByRate { get; init; }

    public bool RaisedByActivation { get; init; }

    public string? Hold { get; init; }
}

/// <summary>
/// The request-driven autoscaler as a function: settings, memory and one look at the load make a wish and the next memory.
/// The order of the rules is the algorithm; see the README of this room for where it comes from.
/// </summary>
internal static class KpaDecider
{
    public static KpaDecision Decide(KpaSettings settings, KpaState state, KpaInputs inputs)
    {
        if (inputs.Stable is not { } stable)
        {
            return new KpaDecision(null, new KpaReasons(), 0, false, state);
        }

        // Silence within the short window only, while the long one has data, is a load of zero.
        var panic = inputs.Panic ?? 0;
        var target = settings.Target;
        var ready = Math.Max(1, inputs.Ready);
        var ceiling = CountOf(Math.Ceiling(settings.ScaleUpRateMax * ready));
        var floor = inputs.Reachable ? CountOf(Math.Floor(ready / settings.ScaleDownRateMax)) : 0;
        var stableNeed = CountOf(Math.Ceiling(stable / target));
        var panicNeed = CountOf(Math.Ceiling(panic / target));
        var stableWish = Math.Min(Math.Max(stableNeed, floor), ceiling);
        var panicWish = Math.Min(Math.Max(panicNeed, floor), ceiling);
        var heldByRate = stableWish > stableNeed;
        var raised = false;
        if (settings.ActivationScale > 1)
        {
            if (stableNeed > 0 && settings.ActivationScale > stableWish)
            {
                (stableWish, raised) = (settings.ActivationScale, true);
            }

            if (panicNeed > 0)
            {
                panicWish = Math.Max(panicWish, settings.ActivationScale);
            }
        }

        state = PanicOf(settings, state, inputs.Now, over: (double)panicNeed / ready >= settings.PanicThresholdPercentage / 100);
        var panicking = state.PanicSince is not null;
        var wish = stableWish;
        if (panicking)
        {
            wish = Math.Max(state.PanicPeak, Math.Max(stableWish, panicWish));
            state = state with { PanicPeak = wish };
        }

        var beforeDelay = wish;
        if (settings.ScaleDownDelay > TimeSpan.Zero && inputs.Reachable)
        {
            state = state with { DelayedWishes = Remember(state.DelayedWishes, new Wish(inputs.Now, wish), settings.ScaleDownDelay) };
            wish = state.DelayedWishes[0].Instances;
        }

        var beforeBounds = wish;
        wish = Bounded(settings, ref state, inputs, wish);
        var burst = BurstCapacity.Excess(settings, inputs.Ready, panic);
        state = state with { BufferedSince = burst < 0 ? state.BufferedSince ?? inputs.Now : null };
        var held = ZeroHold.Apply(settings, state, inputs, wish);
        var reasons = new KpaReasons
        {
            StableWish = stableNeed,
            PanicWish = panicNeed,
            Panicking = panicking,
            BeforeDelay = beforeDelay,
            BeforeBounds = beforeBounds,
            BeforeHold = wish,
            HeldByRate = heldByRate,
            RaisedByActivation = raised,
            Hold = held.Reason,
        };
        return new KpaDecision(held.Wanted, reasons, burst, held.Gaveup, held.State);
    }

    private static KpaState PanicOf(KpaSettings settings, KpaState state, DateTimeOffset now, bool over)
    {
        if (over)
        {
            return state with { PanicSince = now };
        }

        return state.PanicSince is { } since && since + settings.StableWindow < now
            ? state with { PanicSince = null, PanicPeak = 0 }
            : state;
    }

    private static ImmutableArray<Wish> Remember(ImmutableArray<Wish> wishes, Wish wish, TimeSpan delay)
    {
        var kept = ImmutableArray.CreateBuilder<Wish>(wishes.Length + 1);
        foreach (var earlier in wishes)
        {
            if (earlier.At > wish.At - delay && earlier.Instances > wish.Instances)
            {
                kept.Add(earlier);
            }
        }

        kept.Add(wish);
        return kept.ToImmutable();
    }

    private static int Bounded(KpaSettings settings, ref KpaState state, KpaInputs inputs, int wish)
    {
        // A revision that nothing points to keeps no minimum: its instances cost and nobody asks for them.
        var least = inputs.Reachable ? settings.InstancesMin : 0;
        if (!state.InitialReached)
        {
            if (inputs.Ready >= settings.InstancesInitial)
            {
                state = state with { InitialReached = true };
            }
            else
            {
                least = Math.Max(least, settings.InstancesInitial);
            }
        }

        var most = settings.InstancesMax == 0 ? int.MaxValue : settings.InstancesMax;
        return Math.Min(Math.Max(wish, least), most);
    }

    private static int CountOf(double value) => value >= int.MaxValue ? int.MaxValue : Math.Max(0, (int)value);
}
