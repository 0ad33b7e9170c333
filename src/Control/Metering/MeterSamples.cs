namespace Slipway.Control.Metering;

/// <summary>One usage row that is not stored yet, and how far it leads.</summary>
internal sealed record UsageSample(UsageRow Row, IReadOnlyList<MeterPosition> Ends)
{
    /// <summary>Both as one row over both intervals: amounts add up, sizes are the later ones.</summary>
    public UsageSample With(UsageSample later, Guid id, string containerId) => new(
        later.Row with
        {
            Id = id,
            ContainerId = containerId,
            PeriodStart = Row.PeriodStart < later.Row.PeriodStart ? Row.PeriodStart : later.Row.PeriodStart,
            PeriodEnd = Row.PeriodEnd > later.Row.PeriodEnd ? Row.PeriodEnd : later.Row.PeriodEnd,
            CpuVcpuSeconds = Row.CpuVcpuSeconds + later.Row.CpuVcpuSeconds,
            MemoryGibSeconds = Row.MemoryGibSeconds + later.Row.MemoryGibSeconds,
            Requests = Row.Requests + later.Row.Requests,
            EgressBytes = Row.EgressBytes + later.Row.EgressBytes,
        },
        [.. Ends.Concat(later.Ends).GroupBy(end => end.Key).Select(same => same.MaxBy(end => end.At)!)]);
}

/// <summary>Measurements of one service over one interval, as sums that can be added up.</summary>
internal sealed record MetricSample(
    Guid Id,
    string Namespace,
    string ServiceId,
    string Service,
    DateTimeOffset PeriodStart,
    DateTimeOffset PeriodEnd,
    double CpuSeconds,
    long MemoryBytes,
    int Instances,
    long Requests,
    long Errors,
    double LatencySeconds,
    int InFlight,
    MeterPosition? End)
{
    public MetricSample With(MetricSample later, Guid id) => later with
    {
        Id = id,
        PeriodStart = PeriodStart,
        CpuSeconds = CpuSeconds + later.CpuSeconds,
        Requests = Requests + later.Requests,
        Errors = Errors + later.Errors,
        LatencySeconds = LatencySeconds + later.LatencySeconds,
        End = later.End ?? End,
    };
}
