using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Slipway.Runtime.Health;
using Slipway.Runtime.Instances;

namespace Slipway.Control.Instances;

/// <summary>
/// Takes the start-up boost away ten seconds after an instance became ready for the first time. After a restart of the
/// platform every adopted instance counts as new; ending a boost twice is harmless.
/// </summary>
internal sealed partial class CpuBoosts : IDisposable
{
    private static readonly TimeSpan s_afterReady = TimeSpan.FromSeconds(10);

    private readonly IInstanceDriver _driver;
    private readonly IInstanceHealth _health;
    private readonly TimeProvider _time;
    private readonly ILogger<CpuBoosts> _logger;
    private readonly ConcurrentDictionary<string, ITimer?> _boosted = new(StringComparer.Ordinal);

    public CpuBoosts(IInstanceDriver driver, IInstanceHealth health, TimeProvider time, ILogger<CpuBoosts> logger)
    {
        _driver = driver;
        _health = health;
        _time = time;
        _logger = logger;
        _driver.Changed += Follow;
        _health.Changed += Hear;
        foreach (var instance in _driver.List())
        {
            Follow(instance);
        }
    }

    public void Dispose()
    {
        _driver.Changed -= Follow;
        _health.Changed -= Hear;
        foreach (var timer in _boosted.Values)
        {
            timer?.Dispose();
        }
    }

    private void Follow(InstanceState instance)
    {
        if (instance.Spec.CpuBoostLimit is null)
        {
            return;
        }

        if (instance.Phase == InstancePhase.Exited)
        {
            _boosted.TryRemove(instance.Id, out var timer);
            timer?.Dispose();
        }
        else if (_boosted.TryAdd(instance.Id, null) && _health.Find(instance.Id) is { } known)
        {
            Hear(known);
        }
    }

    private void Hear(HealthState health)
    {
        if (!health.Ready || !_boosted.TryGetValue(health.InstanceId, out var running) || running is not null)
        {
            return;
        }

        // Armed only when it has its place, so that a second piece of news cannot start it twice.
        var timer = _time.CreateTimer(_ => _ = EndAsync(health.InstanceId), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        if (_boosted.TryUpdate(health.InstanceId, timer, null))
        {
            timer.Change(s_afterReady, Timeout.InfiniteTimeSpan);
        }
        else
        {
            timer.Dispose();
        }
    }

    private async Task EndAsync(string instanceId)
    {
        try
        {
            if (!await _driver.EndCpuBoostAsync(instanceId, CancellationToken.None).ConfigureAwait(false) && _boosted.ContainsKey(instanceId))
            {
                NotEnded(_logger, null, instanceId);
            }
        }
        catch (Exception failure)
        {
            // A timer has nobody to tell.
            NotEnded(_logger, failure, instanceId);
        }
    }

    [LoggerMessage(EventId = 3221, Level = LogLevel.Warning, Message = "The start-up CPU boost of instance {Instance} could not be ended; it keeps the higher limit.")]
    private static partial void NotEnded(ILogger logger, Exception? exception, string instance);
}
