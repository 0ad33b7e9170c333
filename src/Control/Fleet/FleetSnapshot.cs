using Slipway.Runtime.Endpoints;

namespace Slipway.Control.Fleet;

/// <summary>Where the time of one start went.</summary>
/// <param name="Queue">From the wish (a waiting request, or a decision) to the call of the driver.</param>
/// <param name="Spawn">Until its process existed.</param>
/// <param name="Runtime">Until its startup probe passed: the runtime loading and the program getting ready to listen.</param>
/// <param name="Probe">Until its readiness probe passed.</param>
public readonly record struct ColdStart(TimeSpan Queue, TimeSpan Spawn, TimeSpan Runtime, TimeSpan Probe)
{
    public TimeSpan Total => Queue + Spawn + Runtime + Probe;

    public static ColdStart operator +(ColdStart left, ColdStart right) =>
        new(left.Queue + right.Queue, left.Spawn + right.Spawn, left.Runtime + right.Runtime, left.Probe + right.Probe);
}

/// <summary>The counts of one revision at one moment, for metrics and the API.</summary>
/// <param name="ColdStarts">Starts that reached readiness since the control plane started.</param>
/// <param name="ColdStartSum">All of them together, stage by stage.</param>
/// <param name="Thaws">Frozen instances that were woken.</param>
/// <param name="Failures">Starts and instances that failed.</param>
public sealed record RevisionFleetSnapshot(
    RevisionKey Revision,
    string Uid,
    int Desired,
    int Ready,
    int Starting,
    int Frozen,
    int Stopping,
    long ColdStarts,
    ColdStart ColdStartSum,
    ColdStart? LastColdStart,
    long Thaws,
    long Failures);
