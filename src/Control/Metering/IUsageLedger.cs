using Slipway.Model.Failures;

namespace Slipway.Control.Metering;

/// <summary>
/// What instances have used and how services were doing, row by row. Failure codes: <c>ledger-unavailable</c> (the
/// database does not answer now; the same question may be answered later).
/// </summary>
public interface IUsageLedger
{
    /// <summary>Usage rows oldest first; never more than the question's limit.</summary>
    Task<Outcome<IReadOnlyList<UsageRow>>> QueryAsync(UsageQuery query, CancellationToken cancellation);

    /// <summary>Measurements of services oldest first; never more than the question's limit.</summary>
    Task<Outcome<IReadOnlyList<MetricRow>>> MetricsAsync(MetricsQuery query, CancellationToken cancellation);
}

/// <summary>Null means: do not filter by it.</summary>
public sealed record UsageQuery
{
    public string? UserId { get; init; }

    public string? Namespace { get; init; }

    /// <summary>Uid of the Service, which tells two services of the same name apart that lived one after the other.</summary>
    public string? ServiceId { get; init; }

    public string? Service { get; init; }

    public string? ContainerId { get; init; }

    /// <summary>Rows whose interval ends after this instant …</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>… and begins before this one.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>Only rows behind this one, which was the last of the page before.</summary>
    public RowPosition? After { get; init; }

    public int Limit { get; init; } = 100;
}

public sealed record MetricsQuery
{
    public string? Namespace { get; init; }

    public string? ServiceId { get; init; }

    public string? Service { get; init; }

    public DateTimeOffset? From { get; init; }

    public DateTimeOffset? To { get; init; }

    public RowPosition? After { get; init; }

    public int Limit { get; init; } = 100;
}

/// <summary>Where a row stands in the order of answers: by the end of its interval, then by its id.</summary>
public sealed record RowPosition(DateTimeOffset At, Guid Id);

/// <summary>What one instance used in one interval. Amounts of neighbouring rows add up; sizes do not.</summary>
/// <param name="UserId">Who pays: the owner of the service.</param>
/// <param name="ServiceId">Empty for an instance of a Job.</param>
/// <param name="CpuVcpuSeconds">Processor time used.</param>
/// <param name="MemoryGibSeconds">Memory held, times how long.</param>
/// <param name="StorageBytes">What its files took at the end of the interval.</param>
public sealed record UsageRow(
    Guid Id,
    string UserId,
    string Namespace,
    string ServiceId,
    string Service,
    string Revision,
    string ContainerId,
    DateTimeOffset PeriodStart,
    DateTimeOffset PeriodEnd,
    double CpuVcpuSeconds,
    double MemoryGibSeconds,
    long StorageBytes,
    long Requests,
    long EgressBytes)
{
    public RowPosition Position => new(PeriodEnd, Id);
}

/// <summary>How one service was doing over one interval, all its instances together.</summary>
/// <param name="CpuUsage">Processors in use on average.</param>
/// <param name="MemoryUsage">Bytes at the end of the interval.</param>
/// <param name="LatencySecondsAverage">Over the requests that ended in the interval; null when none did.</param>
public sealed record MetricRow(
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
    public RowPosition Position => new(Timestamp, Id);
}
