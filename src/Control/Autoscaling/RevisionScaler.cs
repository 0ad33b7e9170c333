using System.Collections.Immutable;
using Slipway.Control.Autoscaling.Decisions;
using Slipway.Control.Autoscaling.Hpa;
using Slipway.Control.Autoscaling.Kpa;
using Slipway.Model.Serving;
using Slipway.Runtime.Endpoints;

namespace Slipway.Control.Autoscaling;

/// <summary>
/// The autoscaler of one revision with its memory: windows, state and the present wish. Its owner brings the readings
/// and asks at its own pace; nothing here waits or looks at a clock.
/// </summary>
internal sealed class RevisionScaler
{
    private readonly RevisionKey _revision;
    private readonly string _uid;
    private readonly AutoscalerDefaults _defaults;
    private KpaSettings _kpa;
    private HpaSettings _hpa;
    private LoadWindow _window;
    private KpaState _kpaState;
    private HpaState _hpaState;
    private DateTimeOffset _readUntil;
    private DateTimeOffset _lookedAt;
    private int _busyLately;
    private int _busyNow;

    public RevisionScaler(RevisionKey revision, string uid, AutoscalerDefaults defaults, ScalingTerms terms, KpaState state, int desired, DateTimeOffset now)
    {
        _revision = revision;
        _uid = uid;
        _defaults = defaults;
        _kpaState = state;
        _hpaState = HpaState.Fresh with { InitialReached = state.InitialReached };
        _readUntil = now;
        Terms = terms;
        _kpa = ScalingRules.Kpa(terms.Settings, defaults, terms.Concurrency, terms.ProgressDeadline);
        _hpa = ScalingRules.Hpa(terms.Settings, defaults);
        _window = new LoadWindow(_kpa.StableWindow);
        Desired = terms.Settings.IsManual ? terms.Settings.Min : Math.Min(desired, InstancesMax);
    }

    public ScalingTerms Terms { get; private set; }

    /// <summary>How many instances there should be.</summary>
    public int Desired { get; private set; }

    /// <summary>How many the present load keeps busy, without any minimum, delay or hold: the rest may be frozen.</summary>
    public int Busy => Math.Max(_busyLately, _busyNow);

    public RevisionActivity Activity => _kpaState.Activity;

    public bool InitialReached => Terms.Settings.Class == AutoscalerClass.Kpa ? _kpaState.InitialReached : _hpaState.InitialReached;

    public int InstancesMax => Terms.Settings.IsManual ? Terms.Settings.Min : _kpa.InstancesMax;

    public int InstancesInitial => Terms.Settings.Initial;

    public bool MeasuresResources => Terms.Settings is { Class: AutoscalerClass.Hpa, IsManual: false };

    public void Update(ScalingTerms terms)
    {
        if (terms == Terms)
        {
            return;
        }

        Terms = terms;
        _kpa = ScalingRules.Kpa(terms.Settings, _defaults, terms.Concurrency, terms.ProgressDeadline);
        _hpa = ScalingRules.Hpa(terms.Settings, _defaults);
        if (_window.Length != _kpa.StableWindow)
        {
            _window = new LoadWindow(_kpa.StableWindow);
        }
    }

    /// <summary>What was measured between the previous reading and now; null stands for silence.</summary>
    public void Record(LoadReading? reading, DateTimeOffset now)
    {
        if (now <= _readUntil)
        {
            return;
        }

        var value = _kpa.Metric == LoadMetric.Rps
            ? (reading?.Requests ?? 0) / (now - _readUntil).TotalSeconds
            : reading?.AverageConcurrency ?? 0;
        _window.Record(_readUntil, now, value);

        // Waking what is frozen costs next to nothing, so one second of load is reason enough.
        _busyNow = (int)Math.Min(Desired, Math.Ceiling(value / _kpa.Target));
        _readUntil = now;
    }

    /// <summary>A request waits and there is nothing: one instance (or the activation scale) is wanted at once.</summary>
    public ScalingDecision? Wake(DateTimeOffset now)
    {
        if (Desired > 0 || Terms.Settings.IsManual)
        {
            return null;
        }

        _kpaState = _kpaState.Woken(now);
        var wanted = Math.Min(Math.Max(1, _kpa.ActivationScale), _kpa.InstancesMax);
        var decision = Said("wake-up", wanted, 0, wanted == 1
            ? "1 instance: a request arrived while there was none."
            : $"{wanted} instances: a request arrived while there was none, and activation-scale is {_kpa.ActivationScale}.");
        Desired = wanted;
        return decision with { At = now, LastAt = now };
    }

    /// <summary>Nothing will become of the instances that were tried; what is wanted is nothing, until somebody asks again.</summary>
    public void GiveUp(DateTimeOffset now)
    {
        Desired = 0;
        _kpaState = _kpaState with { Activity = RevisionActivity.Inactive, ActivitySince = now };
    }

    /// <param name="measure">Asked only by the resource-driven class, and only when its interval is over.</param>
    public ScalingDecision? Decide(DateTimeOffset now, int ready, bool reachable, Func<ImmutableArray<InstanceUse>> measure)
    {
        var decision = Terms.Settings switch
        {
            { IsManual: true } => Manual(ready),
            { Class: AutoscalerClass.Hpa } => DecideHpa(now, ready, reachable, measure),
            _ => DecideKpa(now, ready, reachable),
        };
        if (decision is null)
        {
            return null;
        }

        Desired = decision.Wanted;
        return decision with { At = now, LastAt = now, Reachable = reachable };
    }

    private ScalingDecision Manual(int ready)
    {
        var wanted = Terms.Settings.Min;
        _busyLately = wanted;
        _kpaState = _kpaState with { InitialReached = _kpaState.InitialReached || ready >= wanted };
        _hpaState = _hpaState with { InitialReached = _kpaState.InitialReached };
        return Said("manual", wanted, ready, $"{(wanted == 1 ? "1 instance" : $"{wanted} instances")}: fixed by hand.");
    }

    private ScalingDecision? DecideKpa(DateTimeOffset now, int ready, bool reachable)
    {
        var stable = _kpa.WeightedExponential ? _window.WeightedAverageAt(now, _kpa.StableWindow) : _window.AverageAt(now, _kpa.StableWindow);
        var panic = _kpa.WeightedExponential ? _window.WeightedAverageAt(now, _kpa.PanicWindow) : _window.AverageAt(now, _kpa.PanicWindow);
        var inputs = new KpaInputs(now, stable, panic, ready, reachable);
        var decision = KpaDecider.Decide(_kpa, _kpaState, inputs);
        _kpaState = decision.Next;
        if (decision.Wanted is not { } wanted)
        {
            return null;
        }

        // The short window alone: the long one would keep an instance hot for a minute after its last request.
        _busyLately = Math.Min(decision.Reasons.PanicWish, wanted);
        return Said("kpa", wanted, ready, KpaExplanation.Of(_kpa, inputs, decision)) with
        {
            Metric = _kpa.Metric == LoadMetric.Rps ? "rps" : "concurrency",
            StableAverage = stable,
            PanicAverage = panic,
            Target = _kpa.Target,
            Panicking = decision.Reasons.Panicking,
            ExcessBurstCapacity = decision.ExcessBurstCapacity,
        };
    }

    private ScalingDecision? DecideHpa(DateTimeOffset now, int ready, bool reachable, Func<ImmutableArray<InstanceUse>> measure)
    {
        if (now - _lookedAt < _defaults.ResourceInterval && Desired > 0)
        {
            return null;
        }

        _lookedAt = now;
        var inputs = new HpaInputs(now, Desired, measure(), reachable);
        var decision = HpaDecider.Decide(_hpa, _hpaState, inputs);
        _hpaState = decision.Next;
        _busyLately = Desired;
        if (decision.Wanted is not { } wanted)
        {
            return null;
        }

        return Said("hpa", wanted, ready, HpaExplanation.Of(_hpa, inputs, decision)) with
        {
            Metric = string.Join(',', _hpa.Targets.Select(target => target.Metric == ResourceMetric.Cpu ? "cpu" : "memory")),
            StableAverage = decision.Reasons.Metrics.IsEmpty ? null : decision.Reasons.Metrics[0].Average,
            Target = decision.Reasons.Metrics.IsEmpty ? null : decision.Reasons.Metrics[0].Target,
        };
    }

    private ScalingDecision Said(string @class, int wanted, int ready, string explanation) => new()
    {
        Namespace = _revision.Namespace,
        Revision = _revision.Name,
        Uid = _uid,
        Class = @class,
        Wanted = wanted,
        Before = Desired,
        Ready = ready,
        InstancesMin = Terms.Settings.Min,
        InstancesMax = InstancesMax,
        Explanation = explanation,
    };
}

/// <summary>What the scaler needs from a plan.</summary>
internal sealed record ScalingTerms(AutoscalingSettings Settings, int Concurrency, TimeSpan ProgressDeadline);
