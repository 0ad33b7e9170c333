using System.Collections.Immutable;
using Slipway.Control.Autoscaling;
using Slipway.Control.Autoscaling.Kpa;
using Slipway.Control.Fleet.Planning;
using Slipway.Control.Revisions;
using Slipway.Model.Serving;
using Slipway.Runtime.Endpoints;
using Slipway.Runtime.Health;
using Slipway.Runtime.Instances;

namespace Slipway.Control.Fleet.Revisions;

/// <summary>
/// One revision with its instances, its autoscaler and its setbacks. News comes in, a picture for the planner, endpoints
/// for the data plane and a status for conditions go out. Only the fleet's loop touches it.
/// </summary>
internal sealed class FleetRevision
{
    private static readonly TimeSpan s_usualDeadline = TimeSpan.FromSeconds(600);

    private readonly FleetSettings _settings;
    private readonly bool _driverFreezes;
    private readonly List<FleetInstance> _instances = [];
    private DateTimeOffset? _firstTryAt;
    private bool _givenUp;
    private bool _healthy;

    public FleetRevision(RevisionPlan plan, FleetSettings settings, bool driverFreezes, IReadOnlyList<FleetInstance> adopted, DateTimeOffset now)
    {
        _settings = settings;
        _driverFreezes = driverFreezes;
        Plan = plan;
        Setbacks = new Setbacks(settings.BackoffFirst, settings.BackoffLimit, settings.BackoffResetAfter);
        _instances.AddRange(adopted);
        var terms = TermsOf(plan);
        _healthy = plan.Proven || terms.Settings.Initial == 0;
        var least = !plan.Reachable ? 0 : terms.Settings.Class == AutoscalerClass.Hpa ? Math.Max(1, terms.Settings.Min) : terms.Settings.Min;
        var desired = _healthy ? Math.Max(least, adopted.Count) : Math.Max(Math.Max(least, adopted.Count), terms.Settings.Initial);
        Scaler = new RevisionScaler(plan.Revision, plan.Uid, settings.Autoscaler, terms, FirstState(_healthy, desired, adopted.Count, now), desired, now);
    }

    public RevisionPlan Plan { get; private set; }

    public RevisionKey Key => Plan.Revision;

    public RevisionScaler Scaler { get; }

    public Setbacks Setbacks { get; }

    public IReadOnlyList<FleetInstance> Instances => _instances;

    /// <summary>The plan is gone: everything ends and nothing is published any more.</summary>
    public bool Withdrawn { get; set; }

    /// <summary>Since when a request waits for an instance that nobody has brought on its way yet.</summary>
    public DateTimeOffset? RequestWaitsSince { get; set; }

    public long Thaws { get; set; }

    public long ColdStarts { get; private set; }

    public ColdStart ColdStartSum { get; private set; }

    public ColdStart? LastColdStart { get; private set; }

    public bool IsGivenUp => _givenUp;

    public int ReadyForScaling => _instances.Count(instance => instance.IsCapacity);

    public void Update(RevisionPlan plan, DateTimeOffset now)
    {
        var before = Plan;
        Plan = plan;
        Scaler.Update(TermsOf(plan));
        _healthy |= plan.Proven;
        if (_givenUp && before.Template.Fingerprint != plan.Template.Fingerprint)
        {
            TryAgain(now);
        }
    }

    public void Add(FleetInstance instance)
    {
        _firstTryAt ??= instance.CreatedAt;
        _instances.Add(instance);
    }

    public void Remove(FleetInstance instance) => _instances.Remove(instance);

    /// <summary>A waiting request is a reason to try once more what was given up.</summary>
    public void TryAgain(DateTimeOffset now)
    {
        if (_givenUp)
        {
            _givenUp = false;
            _firstTryAt = now;
            Setbacks.Reset();
        }
    }

    public void Heard(FleetInstance instance, InstanceState state, DateTimeOffset now)
    {
        instance.Address = state.Address ?? instance.Address;
        if (state.Phase == InstancePhase.Stopping && instance.IsLive)
        {
            // Somebody else stops it (a deleted pod): it is replaced, but that is no failure.
            instance.Stage = InstanceStage.Stopping;
        }

        if (state.Phase != InstancePhase.Exited || instance.Stage == InstanceStage.Ended)
        {
            return;
        }

        // The driver itself stops what outgrows its volumes, and a new instance would do so again.
        var expected = instance.Stage == InstanceStage.Stopping && state.ExitReason != "Evicted";
        var servedSince = instance.FirstReadyAt;
        instance.Stage = InstanceStage.Ended;
        if (!expected)
        {
            var reason = state.ExitReason is "OOMKilled" or "Evicted" ? state.ExitReason : $"ExitCode{state.ExitCode ?? -1}";
            Setbacks.Record(now, instance.CreatedAt, servedSince, reason, MessageOf(state));
        }
    }

    public void Heard(FleetInstance instance, HealthState health, DateTimeOffset now)
    {
        if (!instance.IsLive)
        {
            return;
        }

        if (health.Started)
        {
            instance.Clock.Listening ??= now;
        }

        if (health.Failing && instance.FailingSince is null)
        {
            instance.FailingSince = now;
            instance.FailingMessage = health.Message;
            Setbacks.Record(now, instance.CreatedAt, instance.FirstReadyAt, "ProbeFailed", health.Message);
        }

        switch (instance.Stage)
        {
            case InstanceStage.Starting or InstanceStage.Unready when health.Ready && instance.Address is not null:
                Serve(instance, now);
                break;
            case InstanceStage.Serving when !health.Ready:
                instance.Stage = InstanceStage.Unready;
                break;
        }
    }

    public void Serve(FleetInstance instance, DateTimeOffset now)
    {
        instance.Stage = InstanceStage.Serving;
        instance.ServingSince = now;
        if (!instance.EverReady)
        {
            instance.EverReady = true;
            instance.FirstReadyAt = now;
            if (instance.Clock.Finish(now) is { } coldStart)
            {
                ColdStarts++;
                ColdStartSum += coldStart;
                LastColdStart = coldStart;
            }
        }

        Setbacks.Serving();
        _healthy |= ReadyForScaling >= Math.Max(1, Math.Min(Scaler.InstancesInitial, Math.Max(1, Scaler.Desired)));
    }

    /// <summary>An instance that starts for ever is as useless as one that fails.</summary>
    public void CheckStarting(DateTimeOffset now)
    {
        var limit = Plan.ProgressDeadline > s_usualDeadline ? Plan.ProgressDeadline : _settings.StartupLimit;
        foreach (var instance in _instances)
        {
            if (instance is { Stage: InstanceStage.Starting, FailingSince: null } && now - instance.CreatedAt >= limit)
            {
                instance.FailingSince = now;
                Setbacks.Record(now, instance.CreatedAt, null, "StartTimeout",
                    $"The instance did not become ready within {limit.TotalSeconds:0} s of its start.");
            }
        }
    }

    /// <summary>What can never start is given up at once; the rest when the progress deadline has passed.</summary>
    public void CheckProgress(DateTimeOffset now)
    {
        if (_givenUp || _healthy || _firstTryAt is not { } since)
        {
            return;
        }

        var hopeless = Setbacks.Reason == ReasonOf("image-not-runnable");
        if (!hopeless && now - since < Plan.ProgressDeadline)
        {
            return;
        }

        _givenUp = true;
        if (!hopeless)
        {
            var last = Setbacks.Reason is null ? "no instance became ready" : $"the last try ended with {Setbacks.Reason}: {Setbacks.Message}";
            Setbacks.Record(now, now, null, "ProgressDeadlineExceeded",
                $"No instance became ready within {Plan.ProgressDeadline.TotalSeconds:0} s; {last}");
        }

        Scaler.GiveUp(now);
    }

    public RevisionPicture Picture(DateTimeOffset now, ITrafficGate gate)
    {
        var pictures = ImmutableArray.CreateBuilder<InstancePicture>(_instances.Count);
        foreach (var instance in _instances)
        {
            if (instance.Stage == InstanceStage.Ended)
            {
                continue;
            }

            var serving = instance.Stage == InstanceStage.Serving;
            pictures.Add(new InstancePicture
            {
                Id = instance.Id,
                Stage = instance.Stage,
                CreatedAt = instance.CreatedAt,
                ServingSince = instance.ServingSince,
                LastUsedAt = serving ? gate.LastUsedAt(instance.Id) : null,
                InFlight = serving ? gate.InFlight(instance.Id) : 0,
                FailingSince = instance.FailingSince,
                NoFreezeBefore = instance.NoFreezeBefore,
                UnderWay = instance.UnderWay,
            });
        }

        return new RevisionPicture
        {
            Now = now,
            StopAll = StopReason(),
            Desired = Scaler.Desired,
            Busy = Math.Max(Scaler.Busy, FreezeRules.Hot(Plan.Annotations)),
            RequestWaits = RequestWaitsSince is not null,
            FreezeAfter = _driverFreezes && _healthy
                ? FreezeRules.IdleLimit(Plan.Annotations, Scaler.Terms.Settings.Class, _settings.FreezeAfter)
                : null,
            NoStartBefore = Setbacks.NoStartBefore,
            Doubtful = Setbacks.InARow > 0 && !_instances.Exists(instance => instance.IsCapacity),
            ReplacementPatience = _settings.ReplacementPatience,
            Instances = pictures.DrainToImmutable(),
        };
    }

    public RevisionEndpoints Endpoints()
    {
        var ready = _instances
            .Where(instance => instance.Stage == InstanceStage.Serving && instance.Address is not null)
            .OrderBy(instance => instance.Id, StringComparer.Ordinal)
            .Select(instance => new Endpoint(instance.Id, instance.Address!));
        return new RevisionEndpoints(Key, [.. ready], Plan.Concurrency, Plan.Http2, Unavailable());
    }

    public FleetStatus Status()
    {
        var live = _instances.Count(instance => instance.IsLive);
        var phase = _givenUp ? FleetPhase.Failed
            : _healthy ? FleetPhase.Healthy
            : _firstTryAt is null && live == 0 ? FleetPhase.Pending
            : FleetPhase.Starting;
        var activity = ReadyForScaling > 0 ? FleetActivity.Active
            : Scaler.Desired > 0 ? FleetActivity.Queued
            : FleetActivity.NoTraffic;
        return new FleetStatus(
            Plan.Uid, StopReason() is null ? Scaler.Desired : 0, live, CountOf(InstanceStage.Serving), phase, activity, Setbacks.Reason, Setbacks.Message);
    }

    public RevisionFleetSnapshot Snapshot() => new(
        Key,
        Plan.Uid,
        Scaler.Desired,
        CountOf(InstanceStage.Serving),
        CountOf(InstanceStage.Starting),
        CountOf(InstanceStage.Frozen) + CountOf(InstanceStage.Freezing),
        CountOf(InstanceStage.Stopping),
        ColdStarts,
        ColdStartSum,
        LastColdStart,
        Thaws,
        Setbacks.Total);

    /// <summary>A driver's code as the reason of a condition: <c>no-free-port</c> becomes <c>NoFreePort</c>.</summary>
    public static string ReasonOf(string code) => string.Concat(code.Split('-', StringSplitOptions.RemoveEmptyEntries)
        .Select(word => char.ToUpperInvariant(word[0]) + word[1..]));

    private string? StopReason()
    {
        if (Withdrawn)
        {
            return "its revision is gone";
        }

        return Plan.Blocked is { } blocked ? blocked.Detail : _givenUp ? "its revision has failed" : null;
    }

    private Unavailability? Unavailable()
    {
        if (Plan.Blocked is { } blocked)
        {
            return blocked;
        }

        if (_givenUp)
        {
            return new Unavailability("revisionFailed", Setbacks.Message ?? "The revision never became ready.");
        }

        return Scaler.Terms.Settings is { IsManual: true, Min: 0 }
            ? new Unavailability("scaledToZero", "The number of instances is fixed at 0 by hand. Raise it or remove the manual scale to serve requests.")
            : null;
    }

    private static ScalingTerms TermsOf(RevisionPlan plan) =>
        new(ManualScale.Apply(plan.Scaling, plan.Annotations), plan.Concurrency, plan.ProgressDeadline);

    private static KpaState FirstState(bool healthy, int desired, int adopted, DateTimeOffset now)
    {
        if (adopted > 0)
        {
            return KpaState.AfterRestart(now, adopted);
        }

        return healthy && desired == 0
            ? new KpaState { InitialReached = true, Activity = RevisionActivity.Inactive, ActivitySince = DateTimeOffset.UnixEpoch }
            : new KpaState { InitialReached = healthy, ActivitySince = now };
    }

    private static string MessageOf(InstanceState state) => state.ExitMessage is { Length: > 0 } tail
        ? tail
        : $"The instance ended with exit code {state.ExitCode} and wrote nothing.";

    private int CountOf(InstanceStage stage) => _instances.Count(instance => instance.Stage == stage);
}
