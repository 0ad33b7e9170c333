using Slipway.Control.Revisions;
using Slipway.Runtime.Endpoints;
using Slipway.Runtime.Instances;

namespace Slipway.Simulation.Tests.World;

/// <summary>What must hold after every step, whatever fails.</summary>
internal sealed class Safety(SimulatedWorld world)
{
    /// <summary>A changed limit is followed by the next decision, not by magic.</summary>
    private static readonly TimeSpan s_followingMax = TimeSpan.FromSeconds(5);

    private readonly Dictionary<string, List<(DateTimeOffset Until, int Max)>> _limits = [];
    private int _startsChecked;
    private readonly HashSet<string> _ids = [];

    public void Check()
    {
        var violations = world.Plane.Traffic.Violations;
        Assert.True(violations.Count == 0, string.Join("; ", violations));
        for (; _startsChecked < world.StartedIds.Count; _startsChecked++)
        {
            Assert.True(_ids.Add(world.StartedIds[_startsChecked]), $"the id {world.StartedIds[_startsChecked]} was used twice");
        }

        var states = world.Driver.List().ToDictionary(state => state.Id);
        foreach (var endpoints in world.Plane.Endpoints.All)
        {
            CheckPublished(endpoints, states);
        }

        foreach (var plan in world.Plane.Plans.All)
        {
            CheckBounds(plan, states.Values);
        }
    }

    private void CheckPublished(RevisionEndpoints endpoints, Dictionary<string, InstanceState> states)
    {
        var plan = world.Plane.Plans.Find(endpoints.Revision);
        foreach (var endpoint in endpoints.Ready)
        {
            var state = states[endpoint.InstanceId];
            Assert.True(state.Phase == InstancePhase.Running, $"{endpoint.InstanceId} is published and {state.Phase}");
            Assert.True(state.Spec.OwnerUid == plan?.Uid, $"{endpoint.InstanceId} is published for a revision it does not belong to");
            Assert.True(plan.Blocked is null, $"{endpoint.InstanceId} is published although its revision is blocked");
            Assert.Equal(state.Address, endpoint.Address);
        }
    }

    private void CheckBounds(RevisionPlan plan, IEnumerable<InstanceState> states)
    {
        var now = world.Time.GetUtcNow();
        if (world.Plane.Fleet.Find(plan.Revision) is not { } status || status.Uid != plan.Uid)
        {
            return;
        }

        var max = plan.Scaling.Max > 0 ? plan.Scaling.Max : 100;
        if (!_limits.TryGetValue(plan.Uid, out var limits))
        {
            _limits[plan.Uid] = limits = [];
        }

        limits.RemoveAll(limit => limit.Until < now);
        limits.Add((now + s_followingMax, max));
        var most = limits.Max(limit => limit.Max);
        if (status.Desired < 0 || status.Desired > most)
        {
            Assert.Fail($"{plan.Revision}: {status.Desired} desired, at most {most} allowed");
        }

        // A failing instance may have its replacement beside it; nothing else may exceed the limit.
        if (status.Actual > most)
        {
            var failing = states.Count(state => state.Spec.OwnerUid == plan.Uid && world.Driver.Find(state.Id) is { Failing: true });
            Assert.True(status.Actual <= most + failing, $"{plan.Revision}: {status.Actual} instances, at most {most} allowed and {failing} failing");
        }
    }
}
