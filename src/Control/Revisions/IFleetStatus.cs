using Slipway.Runtime.Endpoints;

namespace Slipway.Control.Revisions;

/// <summary>The fleet's answer to the plans: how each revision's instances are doing. Conditions are computed from it.</summary>
public interface IFleetStatus
{
    /// <summary>Null until the fleet has looked at the revision's plan.</summary>
    FleetStatus? Find(RevisionKey revision);

    /// <summary>Raised after the status of one revision changed. Handlers return quickly.</summary>
    event Action<RevisionKey>? Changed;
}

public enum FleetPhase
{
    /// <summary>Nothing was started yet.</summary>
    Pending,

    /// <summary>
    /// Instances are starting and the initial scale has not been reached yet. With a <see cref="FleetStatus.Reason"/>
    /// the latest try has failed and another follows.
    /// </summary>
    Starting,

    /// <summary>The initial scale was reached once. Scaling to zero afterwards keeps this phase.</summary>
    Healthy,

    /// <summary>It was given up before it was ever ready: the progress deadline passed, or it can never start.</summary>
    Failed,
}

public enum FleetActivity
{
    /// <summary>Instances are wanted but none is ready yet.</summary>
    Queued,

    /// <summary>At least one instance is ready.</summary>
    Active,

    /// <summary>Scaled to zero because nobody asks for it.</summary>
    NoTraffic,
}

/// <param name="Uid">The revision this speaks of; names can be used again.</param>
/// <param name="Desired">Instances the autoscaler wants.</param>
/// <param name="Actual">Instances that exist: starting, running or frozen.</param>
/// <param name="Ready">Instances that may receive requests.</param>
/// <param name="Reason"><c>ExitCode{n}</c>, <c>ProgressDeadlineExceeded</c>, <c>Unschedulable</c> or a driver's own code in PascalCase; null when all is well.</param>
/// <param name="Message">For a person: the last lines an instance wrote, or what to change.</param>
public sealed record FleetStatus(
    string Uid,
    int Desired,
    int Actual,
    int Ready,
    FleetPhase Phase,
    FleetActivity Activity,
    string? Reason = null,
    string? Message = null);
