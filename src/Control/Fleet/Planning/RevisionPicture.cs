using System.Collections.Immutable;

namespace Slipway.Control.Fleet.Planning;

/// <summary>Where an instance stands, from the fleet's point of view.</summary>
internal enum InstanceStage
{
    /// <summary>Asked for, or running and not ready for the first time yet.</summary>
    Starting,

    /// <summary>Ready and published.</summary>
    Serving,

    /// <summary>Was ready, its readiness probe fails now: no new requests.</summary>
    Unready,

    /// <summary>Closed, the CPU is being taken away.</summary>
    Freezing,

    Frozen,

    Thawing,

    /// <summary>Out of rotation for good: its requests finish, then it ends.</summary>
    Stopping,

    Ended,
}

internal sealed record InstancePicture
{
    public required string Id { get; init; }

    public required InstanceStage Stage { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Since when it serves; moves with every thaw.</summary>
    public DateTimeOffset? ServingSince { get; init; }

    public DateTimeOffset? LastUsedAt { get; init; }

    public int InFlight { get; init; }

    /// <summary>A call to the driver is under way: whatever is to happen next waits for its answer.</summary>
    public bool UnderWay { get; init; }

    /// <summary>Liveness or startup failed beyond its threshold.</summary>
    public DateTimeOffset? FailingSince { get; init; }

    /// <summary>After a freeze that did not work it is left alone until then.</summary>
    public DateTimeOffset? NoFreezeBefore { get; init; }
}

/// <summary>Everything the planner needs to know about one revision at one moment.</summary>
internal sealed record RevisionPicture
{
    public required DateTimeOffset Now { get; init; }

    /// <summary>Why no instance may run; null when they may.</summary>
    public string? StopAll { get; init; }

    public required int Desired { get; init; }

    /// <summary>Instances the present load keeps busy: at least so many are not frozen.</summary>
    public int Busy { get; init; }

    /// <summary>At least one request waits for an instance right now.</summary>
    public bool RequestWaits { get; init; }

    /// <summary>Null: instances of this revision are never frozen.</summary>
    public TimeSpan? FreezeAfter { get; init; }

    /// <summary>After failures, no start before this moment.</summary>
    public DateTimeOffset? NoStartBefore { get; init; }

    /// <summary>The latest starts have failed and none has proven the revision since: try one at a time.</summary>
    public bool Doubtful { get; init; }

    public TimeSpan ReplacementPatience { get; init; }

    public ImmutableArray<InstancePicture> Instances { get; init; } = [];
}

/// <summary>One thing to do. Plain data: it can be logged, compared and tested.</summary>
internal abstract record FleetStep
{
    public sealed record Start(int Count) : FleetStep;

    public sealed record Stop(string Id, string Reason) : FleetStep;

    public sealed record Freeze(string Id) : FleetStep;

    public sealed record Thaw(string Id) : FleetStep;
}
