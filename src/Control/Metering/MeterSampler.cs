using System.Collections.Concurrent;
using Slipway.Model.Resources;
using Slipway.Model.Serving;
using Slipway.Runtime.Instances;

namespace Slipway.Control.Metering;

/// <summary>
/// Turns cumulative counters into what was used since the last measurement. Remembers where it was; the first
/// measurement of a life goes on from the positions the life before has stored.
/// </summary>
internal sealed class MeterSampler : IDisposable
{
    /// <summary>Ends noticed between two measurements; beyond, the last part of an interval is not seen.</summary>
    private const int EndingsMax = 10_000;

    private const double Gibibyte = 1L << 30;

    private readonly IInstanceDriver _driver;
    private readonly ITrafficCounters _traffic;
    private readonly TimeProvider _time;
    private readonly Func<Guid> _newId;
    private readonly Dictionary<string, MeterPosition> _positions = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Ending> _endings = new(StringComparer.Ordinal);

    public MeterSampler(IInstanceDriver driver, ITrafficCounters traffic, TimeProvider time, Func<Guid> newId)
    {
        (_driver, _traffic, _time, _newId) = (driver, traffic, time, newId);
        _driver.Changed += Notice;
    }

    private sealed record Ending(InstanceState Instance, InstanceUsage Usage, DateTimeOffset At);

    private sealed record Measured(InstanceState Instance, InstanceUsage Usage, DateTimeOffset At);

    public void GoOnFrom(IEnumerable<MeterPosition> stored)
    {
        foreach (var position in stored)
        {
            _positions[position.Key] = position;
        }
    }

    public (IReadOnlyList<UsageSample> Usage, IReadOnlyList<MetricSample> Metrics) Take()
    {
        var now = Instant(_time.GetUtcNow());
        var counters = _traffic.Instances().ToDictionary(instance => instance.InstanceId, StringComparer.Ordinal);
        var usage = Measure(now).Select(measured => Sample(measured, counters.GetValueOrDefault(measured.Instance.Id))).OfType<UsageSample>().ToList();
        var metrics = Metrics(usage, now);
        Forget(now);
        return (usage, metrics);
    }

    public void Dispose() => _driver.Changed -= Notice;

    /// <summary>An instance that is told to end is measured at once: at the next regular time it may be gone.</summary>
    private void Notice(InstanceState instance)
    {
        if (instance.Phase == InstancePhase.Stopping && _endings.Count < EndingsMax && _driver.Measure(instance.Id) is { } usage)
        {
            _endings[instance.Id] = new Ending(instance, usage, Instant(_time.GetUtcNow()));
        }
    }

    private List<Measured> Measure(DateTimeOffset now)
    {
        var measured = new List<Measured>();
        foreach (var instance in _driver.List())
        {
            if (instance.Phase != InstancePhase.Exited && _driver.Measure(instance.Id) is { } usage)
            {
                measured.Add(new Measured(instance, usage, now));
                _endings.TryRemove(instance.Id, out _);
            }
        }

        foreach (var id in _endings.Keys)
        {
            if (_endings.TryRemove(id, out var ending))
            {
                measured.Add(new Measured(ending.Instance, ending.Usage, ending.At));
            }
        }

        return measured;
    }

    private UsageSample? Sample(Measured measured, InstanceCounters? counters)
    {
        var (instance, used) = (measured.Instance, measured.Usage);
        var key = MeterPosition.OfContainer(instance.Id);
        var from = _positions.GetValueOrDefault(key) ?? MeterPosition.Beginning(key, Instant(instance.CreatedAt)) with { MemoryBytes = used.MemoryBytes };
        var seconds = (measured.At - from.At).TotalSeconds;
        if (seconds <= 0)
        {
            // The clock was set back: wait until it has caught up, the counters lose nothing meanwhile.
            return null;
        }

        // An instance without counters has had no request in this life of the data plane.
        var (requests, egress) = (counters?.Requests ?? 0, counters?.EgressBytes ?? 0);
        var traffic = from.TrafficSince(_traffic.Epoch, requests, egress, 0, 0);
        var end = new MeterPosition(key, measured.At, used.CpuTime.TotalSeconds, used.MemoryBytes, _traffic.Epoch, requests, egress, 0, 0);
        _positions[key] = end;
        var spec = instance.Spec;
        var serves = spec.OwnerKind == Kinds.Revision.Kind;
        return new UsageSample(
            new UsageRow(
                _newId(),
                UsageOwner.Of(spec),
                spec.Namespace,
                serves ? spec.Labels.GetValueOrDefault(ServingNames.ServiceUid) ?? spec.OwnerUid : "",
                serves ? spec.Labels.GetValueOrDefault(ServingNames.Service) ?? spec.Owner : "",
                spec.Owner,
                instance.Id,
                from.At,
                measured.At,
                from.CpuSince(used.CpuTime.TotalSeconds),
                (from.MemoryBytes + used.MemoryBytes) / 2.0 / Gibibyte * seconds,
                used.DiskBytes,
                traffic.Requests,
                traffic.Egress),
            [end]);
    }

    private List<MetricSample> Metrics(List<UsageSample> usage, DateTimeOffset now)
    {
        var counters = _traffic.Services().ToDictionary(service => (service.Namespace, service.Service));
        var metrics = new List<MetricSample>();
        foreach (var instances in usage.Where(sample => sample.Row.ServiceId.Length > 0).GroupBy(sample => (sample.Row.Namespace, sample.Row.Service, sample.Row.ServiceId)))
        {
            var (@namespace, service, serviceId) = instances.Key;
            var key = MeterPosition.OfService(@namespace, service);
            var start = instances.Min(sample => sample.Row.PeriodStart);
            var from = _positions.GetValueOrDefault(key) ?? MeterPosition.Beginning(key, start);
            var counted = counters.GetValueOrDefault((@namespace, service)) ?? new ServiceCounters(@namespace, service, 0, 0, 0, 0);
            var traffic = from.TrafficSince(_traffic.Epoch, counted.Requests, 0, counted.Errors, counted.LatencySecondsSum);
            var end = new MeterPosition(key, now, 0, 0, _traffic.Epoch, counted.Requests, 0, counted.Errors, counted.LatencySecondsSum);
            _positions[key] = end;
            metrics.Add(new MetricSample(
                _newId(),
                @namespace,
                serviceId,
                service,
                start,
                now,
                instances.Sum(sample => sample.Row.CpuVcpuSeconds),
                instances.Sum(sample => sample.Ends[0].MemoryBytes),
                instances.Count(),
                traffic.Requests,
                traffic.Errors,
                traffic.Latency,
                counted.InFlight,
                end));
        }

        return metrics;
    }

    /// <summary>As exact as the database keeps it, so that an interval begins where the stored one ended.</summary>
    private static DateTimeOffset Instant(DateTimeOffset time) => new(time.UtcTicks / TimeSpan.TicksPerMicrosecond * TimeSpan.TicksPerMicrosecond, TimeSpan.Zero);

    /// <summary>Ids of containers are never used again, so a day after its last measurement a position is of no use.</summary>
    private void Forget(DateTimeOffset now)
    {
        foreach (var old in _positions.Values.Where(position => now - position.At > TimeSpan.FromDays(1) && position.Key[0] == 'c').ToList())
        {
            _positions.Remove(old.Key);
        }
    }
}
