using Slipway.Control.Revisions;
using Slipway.Runtime.Endpoints;

namespace Slipway.Control.Tests.World;

/// <summary>Answers plans as a test wants: by itself with healthy instances, or with what the test says.</summary>
internal sealed class FakeFleet : IFleetStatus
{
    private readonly Dictionary<RevisionKey, FleetStatus> _said = [];
    private readonly IRevisionPlans _plans;

    public FakeFleet(IRevisionPlans plans)
    {
        _plans = plans;
        plans.Changed += change =>
        {
            if (change.Now is { } plan && change.Before?.Uid != plan.Uid && Automatic)
            {
                Say(plan.Revision.Name, FleetPhase.Healthy, plan.Revision.Namespace);
            }
        };
    }

    public bool Automatic { get; set; } = true;

    public event Action<RevisionKey>? Changed;

    public FleetStatus? Find(RevisionKey revision) =>
        _said.TryGetValue(revision, out var status) && _plans.Find(revision)?.Uid == status.Uid ? status : null;

    public void Say(
        string revision, FleetPhase phase, string @namespace = "demo", string? reason = null, string? message = null, FleetActivity? activity = null)
    {
        var key = new RevisionKey(@namespace, revision);
        var healthy = phase == FleetPhase.Healthy ? 1 : 0;
        _said[key] = new FleetStatus(
            _plans.Find(key)!.Uid,
            1,
            healthy,
            healthy,
            phase,
            activity ?? (healthy == 1 ? FleetActivity.Active : FleetActivity.Queued),
            reason,
            message);
        Changed?.Invoke(key);
    }
}
