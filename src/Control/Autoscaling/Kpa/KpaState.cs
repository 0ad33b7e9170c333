using System.Collections.Immutable;

namespace Slipway.Control.Autoscaling.Kpa;

/// <summary>What the autoscaler remembers of one revision from one decision to the next.</summary>
internal sealed record KpaState
{
    public static KpaState Fresh { get; } = new();

    public DateTimeOffset? PanicSince { get; init; }

    /// <summary>The most that was wanted during this panic.</summary>
    public int PanicPeak { get; init; }

    /// <summary>Recent wishes, each smaller than the one before it: only those can still be the maximum of the delay.</summary>
    public ImmutableArray<Wish> DelayedWishes { get; init; } = [];

    /// <summary>The initial scale was reached once; from then on it has no say.</summary>
    public bool InitialReached { get; init; }

    public RevisionActivity Activity { get; init; } = RevisionActivity.Activating;

    public DateTimeOffset? ActivitySince { get; init; }

    /// <summary>Since when requests would pass the buffer because there is too little room for a burst.</summary>
    public DateTimeOffset? BufferedSince { get; init; }

    /// <summary>
    /// The state after a restart of the control plane. The windows are empty then, and an empty window must not shrink
    /// a revision that is at work: it begins in panic, which never shrinks.
    /// </summary>
    public static KpaState AfterRestart(DateTimeOffset now, int ready) => ready > 1
        ? new KpaState { PanicSince = now, PanicPeak = ready, InitialReached = true, Activity = RevisionActivity.Active, ActivitySince = now }
        : new KpaState
        {
            InitialReached = ready == 1,
            Activity = ready == 1 ? RevisionActivity.Active : RevisionActivity.Activating,
            ActivitySince = now,
        };

    /// <summary>A request asks for an instance while there is none.</summary>
    public KpaState Woken(DateTimeOffset now) => Activity == RevisionActivity.Inactive
        ? this with { Activity = RevisionActivity.Activating, ActivitySince = now }
        : this;
}

internal readonly record struct Wish(DateTimeOffset At, int Instances);

internal enum RevisionActivity
{
    /// <summary>Instances are wanted and none was ready yet.</summary>
    Activating,

    Active,

    /// <summary>No traffic: it is on its way to zero, or there.</summary>
    Inactive,
}
