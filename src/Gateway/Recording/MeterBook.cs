using System.Collections.Concurrent;

namespace Slipway.Gateway.Recording;

/// <summary>The meters of all services that were ever routed since the start; bounded by the number of services.</summary>
internal sealed class MeterBook
{
    private readonly ConcurrentDictionary<(string, string), ServiceMeter> _meters = new();

    /// <summary>Requests for which no service was found; it has no figures but refusals.</summary>
    public ServiceMeter Unrouted { get; } = new("", "");

    public ServiceMeter Of(string @namespace, string name) =>
        _meters.GetOrAdd((@namespace, name), static key => new ServiceMeter(key.Item1, key.Item2));

    public IReadOnlyList<ServiceTraffic> Read() =>
        [.. _meters.Values.Select(meter => meter.Read()).OrderBy(meter => meter.Namespace, StringComparer.Ordinal).ThenBy(meter => meter.Service, StringComparer.Ordinal)];
}
