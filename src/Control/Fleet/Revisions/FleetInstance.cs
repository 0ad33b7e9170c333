using System.Net;
using Slipway.Control.Fleet.Planning;

namespace Slipway.Control.Fleet.Revisions;

/// <summary>One instance as the fleet remembers it. Only the fleet's loop touches it.</summary>
internal sealed class FleetInstance(string id, DateTimeOffset createdAt)
{
    public string Id { get; } = id;

    public DateTimeOffset CreatedAt { get; } = createdAt;

    public InstanceStage Stage { get; set; } = InstanceStage.Starting;

    public IPEndPoint? Address { get; set; }

    /// <summary>A driver call is under way; the next step waits for its answer.</summary>
    public bool UnderWay { get; set; }

    public bool EverReady { get; set; }

    public DateTimeOffset? FirstReadyAt { get; set; }

    public DateTimeOffset? ServingSince { get; set; }

    public DateTimeOffset? FailingSince { get; set; }

    public string? FailingMessage { get; set; }

    public DateTimeOffset? NoFreezeBefore { get; set; }

    /// <summary>A stop that did not work is tried again then.</summary>
    public DateTimeOffset? StopAgainAt { get; set; }

    public ColdStartClock Clock { get; } = new();

    public (TimeSpan CpuTime, DateTimeOffset At)? LastUse { get; set; }

    public bool IsLive => Stage is not (InstanceStage.Stopping or InstanceStage.Ended);

    /// <summary>It serves, or would within milliseconds.</summary>
    public bool IsCapacity => Stage is InstanceStage.Serving or InstanceStage.Freezing or InstanceStage.Frozen or InstanceStage.Thawing;
}

/// <summary>The moments of one start, from the wish to the first readiness.</summary>
internal sealed class ColdStartClock
{
    public DateTimeOffset? Wanted { get; set; }

    public DateTimeOffset? Asked { get; set; }

    public DateTimeOffset? Spawned { get; set; }

    public DateTimeOffset? Listening { get; set; }

    public ColdStart? Finish(DateTimeOffset ready) => Asked is { } asked && Spawned is { } spawned
        ? new ColdStart(asked - (Wanted ?? asked), spawned - asked, (Listening ?? ready) - spawned, ready - (Listening ?? ready))
        : null;
}
