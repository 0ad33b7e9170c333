namespace Slipway.Control.Routes;

/// <summary>
/// The arithmetic of a gradual roll-out: one percent at first, then equal steps whose length follows from how long the
/// first one took, each taken from the next newest Revision. Pure: the present and the wish go in, the next state comes out.
/// </summary>
internal static class Rollouts
{
    /// <param name="previous">Where the traffic is now; null when nothing has had any yet.</param>
    /// <param name="goal">One share: all of it to the latest ready Revision.</param>
    public static Rollout Advance(Rollout? previous, Rollout goal, TimeSpan duration, DateTimeOffset now)
    {
        var target = goal.Shares[0];

        // One percent or less cannot be split any further, so it moves at once.
        if (duration <= TimeSpan.Zero || target.Percent <= 1 || previous is null || previous.Shares.Count == 0)
        {
            return goal;
        }

        var adjusted = previous with { Shares = Adjust(previous.Shares, target.Percent) };
        if (adjusted.Shares.Count == 0)
        {
            return goal;
        }

        return adjusted.Shares[^1].Revision == target.Revision ? Step(adjusted, now) : Begin(adjusted, target, now);
    }

    /// <summary>The data plane serves the first percent: how long that took decides how large the steps are.</summary>
    public static Rollout FirstStepServed(Rollout rollout, TimeSpan duration, DateTimeOffset now)
    {
        var percent = rollout.Shares.Sum(share => share.Percent);
        var stepMin = Math.Max(1, Math.Ceiling((now - rollout.StartedAt).TotalSeconds));
        var steps = Math.Min(Math.Max(1, Math.Floor((duration.TotalSeconds - stepMin) / stepMin)), percent - 1);
        var seconds = Math.Max(1, (duration.TotalSeconds - stepMin) / steps);
        return rollout with
        {
            StepSize = (int)Math.Max(1, Math.Round((percent - 1) / steps, MidpointRounding.AwayFromZero)),
            StepSeconds = seconds,
            NextStepAt = now + TimeSpan.FromSeconds(seconds),
        };
    }

    private static Rollout Begin(Rollout previous, RolloutShare target, DateTimeOffset now)
    {
        // A revision that comes back as the goal while it still drains keeps nothing of its former place.
        var shares = previous.Shares.Where(share => share.Revision != target.Revision).ToList();
        var returned = previous.Shares.Sum(share => share.Percent) - shares.Sum(share => share.Percent);
        if (shares.Count == 0)
        {
            return previous with { Shares = [target], NextStepAt = null };
        }

        var first = Math.Max(1, returned);
        return previous with
        {
            Shares = [.. Take(shares, first - returned), new RolloutShare { Revision = target.Revision, Percent = first }],
            StartedAt = now,
            NextStepAt = null,
            StepSeconds = 0,
            StepSize = 0,
        };
    }

    private static Rollout Step(Rollout rollout, DateTimeOffset now)
    {
        if (rollout.Settled || rollout.NextStepAt is not { } due || now < due)
        {
            return rollout;
        }

        var older = rollout.Shares[..^1];
        var moved = Math.Min(rollout.StepSize, older.Sum(share => share.Percent));
        var newest = rollout.Shares[^1];
        return rollout with
        {
            Shares = [.. Take(older, moved), newest with { Percent = newest.Percent + moved }],
            NextStepAt = now + TimeSpan.FromSeconds(rollout.StepSeconds),
        };
    }

    /// <summary>Takes percents away, from the newest first; shares that have none left are dropped.</summary>
    private static List<RolloutShare> Take(IReadOnlyList<RolloutShare> shares, int percent)
    {
        var kept = new List<RolloutShare>(shares);
        for (var position = kept.Count - 1; position >= 0 && percent > 0; position--)
        {
            var taken = Math.Min(percent, kept[position].Percent);
            percent -= taken;
            kept[position] = kept[position] with { Percent = kept[position].Percent - taken };
        }

        kept.RemoveAll(share => share.Percent == 0);
        return kept;
    }

    /// <summary>The entry's own percent was changed meanwhile: growth goes to the newest, shrinkage comes from the oldest.</summary>
    private static List<RolloutShare> Adjust(List<RolloutShare> shares, int percent)
    {
        var difference = percent - shares.Sum(share => share.Percent);
        var adjusted = new List<RolloutShare>(shares);
        if (difference > 0)
        {
            adjusted[^1] = adjusted[^1] with { Percent = adjusted[^1].Percent + difference };
        }

        var surplus = -difference;
        for (var position = 0; position < adjusted.Count && surplus > 0; position++)
        {
            var taken = Math.Min(surplus, adjusted[position].Percent);
            surplus -= taken;
            adjusted[position] = adjusted[position] with { Percent = adjusted[position].Percent - taken };
        }

        adjusted.RemoveAll(share => share.Percent == 0);
        return adjusted;
    }
}
