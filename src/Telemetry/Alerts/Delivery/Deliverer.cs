using Microsoft.Extensions.Logging;
using Slipway.Telemetry.Alerts.Routing;

namespace Slipway.Telemetry.Alerts.Delivery;

/// <summary>Sends what waits, several at once, each with a time limit.</summary>
internal sealed class Deliverer(NoticeQueue queue, INoticeSender sender, Func<RoutingPlan> plan, AlertSettings settings, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(250);

    private long _delivered;
    private long _failed;
    private long _ownerless;

    public long Delivered => Interlocked.Read(ref _delivered);

    /// <summary>Attempts that failed.</summary>
    public long Failed => Interlocked.Read(ref _failed);

    /// <summary>Messages whose receiver is gone.</summary>
    public long Ownerless => Interlocked.Read(ref _ownerless);

    /// <summary>Sends until told to stop. One that hangs holds its own place only.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        using var places = new SemaphoreSlim(settings.SendsAtOnce);
        while (!stopping.IsCancellationRequested)
        {
            foreach (var notice in queue.Take(places.CurrentCount, time.GetUtcNow()))
            {
                // As many as there are free places were taken, and nobody else takes places.
                await places.WaitAsync(stopping);
                _ = SendAndLeaveAsync(notice, places, stopping);
            }

            await Task.Delay(s_look, time, stopping);
        }
    }

    /// <summary>Tries everything that is due once, and what stands behind it while there is success.</summary>
    public async Task DeliverDueAsync(CancellationToken cancellation)
    {
        while (queue.Take(settings.SendsAtOnce, time.GetUtcNow()) is { Count: > 0 } taken)
        {
            await Task.WhenAll(taken.Select(notice => DeliverAsync(notice, cancellation)));
        }
    }

    private async Task SendAndLeaveAsync(Notice notice, SemaphoreSlim places, CancellationToken stopping)
    {
        try
        {
            await DeliverAsync(notice, stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return;
        }

        places.Release();
    }

    private async Task DeliverAsync(Notice notice, CancellationToken cancellation)
    {
        if (plan().Receivers.GetValueOrDefault(notice.Receiver)?.FirstOrDefault(one => one.Id == notice.Way) is not { } way)
        {
            Interlocked.Increment(ref _ownerless);
            queue.Delivered(notice);
            return;
        }

        using var limit = new CancellationTokenSource(settings.SendLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        SendResult result;
        try
        {
            result = await sender.SendAsync(way, notice, either.Token);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            queue.Return(notice);
            throw;
        }
        catch (OperationCanceledException)
        {
            result = new SendResult($"no answer within {settings.SendLimit.TotalSeconds:0} s");
        }
#pragma warning disable CA1031 // Whatever one receiver comes up with must not keep the others from being told.
        catch (Exception unexpected)
#pragma warning restore CA1031
        {
            result = new SendResult($"{unexpected.GetType().Name}: {unexpected.Message}");
        }

        if (result.Error is not { } error)
        {
            Interlocked.Increment(ref _delivered);
            queue.Delivered(notice);
            return;
        }

        Interlocked.Increment(ref _failed);
        AlertLog.NotTold(logger, notice.Receiver, notice.Way, error);
        if (queue.Failed(notice, time.GetUtcNow(), result.RetryAfter))
        {
            AlertLog.GivenUp(logger, notice.Receiver, notice.Way, notice.GroupKey, settings.KeepTrying.TotalHours);
        }
    }
}
