namespace Slipway.Api.Platform.Containers;

/// <summary>One instance of an application as clients of the platform see it.</summary>
/// <param name="Name">What its template calls the container.</param>
/// <param name="Service">Null for a container of a Job.</param>
/// <param name="ServiceId">Uid of the Service.</param>
/// <param name="UserId">The owner, who pays for it.</param>
/// <param name="Address">Where it listens on this machine; null before it has a port and for jobs.</param>
/// <param name="Usage">Null when it no longer runs.</param>
/// <param name="Message">Why it is not well, or the last lines it wrote before it failed.</param>
internal sealed record ContainerView(
    string Id,
    string Name,
    string? Service,
    string? ServiceId,
    string Namespace,
    string? Revision,
    string? Job,
    string UserId,
    string Image,
    string Status,
    string? Message,
    int? ProcessId,
    string? Address,
    double? CpuLimit,
    long? MemoryLimitBytes,
    ContainerUsageView? Usage,
    int InFlight,
    long Requests,
    DateTimeOffset? LastUsedAt,
    int? ExitCode,
    DateTimeOffset CreatedAt,
    DateTimeOffset? EndedAt);

/// <param name="CpuSeconds">Processor time since it was started.</param>
internal sealed record ContainerUsageView(double CpuSeconds, long MemoryBytes, int Processes, long DiskBytes);
