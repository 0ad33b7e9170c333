using Slipway.Control.Autoscaling.Kpa;
using Slipway.Model.Serving;

namespace Slipway.Control.Autoscaling.Decisions;

/// <param name="Was">What was decided then.</param>
/// <param name="Would">What the other settings would have led to.</param>
public sealed record ReplayedDecision(DateTimeOffset At, int Was, int Would, string Explanation);

/// <summary>
/// Past load under other settings: "how many instances would a target of 50 have needed yesterday?". Load is taken as it
/// was measured; instances are assumed to be ready by the next decision.
/// </summary>
public static class ScalingReplay
{
    /// <param name="decisions">In any order; only those of the request-driven class carry a load that can be replayed.</param>
    public static IReadOnlyList<ReplayedDecision> Run(
        IEnumerable<ScalingDecision> decisions, AutoscalingSettings settings, int concurrency, AutoscalerDefaults? defaults = null)
    {
        ArgumentNullException.ThrowIfNull(decisions);
        ArgumentNullException.ThrowIfNull(settings);
        var past = decisions.Where(decision => decision.Class == "kpa").OrderBy(decision => decision.At).ToList();
        if (past.Count == 0)
        {
            return [];
        }

        var kpa = ScalingRules.Kpa(settings, defaults ?? new AutoscalerDefaults(), concurrency, TimeSpan.FromSeconds(600));
        var ready = past[0].Ready;
        var state = KpaState.Fresh with
        {
            InitialReached = true,
            Activity = RevisionActivity.Active,
            ActivitySince = past[0].At - kpa.StableWindow,
        };
        var replayed = new List<ReplayedDecision>(past.Count);
        foreach (var decision in past)
        {
            // A decision that was kept once for many equal ones stands for its whole time.
            for (var at = decision.At; ; at = decision.LastAt)
            {
                var inputs = new KpaInputs(at, decision.StableAverage, decision.PanicAverage, ready, decision.Reachable);
                var again = KpaDecider.Decide(kpa, state, inputs);
                state = again.Next;
                ready = again.Wanted ?? ready;
                if (at >= decision.LastAt)
                {
                    replayed.Add(new ReplayedDecision(decision.At, decision.Wanted, ready, KpaExplanation.Of(kpa, inputs, again)));
                    break;
                }
            }
        }

        return replayed;
    }
}
