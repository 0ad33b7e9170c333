using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Slipway.Model.Failures;
using Slipway.Model.Resources;
using Slipway.Store;

namespace Slipway.Control.Reconciling;

/// <param name="QueueCapacity">Keys one reconciler may have waiting; what happens beyond is told at <see cref="WorkQueue"/>.</param>
/// <param name="Resync">Everything is looked at again this often, in case a change was missed.</param>
internal sealed record EngineOptions(int QueueCapacity, TimeSpan Resync, Backoff Backoff)
{
    public static EngineOptions Default { get; } = new(100_000, TimeSpan.FromMinutes(10), Backoff.Default);
}

/// <summary>
/// Feeds the reconcilers: follows every change of the store, asks each reconciler whom it concerns, and lets workers look
/// at those keys. It runs by itself (<see cref="RunAsync"/>) or one look at a time (<see cref="StepAsync"/>), so that hours
/// of cluster life can be simulated on one thread.
/// </summary>
internal sealed class Engine : IDisposable
{
    private readonly IResourceStore _store;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly EngineOptions _options;
    private readonly Lane[] _lanes;
    private IWatch? _watch;

    public Engine(
        IResourceStore store,
        IReadOnlyList<IReconciler> reconcilers,
        TimeProvider time,
        ILogger<Engine> logger,
        EngineOptions? options = null,
        Func<double>? dice = null)
    {
        _store = store;
        _time = time;
        _logger = logger;
        _options = options ?? EngineOptions.Default;
        _lanes = [.. reconcilers.Select(reconciler =>
            new Lane(reconciler, new WorkQueue(time, _options.Backoff, dice ?? Random.Shared.NextDouble, _options.QueueCapacity)))];
        foreach (var lane in _lanes)
        {
            lane.Reconciler.Listen(lane.Queue.Add);
        }
    }

    /// <summary>When the next delayed look is due; simulations move their clock there.</summary>
    public DateTimeOffset? NextDue => _lanes.Min(lane => lane.Queue.NextDue);

    public async Task RunAsync(CancellationToken cancellation)
    {
        List<Task> running = [FollowAsync(cancellation), ResyncAsync(cancellation)];
        foreach (var lane in _lanes)
        {
            for (var worker = 0; worker < lane.Reconciler.Workers; worker++)
            {
                running.Add(WorkAsync(lane, cancellation));
            }
        }

        await Task.WhenAll(running);
    }

    /// <summary>Takes in what has changed, then looks at one key. False when no key is due.</summary>
    /// <param name="pick">Chooses among that many reconcilers with due keys; the first when absent.</param>
    public async Task<bool> StepAsync(Func<int, int>? pick = null, CancellationToken cancellation = default)
    {
        await TakeInAsync(cancellation);
        var start = pick?.Invoke(_lanes.Length) ?? 0;
        for (var offset = 0; offset < _lanes.Length; offset++)
        {
            var lane = _lanes[(start + offset) % _lanes.Length];
            if (lane.Queue.TryTake(out var key))
            {
                await LookAsync(lane, key, cancellation);
                return true;
            }
        }

        return false;
    }

    public void Dispose()
    {
        _watch?.Dispose();
        foreach (var lane in _lanes)
        {
            lane.Queue.Dispose();
        }
    }

    private async Task FollowAsync(CancellationToken cancellation)
    {
        var failures = 0;
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                var next = await NextAsync(cancellation);
                if (next.Failure is { } failure)
                {
                    _logger.WatchEnded(failure.Code, failure.Detail);
                    await Task.Delay(_options.Backoff.After(++failures, 0.5), _time, cancellation);
                    continue;
                }

                failures = 0;
                Dispatch(next.Value);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private async Task TakeInAsync(CancellationToken cancellation)
    {
        while (_watch is null || _watch.Position < _store.Version)
        {
            if (_watch is null && Open() is { } failure)
            {
                _logger.WatchEnded(failure.Code, failure.Detail);
                return;
            }

            if (_watch!.Position < _store.Version)
            {
                var next = await NextAsync(cancellation);
                if (next.Succeeded)
                {
                    Dispatch(next.Value);
                }
            }
        }
    }

    private async Task<Outcome<IReadOnlyList<Change>>> NextAsync(CancellationToken cancellation)
    {
        if (_watch is null && Open() is { } refused)
        {
            return refused;
        }

        var next = await _watch!.NextAsync(cancellation);
        if (!next.Succeeded)
        {
            // The next call opens a new watch, which begins with a look at everything: nothing that was missed stays so.
            _watch.Dispose();
            _watch = null;
        }

        return next;
    }

    private Failure? Open()
    {
        // The version is read before the keys: a change in between is seen twice rather than never.
        var opened = _store.Watch(null, _store.Version);
        if (opened.Failure is { } failure)
        {
            return failure;
        }

        _watch = opened.Value;
        foreach (var lane in _lanes)
        {
            AddAll(lane);
        }

        EngineMetrics.Resynced("watch");
        return null;
    }

    private async Task ResyncAsync(CancellationToken cancellation)
    {
        try
        {
            using var timer = new PeriodicTimer(_options.Resync, _time);
            while (await timer.WaitForNextTickAsync(cancellation))
            {
                foreach (var lane in _lanes)
                {
                    AddAll(lane);
                }

                EngineMetrics.Resynced("timer");
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // Stopping is how this loop ends.
        }
    }

    private void AddAll(Lane lane)
    {
        foreach (var key in lane.Reconciler.Keys(_store))
        {
            lane.Queue.Add(key);
        }
    }

    private void Dispatch(IReadOnlyList<Change> changes)
    {
        foreach (var change in changes)
        {
            foreach (var lane in _lanes)
            {
                try
                {
                    foreach (var key in lane.Reconciler.Concerned(change))
                    {
                        lane.Queue.Add(key);
                    }
                }
                catch (Exception bug) when (bug is not OperationCanceledException)
                {
                    _logger.DispatchBroke(bug, lane.Reconciler.Name, change.Resource.Key);
                }
            }
        }
    }

    private async Task WorkAsync(Lane lane, CancellationToken cancellation)
    {
        // The first await comes before any work, so that starting the engine does not run a reconciler on the caller.
        await Task.Yield();
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                await lane.Queue.WaitAsync(cancellation);
                if (lane.Queue.TryTake(out var key))
                {
                    await LookAsync(lane, key, cancellation);
                }
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private async Task LookAsync(Lane lane, ResourceKey key, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        Reconciliation result;
        string outcome;
        try
        {
            result = await lane.Reconciler.ReconcileAsync(key, cancellation);
            outcome = result.Failure?.Kind.ToString() ?? "done";
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            lane.Queue.Finish(key, Reconciliation.Done);
            throw;
        }
        catch (Exception bug)
        {
            // One broken object must not stop the reconciler for all others; it is loud in the log and tried again.
            _logger.Broke(bug, lane.Reconciler.Name, key);
            result = new Failure(FailureKind.Unavailable, "reconciler-broke", bug.Message);
            outcome = "bug";
        }

        var failures = lane.Queue.Finish(key, result);
        EngineMetrics.Ran(lane.Reconciler.Name, outcome, Stopwatch.GetElapsedTime(started));
        if (result.Failure is { Kind: FailureKind.Conflict or FailureKind.AlreadyExists })
        {
            _logger.Outdated(lane.Reconciler.Name, key);
        }
        else if (result.Failure is { } failure && outcome != "bug")
        {
            _logger.Unfinished(lane.Reconciler.Name, key, failures, failure.Code, failure.Detail);
        }

        if (lane.Queue.TakeOverflow())
        {
            _logger.Overflowed(lane.Reconciler.Name);
            EngineMetrics.Resynced("overflow");
            AddAll(lane);
        }
    }

    private sealed record Lane(IReconciler Reconciler, WorkQueue Queue);
}
