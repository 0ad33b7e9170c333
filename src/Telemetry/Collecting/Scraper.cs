using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Slipway.Telemetry.Metrics;

namespace Slipway.Telemetry.Collecting;

/// <summary>
/// Fetches the figures of every instance that is ready, each at its own moment of the interval so that they do not all
/// come at once. An instance that freezes or ends is left alone from that second on.
/// </summary>
internal sealed class Scraper(IScrapeTargets targets, IMetricSink sink, ScrapeOptions options, TimeProvider time, ILogger<Scraper> logger) : IDisposable
{
    private readonly ConcurrentDictionary<string, Running> _running = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _atOnce = new(options.AtOnce);

    private sealed record Running(ScrapeTarget Target, ScrapedTarget Scraped, CancellationTokenSource Stop)
    {
        public Task Task { get; set; } = Task.CompletedTask;
    }

    public IReadOnlyList<TargetState> Targets => [.. _running.Values.Select(running => running.Scraped.State).OrderBy(state => state.Target.Instance, StringComparer.Ordinal)];

    public async Task RunAsync(CancellationToken stopping)
    {
        using var fetch = new ScrapeFetch(options.Timeout, options.BytesMax, time);
        try
        {
            while (true)
            {
                await FollowAsync(fetch, stopping).ConfigureAwait(false);
                await Task.Delay(options.Look, time, stopping).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // No stale marks: the targets go on, and so do their series after a restart.
            await Task.WhenAll(_running.Values.Select(running => running.Task)).ConfigureAwait(false);
        }
        finally
        {
            foreach (var running in _running.Values)
            {
                running.Stop.Dispose();
            }

            _running.Clear();
        }
    }

    public void Dispose() => _atOnce.Dispose();

    /// <summary>A share of the interval that is the same for an instance at every start.</summary>
    internal static TimeSpan OffsetOf(string instance, TimeSpan interval)
    {
        var hash = 2166136261u;
        foreach (var character in instance)
        {
            hash = (hash ^ character) * 16777619u;
        }

        // Names of instances differ in their last characters only; mixed, that shows in the high bits too.
        hash = (hash ^ (hash >> 16)) * 0x85ebca6bu;
        hash = (hash ^ (hash >> 13)) * 0xc2b2ae35u;
        return interval * ((hash ^ (hash >> 16)) / (double)uint.MaxValue);
    }

    /// <summary>Until the next moment of this instance, at least <paramref name="least"/> away.</summary>
    internal static TimeSpan UntilNext(DateTimeOffset now, TimeSpan offset, TimeSpan interval, TimeSpan least)
    {
        var passed = TimeSpan.FromTicks((now.UtcTicks - offset.Ticks) % interval.Ticks);
        var wait = interval - passed;
        while (wait < least)
        {
            wait += interval;
        }

        return wait;
    }

    private async Task FollowAsync(ScrapeFetch fetch, CancellationToken stopping)
    {
        var now = targets.Now().DistinctBy(target => target.Instance).ToDictionary(target => target.Instance, StringComparer.Ordinal);
        foreach (var (instance, running) in _running)
        {
            // Compared as a whole: an annotation that changed is a new target.
            if (now.TryGetValue(instance, out var same) && same == running.Target)
            {
                continue;
            }

            await running.Stop.CancelAsync().ConfigureAwait(false);
            await running.Task.ConfigureAwait(false);
            running.Scraped.End();
            running.Stop.Dispose();
            _running.TryRemove(instance, out _);
        }

        foreach (var target in now.Values.Where(target => !_running.ContainsKey(target.Instance)))
        {
            var stop = CancellationTokenSource.CreateLinkedTokenSource(stopping);
            var running = new Running(target, new ScrapedTarget(target, fetch, sink, options, time, logger), stop);
            _running[target.Instance] = running;
            running.Task = ScrapeOnAsync(running, stop.Token);
        }
    }

    private async Task ScrapeOnAsync(Running running, CancellationToken stop)
    {
        var offset = OffsetOf(running.Target.Instance, options.Interval);
        try
        {
            // The first one soon: an instance may not live for a whole interval.
            while (true)
            {
                TimeSpan pause;
                await _atOnce.WaitAsync(stop).ConfigureAwait(false);
                try
                {
                    pause = await running.Scraped.ScrapeAsync(() => IsGone(running.Target.Instance), stop).ConfigureAwait(false);
                }
                finally
                {
                    _atOnce.Release();
                }

                var wait = pause > options.Interval ? pause : UntilNext(time.GetUtcNow(), offset, options.Interval, options.Interval / 3);
                await Task.Delay(wait, time, stop).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The target froze or ended, or the server stops.
        }
    }

    private bool IsGone(string instance) => targets.Now().All(target => target.Instance != instance);
}
