namespace Slipway.Control.Autoscaling.Kpa;

/// <summary>
/// The last step to nothing is taken slowly. An active revision must have been active for a stable window before it
/// counts as idle; an idle one keeps its last instance until the grace is over, or less when the buffer has been
/// holding requests that long anyway.
/// </summary>
internal static class ZeroHold
{
    /// <summary>Beyond the progress deadline, so that the instance's own failure is reported first.</summary>
    private static readonly TimeSpan s_afterDeadline = TimeSpan.FromSeconds(30);

    public static (int Wanted, KpaState State, string? Reason, bool Gaveup) Apply(
        KpaSettings settings, KpaState state, KpaInputs inputs, int wish)
    {
        var now = inputs.Now;
        if (inputs.Ready > 0 && state.Activity == RevisionActivity.Activating)
        {
            state = Turned(state, RevisionActivity.Active, now);
        }

        if (state.Activity == RevisionActivity.Activating && state.ActivitySince is null)
        {
            state = Turned(state, RevisionActivity.Activating, now);
        }

        if (wish > 0)
        {
            var turned = state.Activity == RevisionActivity.Inactive
                ? Turned(state, inputs.Ready > 0 ? RevisionActivity.Active : RevisionActivity.Activating, now)
                : state;
            return (wish, turned, null, false);
        }

        if (!settings.AllowZero)
        {
            return (1, state, "scale to zero is switched off", false);
        }

        var since = now - (state.ActivitySince ?? now);
        switch (state.Activity)
        {
            case RevisionActivity.Activating:
                return since >= settings.ProgressDeadline + s_afterDeadline
                    ? (0, Turned(state, RevisionActivity.Inactive, now), null, true)
                    : (1, state, "its first instance is still starting", false);

            case RevisionActivity.Active when since < settings.StableWindow:
                return (1, state, $"it became active less than {settings.StableWindow.TotalSeconds:0} s ago", false);

            case RevisionActivity.Active:
                state = Turned(state, RevisionActivity.Inactive, now);
                since = TimeSpan.Zero;
                break;
        }

        var buffered = now - (state.BufferedSince ?? now);
        var graceOver = since >= settings.ZeroGrace || buffered >= settings.ZeroGrace;
        return graceOver && since >= settings.LastInstanceRetention
            ? (0, state, null, false)
            : (1, state, "the last instance stays until its grace is over", false);
    }

    private static KpaState Turned(KpaState state, RevisionActivity activity, DateTimeOffset now) =>
        state with { Activity = activity, ActivitySince = now };
}
