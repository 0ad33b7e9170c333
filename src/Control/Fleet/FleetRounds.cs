using Microsoft.Extensions.Logging;
using Slipway.Control.Autoscaling.Decisions;
using Slipway.Control.Fleet.Execution;
using Slipway.Control.Fleet.Planning;
using Slipway.Control.Fleet.Revisions;
using Slipway.Control.Revisions;
using Slipway.Runtime.Endpoints;
using Slipway.Runtime.Health;
using Slipway.Runtime.Instances;

namespace Slipway.Control.Fleet;

/// <summary>
/// One round of the loop, in this order: waiting requests, answers and news, plans, readings and decisions when they are
/// due, then a plan for every revision that something happened to. One thread; nothing in here waits.
/// </summary>
internal sealed class FleetRounds(
    IRevisionPlans plans,
    IInstanceDriver driver,
    IInstanceHealth health,
    EndpointDirectory endpoints,
    ITrafficGate gate,
    ILoadSource load,
    FleetSettings settings,
    DecisionLog decisions,
    FleetHands hands,
    FleetInbox inbox,
    TimeProvider time,
    ILogger logger,
    Action<FleetStatus, RevisionFleetSnapshot> report,
    Action<RevisionKey> unreport)
{
    private readonly Dictionary<RevisionKey, FleetRevision> _revisions = [];
    private readonly List<FleetRevision> _leaving = [];
    private readonly Dictionary<string, (FleetRevision Revision, FleetInstance Instance)> _instances = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (InstanceState State, DateTimeOffset Since)> _strays = new(StringComparer.Ordinal);
    private readonly EndedInstances _ended = new(settings);
    private readonly HashSet<FleetRevision> _touched = [];
    private DateTimeOffset _nextReading;
    private DateTimeOffset _nextDecision;

    public void Begin(bool inline, CancellationToken shutdown)
    {
        hands.Inline = inline;
        hands.Shutdown = shutdown;
        _nextReading = time.GetUtcNow();
        _nextDecision = _nextReading;
    }

    public void Run()
    {
        var now = time.GetUtcNow();
        HearPlans(now);
        HearWaitingRequests(now);
        HearAnswers(now);
        HearInstances(now);
        if (now >= _nextReading)
        {
            ReadLoad(now);
            if (now >= _nextDecision)
            {
                _nextDecision = now + settings.DecisionInterval;
                Scale(now);
            }

            TidyUp(now);
        }

        if (hands.TakeRoomForStarts())
        {
            _touched.UnionWith(_revisions.Values);
        }

        PlanTouched(now);
    }

    private void HearWaitingRequests(DateTimeOffset now)
    {
        var any = false;
        foreach (var (key, since) in inbox.TakeWanted())
        {
            if (_revisions.TryGetValue(key, out var revision))
            {
                Wake(revision, since, now);
                any = true;
            }
        }

        if (any)
        {
            // These are planned before anything else is looked at: somebody is waiting.
            PlanTouched(now);
        }
    }

    private void Wake(FleetRevision revision, DateTimeOffset since, DateTimeOffset now)
    {
        revision.RequestWaitsSince ??= since;
        revision.TryAgain(now);
        if (revision.Plan.Blocked is null && revision.Scaler.Wake(now) is { } decision)
        {
            Record(revision, decision);
        }

        _touched.Add(revision);
    }

    private void HearAnswers(DateTimeOffset now)
    {
        while (inbox.TryTakeAnswer(out var answer))
        {
            answer.Apply();
            Bury(answer.Revision, now);
            _touched.Add(answer.Revision);
        }
    }

    private void HearInstances(DateTimeOffset now)
    {
        foreach (var (id, state) in inbox.TakeStates())
        {
            if (_instances.TryGetValue(id, out var known))
            {
                var live = known.Instance.IsLive;
                known.Revision.Heard(known.Instance, state, now);
                if (live && known.Instance.Stage == InstanceStage.Ended)
                {
                    var setbacks = known.Revision.Setbacks;
                    logger.Ended(id, setbacks.Reason ?? "unknown", setbacks.InARow, setbacks.NoStartBefore);
                }

                Bury(known.Revision, now);
                _touched.Add(known.Revision);
            }
            else if (state.Phase == InstancePhase.Exited)
            {
                _strays.Remove(id);
                _ended.Add(id, state.Spec.OwnerUid, state.ExitedAt ?? now);
            }
            else if (_strays.TryGetValue(id, out var stray))
            {
                _strays[id] = (state, stray.Since);
            }
            else
            {
                _strays[id] = (state, now);
            }
        }

        foreach (var (id, heard) in inbox.TakeHealths())
        {
            if (_instances.TryGetValue(id, out var known))
            {
                known.Revision.Heard(known.Instance, heard, now);
                _touched.Add(known.Revision);
            }
        }
    }

    private void HearPlans(DateTimeOffset now)
    {
        foreach (var (key, _) in inbox.TakePlans())
        {
            var plan = plans.Find(key);
            if (_revisions.TryGetValue(key, out var known))
            {
                if (plan?.Uid == known.Plan.Uid)
                {
                    known.Update(plan, now);
                    _touched.Add(known);
                    continue;
                }

                Withdraw(known);
            }

            if (plan is not null)
            {
                // What was found at start is in the inbox until the first round has read it.
                HearInstances(now);
                var revision = new FleetRevision(plan, settings, driver.Capabilities.CanFreeze, Adopt(plan, now), now);
                _revisions[key] = revision;
                foreach (var instance in revision.Instances)
                {
                    _instances[instance.Id] = (revision, instance);
                }

                _touched.Add(revision);
            }
        }
    }

    private void Withdraw(FleetRevision revision)
    {
        revision.Withdrawn = true;
        _revisions.Remove(revision.Key);
        _leaving.Add(revision);
        endpoints.Remove(revision.Key);
        decisions.Forget(revision.Key);
        unreport(revision.Key);
        _touched.Add(revision);
    }

    /// <summary>Instances that run for this very revision since before we did. Owner names can be used again, uids cannot.</summary>
    private List<FleetInstance> Adopt(RevisionPlan plan, DateTimeOffset now)
    {
        var adopted = new List<FleetInstance>();
        foreach (var (id, (state, _)) in _strays.Where(stray => stray.Value.State.Spec.OwnerUid == plan.Uid).OrderBy(stray => stray.Key, StringComparer.Ordinal).ToList())
        {
            _strays.Remove(id);
            if (state.Phase == InstancePhase.Stopping)
            {
                hands.StopStray(id);
                continue;
            }

            var instance = new FleetInstance(id, state.CreatedAt) { Address = state.Address };
            if (state.Phase == InstancePhase.Frozen)
            {
                instance.Stage = InstanceStage.Frozen;
                instance.EverReady = true;
                instance.FirstReadyAt = state.CreatedAt;
            }
            else if (health.Find(id) is { Ready: true })
            {
                instance.Stage = InstanceStage.Serving;
                instance.EverReady = true;
                instance.FirstReadyAt = now;
                instance.ServingSince = now;
            }

            adopted.Add(instance);
        }

        return adopted;
    }

    private void ReadLoad(DateTimeOffset now)
    {
        _nextReading = now + settings.ReadingInterval;
        var readings = new Dictionary<RevisionKey, LoadReading>();
        foreach (var reading in load.Read())
        {
            readings[reading.Revision] = reading;
        }

        foreach (var revision in _revisions.Values)
        {
            var reading = readings.GetValueOrDefault(revision.Key);
            revision.Scaler.Record(reading, now);
            if (reading is { Waiting: > 0 })
            {
                Wake(revision, now, now);
            }
        }

        // Idle times, back-offs and deadlines pass without any event; once a second is often enough for them.
        _touched.UnionWith(_revisions.Values);
        _touched.UnionWith(_leaving);
    }

    private void Scale(DateTimeOffset now)
    {
        foreach (var revision in _revisions.Values)
        {
            if (revision.Plan.Blocked is null && !revision.IsGivenUp
                && revision.Scaler.Decide(now, revision.ReadyForScaling, revision.Plan.Reachable, () => ResourceUse.Measure(driver, revision, now)) is { } decision)
            {
                Record(revision, decision);
            }
        }
    }

    private void Record(FleetRevision revision, ScalingDecision decision)
    {
        decisions.Add(decision);
        if (decision.Wanted != decision.Before)
        {
            logger.Scaled(revision.Key, decision.Explanation);
        }
    }

    private void TidyUp(DateTimeOffset now)
    {
        foreach (var revision in _revisions.Values.Concat(_leaving))
        {
            foreach (var instance in revision.Instances.Where(instance => instance.StopAgainAt <= now && !instance.UnderWay))
            {
                hands.StopAgain(revision, instance);
            }
        }

        foreach (var (id, (_, since)) in _strays.Where(stray => now - stray.Value.Since >= settings.OrphanPatience).ToList())
        {
            _strays[id] = (_strays[id].State, now);
            hands.StopStray(id);
        }

        foreach (var id in _ended.TakeOld(now))
        {
            hands.Forget(id);
        }
    }

    private void PlanTouched(DateTimeOffset now)
    {
        if (_touched.Count == 0)
        {
            return;
        }

        // Planning can touch further revisions; those wait for the next round.
        var touched = _touched.OrderBy(revision => revision.Key.Namespace, StringComparer.Ordinal)
            .ThenBy(revision => revision.Key.Name, StringComparer.Ordinal)
            .ToList();
        _touched.Clear();
        foreach (var revision in touched)
        {
            try
            {
                PlanOne(revision, now);
            }
            catch (Exception failure) when (!hands.Inline && failure is not OutOfMemoryException)
            {
                // A defect that one revision meets must not leave the others without a keeper. A simulation wants to see it.
                logger.RevisionSkipped(failure, revision.Key);
            }
        }
    }

    private void PlanOne(FleetRevision revision, DateTimeOffset now)
    {
        Bury(revision, now);
        revision.CheckStarting(now);
        revision.CheckProgress(now);
        var picture = revision.Picture(now, gate);
        var steps = FleetPlanner.Decide(picture);
        foreach (var step in steps)
        {
            hands.Execute(revision, step);
        }

        foreach (var instance in revision.Instances)
        {
            _instances.TryAdd(instance.Id, (revision, instance));
        }

        // Somebody is on the way, or what is there is all there will be: either way the request need not be thought of again.
        if (!revision.Instances.Any(instance => instance.Stage is InstanceStage.Freezing or InstanceStage.Frozen)
            || steps.Any(step => step is FleetStep.Thaw))
        {
            revision.RequestWaitsSince = null;
        }

        hands.Publish(revision);
        if (!revision.Withdrawn)
        {
            report(revision.Status(), revision.Snapshot());
        }
    }

    /// <summary>Takes what has ended out of the books; its record and logs stay with the driver for a while.</summary>
    private void Bury(FleetRevision revision, DateTimeOffset now)
    {
        foreach (var instance in revision.Instances.Where(instance => instance.Stage == InstanceStage.Ended && !instance.UnderWay).ToList())
        {
            revision.Remove(instance);
            _instances.Remove(instance.Id);
            _ended.Add(instance.Id, revision.Plan.Uid, now);
        }

        if (revision.Withdrawn && revision.Instances.Count == 0)
        {
            _leaving.Remove(revision);
        }
    }
}
