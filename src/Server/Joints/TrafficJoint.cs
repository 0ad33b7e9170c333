using Slipway.Api.Platform.Traffic;
using Slipway.Control.Metering;
using Slipway.Gateway;
using Slipway.Runtime.Endpoints;

namespace Slipway.Server.Joints;

/// <summary>The gateway's figures in the words of the REST resources and of the meter, which do not know the gateway.</summary>
internal sealed class TrafficJoint(ITrafficFigures figures, ITrafficGate gate) : ITrafficReport, ITrafficCounters
{
    private const int ServerErrors = 5;

    /// <summary>The gateway counts from zero in every life of the server.</summary>
    public string Epoch { get; } = Guid.CreateVersion7().ToString();

    public ServiceTrafficReport Service(string @namespace, string service) =>
        figures.Services().FirstOrDefault(traffic => traffic.Namespace == @namespace && traffic.Service == service) is { } found
            ? new ServiceTrafficReport(Requests(found), found.ByStatusClass[ServerErrors], Average(found), found.InFlight)
            : ServiceTrafficReport.None;

    public InstanceTrafficReport Instance(string instanceId) =>
        figures.Instances().FirstOrDefault(traffic => traffic.InstanceId == instanceId) is { } found
            ? new InstanceTrafficReport(found.Requests, found.EgressBytes, found.InFlight, gate.LastUsedAt(instanceId))
            : InstanceTrafficReport.None;

    IReadOnlyList<InstanceCounters> ITrafficCounters.Instances() =>
        [.. figures.Instances().Select(traffic => new InstanceCounters(traffic.InstanceId, traffic.Requests, traffic.EgressBytes))];

    IReadOnlyList<ServiceCounters> ITrafficCounters.Services() =>
        [.. figures.Services().Select(traffic => new ServiceCounters(
            traffic.Namespace, traffic.Service, Requests(traffic), traffic.ByStatusClass[ServerErrors], traffic.LatencySecondsSum, traffic.InFlight))];

    private static long Requests(ServiceTraffic traffic) => traffic.ByStatusClass.Sum();

    private static double? Average(ServiceTraffic traffic) =>
        Requests(traffic) is > 0 and var requests ? traffic.LatencySecondsSum / requests : null;
}
