using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Slipway.Runtime.Instances;

namespace Slipway.Control.Instances;

/// <summary>
/// Stops instances without making a reconciler wait for their end: each stop is begun once, and its end is news from the
/// driver like any other. There are never more stops than instances.
/// </summary>
internal sealed partial class InstanceStops(IInstanceDriver driver, TimeProvider time, ILogger<InstanceStops> logger)
{
    /// <summary>Beyond its grace, a stop has this long for the kernel to do its part.</summary>
    private static readonly TimeSpan s_slack = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, bool> _underWay = new(StringComparer.Ordinal);

    public bool IsUnderWay(string instanceId) => _underWay.ContainsKey(instanceId);

    /// <param name="before">What has to happen first, for example letting requests finish.</param>
    public void Begin(string instanceId, TimeSpan grace, Func<CancellationToken, Task>? before = null)
    {
        if (_underWay.TryAdd(instanceId, true))
        {
            _ = StopAsync(instanceId, grace, before);
        }
    }

    private async Task StopAsync(string instanceId, TimeSpan grace, Func<CancellationToken, Task>? before)
    {
        using var limit = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        try
        {
            if (before is not null)
            {
                await before(limit.Token).ConfigureAwait(false);
            }

            limit.CancelAfter(grace + s_slack);
            await driver.StopAsync(instanceId, grace, limit.Token).ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            // Nobody awaits this; the instance is still there and whoever wanted it stopped asks again.
            Failed(logger, failure, instanceId);
        }
        finally
        {
            _underWay.TryRemove(instanceId, out _);
        }
    }

    [LoggerMessage(EventId = 3201, Level = LogLevel.Warning, Message = "Instance {Instance} could not be stopped; it is tried again.")]
    private static partial void Failed(ILogger logger, Exception exception, string instance);
}
