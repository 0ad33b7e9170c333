using Microsoft.Extensions.Logging;
using Slipway.Model.Failures;
using Slipway.Model.Resources;

namespace Slipway.Store.Garbage;

/// <summary>
/// Deletes what nobody owns any more and finishes deletions that wait for others. Driven by the watch; every few minutes, and
/// whenever it has missed something, it looks at everything again, so a lost event can only delay it.
/// </summary>
public sealed partial class GarbageCollector(IResourceStore store, TimeProvider time, ILogger<GarbageCollector> logger)
{
    /// <summary>Steps under way at a time: enough to share commits, few enough to leave the lane to others.</summary>
    private const int StepsAtOnce = 64;

    private static readonly TimeSpan s_resync = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan s_pauseMin = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_pauseMax = TimeSpan.FromSeconds(10);

    /// <summary>To be examined; no larger than the number of objects, since each is in it once.</summary>
    private readonly WorkQueue<ResourceKey> _work = new();
    private readonly HashSet<ResourceKey> _later = [];
    private OwnerGraph _graph = new(store);

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        var pause = s_pauseMin;
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                using var watch = LookAtEverything();
                var begun = time.GetTimestamp();
                while (time.GetElapsedTime(begun) < s_resync)
                {
                    await WorkOffAsync(cancellation);
                    pause = _later.Count == 0 ? s_pauseMin : Longer(pause);
                    var end = await FollowAsync(watch, _later.Count == 0 ? s_resync : pause, cancellation);
                    if (end is { Kind: FailureKind.Expired })
                    {
                        break;
                    }

                    if (end is not null)
                    {
                        // The store is closed: there is nothing left to collect.
                        return;
                    }
                }
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return;
            }
            catch (Exception bug) when (bug is not OperationCanceledException)
            {
                // One object that trips the rules must not leave all others uncollected for ever.
                LogFailed(logger, bug);
                pause = Longer(pause);
                await Task.Delay(pause, time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>
    /// Looks at everything once and works until nothing more follows from it, for simulations that drive the collector themselves.
    /// </summary>
    public async Task CollectAsync(CancellationToken cancellation)
    {
        using var watch = LookAtEverything();
        while (_work.Count > 0)
        {
            await WorkOffAsync(cancellation);
            while (watch.Position < store.Version)
            {
                var changes = await watch.NextAsync(cancellation);
                if (!changes.Succeeded)
                {
                    return;
                }

                Take(changes.Value);
            }
        }
    }

    private IWatch LookAtEverything()
    {
        while (true)
        {
            // Watch first, list second: what happens in between is seen twice, which does no harm.
            var watch = store.Watch(null, store.Version);
            if (!watch.Succeeded)
            {
                if (watch.Failure!.Kind != FailureKind.Expired)
                {
                    throw new InvalidOperationException($"The garbage collector cannot watch the store: {watch.Failure}");
                }

                continue;
            }

            _graph = new OwnerGraph(store);
            _later.Clear();
            foreach (var resource in Kinds.All.SelectMany(kind => store.List(kind).Items))
            {
                _graph.Add(resource);
                if (resource.IsDeleting || resource.Metadata.OwnerReferences is { Count: > 0 })
                {
                    _work.Add(resource.Key);
                }
            }

            return watch.Value;
        }
    }

    /// <summary>Waits for news, or for the time to try again what did not work. Says why when the watch is over.</summary>
    private async Task<Failure?> FollowAsync(IWatch watch, TimeSpan limit, CancellationToken cancellation)
    {
        using var timer = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellation);
        try
        {
            var changes = await watch.NextAsync(either.Token);
            if (changes.Failure is { } end)
            {
                return end;
            }

            Take(changes.Value);
            return null;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            foreach (var key in _later)
            {
                _work.Add(key);
            }

            _later.Clear();
            return null;
        }
    }

    private void Take(IReadOnlyList<Change> changes)
    {
        foreach (var change in changes)
        {
            _graph.Apply(change);
            foreach (var key in _graph.ConcernedBy(change))
            {
                _work.Add(key);
            }
        }
    }

    private async Task WorkOffAsync(CancellationToken cancellation)
    {
        var steps = new List<(ResourceKey Cause, GarbageStep Step)>();
        while (_work.TryTake(out var key))
        {
            if (store.Get(key) is { } resource)
            {
                steps.AddRange(GarbageRules.Decide(resource, _graph).Select(step => (key, step)));
            }

            if (steps.Count >= StepsAtOnce || (_work.Count == 0 && steps.Count > 0))
            {
                foreach (var few in steps.Chunk(StepsAtOnce))
                {
                    var outcomes = await Task.WhenAll(few.Select(step => PerformAsync(step.Step, cancellation)));
                    foreach (var (step, outcome) in few.Zip(outcomes))
                    {
                        Learn(step.Cause, step.Step, outcome.Failure);
                    }
                }

                steps.Clear();
            }
        }
    }

    private void Learn(ResourceKey cause, GarbageStep step, Failure? failure)
    {
        switch (failure?.Kind)
        {
            case null:
                LogDone(logger, step);
                break;
            case FailureKind.Conflict or FailureKind.NotFound:
                // Somebody was faster; the watch tells what is there now and that is looked at again.
                break;
            default:
                LogLater(logger, step, failure.Detail);
                _later.Add(cause);
                break;
        }
    }

    /// <summary>Each step insists on the version it was decided for.</summary>
    private Task<Outcome<Resource>> PerformAsync(GarbageStep step, CancellationToken cancellation)
    {
        var (target, metadata) = (step.Target, step.Target.Metadata);
        return step switch
        {
            GarbageStep.Delete delete => store.DeleteAsync(
                target.Key, new DeleteOptions(delete.Propagation, target.Uid, metadata.ResourceVersion), cancellation),
            GarbageStep.DropOwners owners => store.ReplaceAsync(
                target.With(metadata with { OwnerReferences = Left(metadata.OwnerReferences!.Where(owner => !owners.Uids.Contains(owner.Uid))) }),
                WriteOptions.Default,
                cancellation),
            GarbageStep.DropFinalizer finalizer => store.ReplaceAsync(
                target.With(metadata with { Finalizers = Left(metadata.Finalizers!.Where(name => name != finalizer.Finalizer)) }),
                WriteOptions.Default,
                cancellation),
            _ => throw new InvalidOperationException($"{step} is no step."),
        };
    }

    private static List<T>? Left<T>(IEnumerable<T> items) => items.ToList() is { Count: > 0 } left ? left : null;

    private static TimeSpan Longer(TimeSpan pause) => pause * 2 > s_pauseMax ? s_pauseMax : pause * 2;

    [LoggerMessage(EventId = 3301, Level = LogLevel.Debug, Message = "Garbage: {Step}")]
    private static partial void LogDone(ILogger logger, GarbageStep step);

    [LoggerMessage(EventId = 3302, Level = LogLevel.Warning, Message = "Garbage: {Step} must wait: {Reason}")]
    private static partial void LogLater(ILogger logger, GarbageStep step, string reason);

    [LoggerMessage(EventId = 3303, Level = LogLevel.Error, Message = "The garbage collector failed and begins anew")]
    private static partial void LogFailed(ILogger logger, Exception bug);
}
