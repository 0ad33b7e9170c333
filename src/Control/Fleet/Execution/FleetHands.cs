using Microsoft.Extensions.Logging;
using Slipway.Control.Fleet.Planning;
using Slipway.Control.Fleet.Revisions;
using Slipway.Model.Failures;
using Slipway.Runtime.Endpoints;
using Slipway.Runtime.Health;
using Slipway.Runtime.Instances;

namespace Slipway.Control.Fleet.Execution;

/// <summary>
/// Does what the planner has decided. The books are changed on the loop's thread before a driver call begins and after its
/// answer was put into the inbox; the call itself runs beside the loop, so no wake-up ever waits behind another call.
/// </summary>
internal sealed class FleetHands(
    IInstanceDriver driver,
    IInstanceHealth health,
    ITrafficGate gate,
    EndpointDirectory endpoints,
    FleetInbox inbox,
    FleetSettings settings,
    Func<string> newSuffix,
    TimeProvider time,
    ILogger logger)
{
    private const int NameLengthMax = 63;

    private int _startsUnderWay;
    private bool _startsHeldBack;

    /// <summary>Calls run on the caller's thread until their first wait: a simulation stays on one thread and repeatable.</summary>
    public bool Inline { get; set; }

    public CancellationToken Shutdown { get; set; }

    public void Execute(FleetRevision revision, FleetStep step)
    {
        switch (step)
        {
            case FleetStep.Start(var count):
                for (var started = 0; started < count; started++)
                {
                    if (_startsUnderWay >= settings.StartsAtOnce)
                    {
                        _startsHeldBack = true;
                        return;
                    }

                    Start(revision);
                }

                break;
            case FleetStep.Stop(var id, var reason):
                Stop(revision, Find(revision, id), reason);
                break;
            case FleetStep.Freeze(var id):
                Freeze(revision, Find(revision, id));
                break;
            case FleetStep.Thaw(var id):
                Thaw(revision, Find(revision, id));
                break;
        }
    }

    /// <summary>Whether starts were held back and there is room again.</summary>
    public bool TakeRoomForStarts()
    {
        var room = _startsHeldBack && _startsUnderWay < settings.StartsAtOnce;
        _startsHeldBack &= !room;
        return room;
    }

    public void Publish(FleetRevision revision)
    {
        if (!revision.Withdrawn)
        {
            endpoints.Publish(revision.Endpoints());
        }
    }

    /// <summary>Stops what belongs to nobody. It was never published, so there is nothing to drain.</summary>
    public void StopStray(string instanceId)
    {
        logger.OrphanStopped(instanceId);
        Run(async () =>
        {
            try
            {
                await Limited(driver.StopAsync(instanceId, settings.StopGraceLimit, Shutdown), settings.StopGraceLimit).ConfigureAwait(false);
            }
            catch (Exception failure) when (IsExpected(failure))
            {
                logger.DriverCallFailed(instanceId, "stop", failure.Message);
            }
        });
    }

    public void Forget(string instanceId) => Run(async () =>
    {
        try
        {
            await Limited(driver.ForgetAsync(instanceId, Shutdown)).ConfigureAwait(false);
        }
        catch (Exception failure) when (IsExpected(failure))
        {
            logger.DriverCallFailed(instanceId, "forget", failure.Message);
        }
    });

    public void StopAgain(FleetRevision revision, FleetInstance instance)
    {
        instance.StopAgainAt = null;
        instance.UnderWay = true;
        RunStop(revision, instance, drain: false);
    }

    private static FleetInstance Find(FleetRevision revision, string id) => revision.Instances.First(instance => instance.Id == id);

    private void Start(FleetRevision revision)
    {
        var now = time.GetUtcNow();
        var instance = new FleetInstance(NewId(revision), now) { UnderWay = true };
        instance.Clock.Wanted = revision.RequestWaitsSince;
        instance.Clock.Asked = now;
        revision.Add(instance);
        _startsUnderWay++;
        var spec = revision.Plan.Template.For(instance.Id);
        Run(async () =>
        {
            Outcome<InstanceState> outcome;
            try
            {
                var start = driver.StartAsync(spec, Shutdown);
                outcome = start.IsCompletedSuccessfully
                    ? start.Result
                    : await start.WaitAsync(settings.DriverCallLimit, time, Shutdown).ConfigureAwait(false);
            }
            catch (Exception failure) when (IsExpected(failure))
            {
                outcome = new Failure(FailureKind.Unavailable, "start-failed", failure.Message);
            }

            inbox.Answer(new DriverAnswer(revision, () => Started(revision, instance, outcome)));
        });
    }

    private void Started(FleetRevision revision, FleetInstance instance, Outcome<InstanceState> outcome)
    {
        var now = time.GetUtcNow();
        _startsUnderWay--;
        instance.UnderWay = false;
        if (!outcome.Succeeded)
        {
            if (instance.Stage == InstanceStage.Starting)
            {
                var failure = outcome.Failure!;
                revision.Setbacks.Record(now, instance.CreatedAt, null, FleetRevision.ReasonOf(failure.Code), failure.Detail);
                logger.StartFailed(instance.Id, failure.Code, failure.Detail, revision.Setbacks.InARow, revision.Setbacks.NoStartBefore);
            }

            instance.Stage = InstanceStage.Ended;
            return;
        }

        instance.Clock.Spawned = now;
        instance.Address = outcome.Value.Address;
        if (health.Find(instance.Id) is { } state)
        {
            revision.Heard(instance, state, now);
        }
    }

    private void Stop(FleetRevision revision, FleetInstance instance, string reason)
    {
        logger.Stopping(instance.Id, reason);
        var mayHaveRequests = instance.Stage is InstanceStage.Serving or InstanceStage.Unready;
        instance.Stage = InstanceStage.Stopping;
        instance.UnderWay = true;

        // The gate closes first: between the two, nobody may pick the instance from the old picture.
        RunStop(revision, instance, mayHaveRequests);
        Publish(revision);
    }

    private void RunStop(FleetRevision revision, FleetInstance instance, bool drain)
    {
        var grace = Least(revision.Plan.Template.StopGrace, settings.StopGraceLimit);
        var patience = Least(revision.Plan.Template.StopGrace, settings.DrainLimit);
        var draining = drain ? gate.DrainAsync(instance.Id, patience, Shutdown) : null;
        Run(async () =>
        {
            string? failed = null;
            try
            {
                if (draining is not null && !await draining.ConfigureAwait(false))
                {
                    logger.DrainOver(instance.Id, patience);
                }

                // Whoever shuts down in the middle of a drain leaves the instance to the next life, which drains it anew.
                Shutdown.ThrowIfCancellationRequested();
                await Limited(driver.StopAsync(instance.Id, grace, Shutdown), grace).ConfigureAwait(false);
            }
            catch (Exception failure) when (IsExpected(failure))
            {
                failed = failure.Message;
            }

            inbox.Answer(new DriverAnswer(revision, () => Stopped(instance, failed)));
        });
    }

    private void Stopped(FleetInstance instance, string? failed)
    {
        instance.UnderWay = false;
        if (failed is null)
        {
            instance.Stage = InstanceStage.Ended;
            return;
        }

        if (instance.Stage != InstanceStage.Ended)
        {
            logger.DriverCallFailed(instance.Id, "stop", failed);
            instance.StopAgainAt = time.GetUtcNow() + settings.StopAgainAfter;
        }
    }

    private void Freeze(FleetRevision revision, FleetInstance instance)
    {
        if (!gate.TryClose(instance.Id))
        {
            return;
        }

        instance.Stage = InstanceStage.Freezing;
        instance.UnderWay = true;
        Publish(revision);
        Run(async () =>
        {
            var frozen = await Switched(instance, "freeze", driver.FreezeAsync).ConfigureAwait(false);
            inbox.Answer(new DriverAnswer(revision, () => Frozen(revision, instance, frozen)));
        });
    }

    private void Frozen(FleetRevision revision, FleetInstance instance, bool frozen)
    {
        instance.UnderWay = false;
        if (instance.Stage != InstanceStage.Freezing)
        {
            return;
        }

        if (frozen)
        {
            instance.Stage = InstanceStage.Frozen;
            logger.Frozen(instance.Id);
            return;
        }

        instance.NoFreezeBefore = time.GetUtcNow() + settings.BackoffLimit;
        Reopen(revision, instance);
    }

    private void Thaw(FleetRevision revision, FleetInstance instance)
    {
        instance.Stage = InstanceStage.Thawing;
        instance.UnderWay = true;
        Run(async () =>
        {
            var thawed = await Switched(instance, "thaw", driver.ThawAsync).ConfigureAwait(false);
            inbox.Answer(new DriverAnswer(revision, () => Thawed(revision, instance, thawed)));
        });
    }

    private void Thawed(FleetRevision revision, FleetInstance instance, bool thawed)
    {
        instance.UnderWay = false;
        if (instance.Stage != InstanceStage.Thawing)
        {
            return;
        }

        if (!thawed)
        {
            // It cannot be woken, so nobody will ever be served by it.
            instance.Stage = InstanceStage.Unready;
            instance.FailingSince = time.GetUtcNow();
            return;
        }

        revision.Thaws++;
        Reopen(revision, instance);
    }

    private void Reopen(FleetRevision revision, FleetInstance instance)
    {
        gate.Open(instance.Id);
        if (health.Find(instance.Id) is { Ready: false } || instance.Address is null)
        {
            instance.Stage = InstanceStage.Unready;
            return;
        }

        revision.Serve(instance, time.GetUtcNow());
        Publish(revision);
    }

    private async Task<bool> Switched(FleetInstance instance, string call, Func<string, CancellationToken, Task<bool>> driverCall)
    {
        try
        {
            var switching = driverCall(instance.Id, Shutdown);
            return switching.IsCompletedSuccessfully
                ? switching.Result
                : await switching.WaitAsync(settings.DriverCallLimit, time, Shutdown).ConfigureAwait(false);
        }
        catch (Exception failure) when (IsExpected(failure))
        {
            logger.DriverCallFailed(instance.Id, call, failure.Message);
            return false;
        }
    }

    private Task Limited(Task call, TimeSpan extra = default) =>
        call.IsCompleted ? call : call.WaitAsync(settings.DriverCallLimit + extra, time, Shutdown);

    private void Run(Func<Task> call) => _ = Inline ? call() : Task.Run(call);

    private string NewId(FleetRevision revision)
    {
        var ending = $"-deployment-{newSuffix()}";
        var name = revision.Key.Name;
        return string.Concat(name.AsSpan(0, Math.Min(name.Length, NameLengthMax - ending.Length)), ending);
    }

    private static TimeSpan Least(TimeSpan left, TimeSpan right) => left < right ? left : right;

    // Whatever a driver throws concerns one instance; the loop and the other instances go on.
    private static bool IsExpected(Exception failure) => failure is not (OutOfMemoryException or StackOverflowException);
}
