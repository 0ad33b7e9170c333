using Slipway.Runtime.Instances;

namespace Slipway.Runtime.Health;

/// <summary>
/// The probes of one instance: the startup probe holds back the two others until it has passed. Freezing cancels a try
/// in the middle without counting it and pauses all of them; what was known before stays true, so a thawed instance
/// is ready at once.
/// </summary>
internal sealed class InstanceProbes : IDisposable
{
    private readonly Prober _prober;
    private readonly TimeProvider _time;
    private readonly Announcer<HealthState> _announcer;
    private readonly CancellationTokenSource _over = new();
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CancellationTokenSource _running;
    private TaskCompletionSource? _paused;
    private InstanceState _instance;
    private HealthState _health;

    public InstanceProbes(InstanceState instance, Prober prober, TimeProvider time, Announcer<HealthState> announcer)
    {
        _instance = instance;
        _prober = prober;
        _time = time;
        _announcer = announcer;
        _running = CancellationTokenSource.CreateLinkedTokenSource(_over.Token);
        _health = new HealthState(instance.Id, Started: false, Ready: false, Failing: false, "Waiting for the first probe to pass.");
    }

    public HealthState Health
    {
        get
        {
            lock (_gate)
            {
                return _health;
            }
        }
    }

    public void Begin()
    {
        Pause(_instance.Phase == InstancePhase.Frozen);
        _ = Task.Run(RunAsync);
    }

    public void Update(InstanceState instance)
    {
        _instance = instance;
        Pause(instance.Phase == InstancePhase.Frozen);
        if (instance.Phase == InstancePhase.Stopping)
        {
            _over.Cancel();
            Change(health => health with { Ready = false, Message = "The instance is being stopped." });
        }
    }

    /// <summary>The instance has ended: the last thing said about it.</summary>
    public void End()
    {
        _over.Cancel();
        Change(health => health with { Ready = false, Message = "The instance has ended." });
    }

    public void Dispose()
    {
        _over.Cancel();
        lock (_gate)
        {
            _paused?.TrySetResult();
        }
    }

    private async Task RunAsync()
    {
        var spec = _instance.Spec;

        // Something that serves and says nothing about probes is ready when it takes connections; a job is when it runs.
        var readiness = spec.ReadinessProbe ?? (spec.Serves && spec.StartupProbe is null ? new InstanceProbe { Handler = ProbeHandler.Tcp } : null);
        try
        {
            if (spec.StartupProbe is { } startup)
            {
                await RunAsync(startup, untilPassed: true, Started, detail => Fail("startup", detail, startup.Period > TimeSpan.Zero)).ConfigureAwait(false);
            }

            if (readiness is null)
            {
                Change(health => health with { Started = true, Ready = true, Message = null });
            }

            var ready = readiness is null ? Task.CompletedTask : RunAsync(readiness, untilPassed: false, BecomeReady, BecomeUnready);
            var live = spec.LivenessProbe is { } liveness ? KeepAliveAsync(liveness) : Task.CompletedTask;
            await Task.WhenAll(ready, live).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_over.IsCancellationRequested)
        {
            // The instance has ended or is about to.
        }
        catch (Exception exception)
        {
            // Probing must not die silently: an instance nobody probes would stay ready for ever.
            Change(health => health with { Ready = false, Failing = true, Message = $"Probing stopped: {exception.Message}" });
        }
    }

    private async Task KeepAliveAsync(InstanceProbe liveness)
    {
        await _started.Task.WaitAsync(_over.Token).ConfigureAwait(false);
        await RunAsync(liveness, untilPassed: false, static () => { }, detail => Fail("liveness", detail, counts: true)).ConfigureAwait(false);
    }

    private async Task RunAsync(InstanceProbe probe, bool untilPassed, Action passing, Action<string> failing)
    {
        var machine = new ProbeMachine(Math.Max(1, probe.SuccessThreshold), Math.Max(1, probe.FailureThreshold));
        var period = ProbePace.PeriodOf(probe);
        await WaitAsync(probe.InitialDelay).ConfigureAwait(false);
        var first = _time.GetTimestamp();
        var nextFailure = TimeSpan.Zero;
        var passedOnce = false;
        while (true)
        {
            if (await TryAsync(probe).ConfigureAwait(false) is not { } result)
            {
                // Just thawed, for a request that waits: what was known is good for another period.
                await WaitAsync(passedOnce ? period : TimeSpan.Zero).ConfigureAwait(false);
                continue;
            }

            var trying = _time.GetElapsedTime(first);
            var before = machine.Verdict;
            if (result.Success || before == ProbeVerdict.Passing || trying >= nextFailure)
            {
                machine = machine.After(result.Success);
                nextFailure = trying + period;
            }

            if (machine.Verdict == ProbeVerdict.Passing && before != ProbeVerdict.Passing)
            {
                passedOnce = true;
                passing();
                if (untilPassed)
                {
                    return;
                }
            }
            else if (!result.Success && machine.Verdict != ProbeVerdict.Passing)
            {
                // Before the verdict the detail is worth telling too: it is what a person sees while waiting.
                if (machine.Verdict == ProbeVerdict.Failing)
                {
                    failing(result.Detail!);
                }
                else
                {
                    Explain(result.Detail!);
                }
            }

            var eager = !passedOnce && !result.Success;
            await WaitAsync(eager ? ProbePace.Eager(probe, trying) : period).ConfigureAwait(false);
        }
    }

    /// <summary>Null when it could not be made, or not to its end, because the instance was frozen.</summary>
    private async Task<ProbeResult?> TryAsync(InstanceProbe probe)
    {
        Task? paused;
        CancellationToken running;
        lock (_gate)
        {
            _over.Token.ThrowIfCancellationRequested();
            paused = _paused?.Task;
            running = _running.Token;
        }

        if (paused is not null)
        {
            await paused.WaitAsync(_over.Token).ConfigureAwait(false);
            return null;
        }

        try
        {
            return await _prober.TryAsync(_instance, probe, running).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!_over.IsCancellationRequested)
        {
            return null;
        }
    }

    private async Task WaitAsync(TimeSpan delay)
    {
        if (delay > TimeSpan.Zero)
        {
            await Task.Delay(delay, _time, _over.Token).ConfigureAwait(false);
        }
    }

    private void Pause(bool pause)
    {
        CancellationTokenSource? cut = null;
        lock (_gate)
        {
            if (pause && _paused is null)
            {
                _paused = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                cut = _running;
            }
            else if (!pause && _paused is { } paused)
            {
                _paused = null;
                _running = CancellationTokenSource.CreateLinkedTokenSource(_over.Token);
                paused.TrySetResult();
            }
        }

        cut?.Cancel();
        cut?.Dispose();
    }

    private void Started()
    {
        Change(health => health with { Started = true, Failing = false });
        _started.TrySetResult();
        if (_instance.Spec.ReadinessProbe is null)
        {
            Change(health => health with { Ready = true, Message = null });
        }
    }

    private void BecomeReady()
    {
        Change(health => health with { Started = true, Ready = true, Message = null });
        _started.TrySetResult();
    }

    private void BecomeUnready(string detail) => Change(health => health with { Ready = false, Message = detail });

    private void Fail(string probe, string detail, bool counts) =>
        Change(health => health with { Ready = false, Failing = counts, Message = counts ? $"The {probe} probe has failed too often. {detail}" : detail });

    private void Explain(string detail) => Change(health => health.Ready || health.Failing ? health : health with { Message = detail });

    private void Change(Func<HealthState, HealthState> change)
    {
        HealthState next;
        lock (_gate)
        {
            next = change(_health);
            if (next == _health)
            {
                return;
            }

            _health = next;
            _announcer.Post(next);
        }

        _announcer.Deliver();
    }
}
