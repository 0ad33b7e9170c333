using Slipway.Control.Metering;

namespace Slipway.Api.Platform.Usage;

/// <summary>What one container used in one interval.</summary>
/// <param name="CpuUsage">vCPU-seconds.</param>
/// <param name="MemoryUsage">GiB-seconds.</param>
/// <param name="StorageUsage">Bytes at the end of the interval.</param>
internal sealed record UsageView(
    Guid Id,
    string UserId,
    string Namespace,
    string ServiceId,
    string Service,
    string Revision,
    string ContainerId,
    DateTimeOffset PeriodStart,
    DateTimeOffset PeriodEnd,
    double CpuUsage,
    double MemoryUsage,
    long StorageUsage,
    long Requests,
    long EgressBytes)
{
    public static UsageView Of(UsageRow row) => new(
        row.Id, row.UserId, row.Namespace, row.ServiceId, row.Service, row.Revision, row.ContainerId, row.PeriodStart, row.PeriodEnd,
        row.CpuVcpuSeconds, row.MemoryGibSeconds, row.StorageBytes, row.Requests, row.EgressBytes);
}

/// <summary>How one service was doing over one interval.</summary>
/// <param name="CpuUsage">Processors in use on average.</param>
/// <param name="MemoryUsage">Bytes.</param>
internal sealed record MetricView(
    Guid Id,
    string Namespace,
    string ServiceId,
    string Service,
    DateTimeOffset PeriodStart,
    DateTimeOffset Timestamp,
    double CpuUsage,
    long MemoryUsage,
    int Instances,
    long Requests,
    long Errors,
    double? LatencySecondsAverage,
    int InFlight)
{
    public static MetricView Of(MetricRow row) => new(
        row.Id, row.Namespace, row.ServiceId, row.Service, row.PeriodStart, row.Timestamp, row.CpuUsage, row.MemoryUsage,
        row.Instances, row.Requests, row.Errors, row.LatencySecondsAverage, row.InFlight);
}

/// <summary>How one container was doing over one interval: its usage, per second.</summary>
/// <param name="CpuUsage">Processors in use on average.</param>
/// <param name="MemoryUsage">Bytes on average.</param>
internal sealed record ContainerMetricView(
    DateTimeOffset PeriodStart, DateTimeOffset Timestamp, double CpuUsage, long MemoryUsage, long StorageUsage, long Requests, long EgressBytes)
{
    public static ContainerMetricView Of(UsageRow row)
    {
        var seconds = Math.Max((row.PeriodEnd - row.PeriodStart).TotalSeconds, 1e-3);
        return new ContainerMetricView(
            row.PeriodStart, row.PeriodEnd, row.CpuVcpuSeconds / seconds, (long)(row.MemoryGibSeconds / seconds * (1L << 30)),
            row.StorageBytes, row.Requests, row.EgressBytes);
    }
}
