using System.Collections.Concurrent;
using Slipway.Runtime.Endpoints;

namespace Slipway.Control.Revisions;

/// <summary>The plans of all revisions that may run, written by the revision reconciler and followed by the fleet.</summary>
public interface IRevisionPlans
{
    IReadOnlyCollection<RevisionPlan> All { get; }

    RevisionPlan? Find(RevisionKey revision);

    /// <summary>Raised after a plan was published, changed or withdrawn, on the writer's thread. Handlers return quickly.</summary>
    event Action<RevisionPlanChange>? Changed;
}

/// <param name="Now">The present plan, or null when it was withdrawn.</param>
/// <param name="Before">The plan it replaced, or null when there was none.</param>
public sealed record RevisionPlanChange(RevisionKey Revision, RevisionPlan? Now, RevisionPlan? Before);

/// <summary>The one list of plans. Changes of one revision are raised in the order in which they were made.</summary>
public sealed class RevisionPlans : IRevisionPlans
{
    private readonly ConcurrentDictionary<RevisionKey, RevisionPlan> _plans = new();
    private readonly Lock _writing = new();

    public IReadOnlyCollection<RevisionPlan> All => (IReadOnlyCollection<RevisionPlan>)_plans.Values;

    public event Action<RevisionPlanChange>? Changed;

    public RevisionPlan? Find(RevisionKey revision) => _plans.GetValueOrDefault(revision);

    /// <summary>Publishes a plan; one that asks for what is already asked for raises nothing.</summary>
    public void Publish(RevisionPlan plan)
    {
        lock (_writing)
        {
            var before = _plans.GetValueOrDefault(plan.Revision);
            if (before is not null && before.SameAs(plan))
            {
                return;
            }

            _plans[plan.Revision] = plan;
            Changed?.Invoke(new RevisionPlanChange(plan.Revision, plan, before));
        }
    }

    public void Withdraw(RevisionKey revision)
    {
        lock (_writing)
        {
            if (_plans.TryRemove(revision, out var before))
            {
                Changed?.Invoke(new RevisionPlanChange(revision, null, before));
            }
        }
    }
}
