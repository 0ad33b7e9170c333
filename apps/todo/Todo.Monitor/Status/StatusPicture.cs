using Todo.Monitor.History;

namespace Todo.Monitor.Status;

/// <summary>Minutes with and without trouble. Minutes nobody looked at are in neither.</summary>
internal readonly record struct Availability(long Up, long Down)
{
    public double? Percent => Up + Down == 0 ? null : Math.Round(100.0 * Up / (Up + Down), 3);
}

internal sealed record ServicePicture(
    string Name, string Url, string LastStatus, int? LatencyMs, string? Error, DateTimeOffset LastAt, Availability Day, Availability Month)
{
    /// <summary>Checks come every minute; when three are missing, nobody knows any more.</summary>
    public static readonly TimeSpan Stale = TimeSpan.FromMinutes(3);

    public string StatusAt(DateTimeOffset now) => now - LastAt > Stale ? "unknown" : LastStatus;
}

/// <summary>Everything the status page and its data twin show.</summary>
internal sealed record StatusPicture(DateTimeOffset Now, IReadOnlyList<ServicePicture> Services, IReadOnlyList<IncidentRow> Incidents)
{
    public DateTimeOffset? CheckedAt => Services.Count == 0 ? null : Services.Max(service => service.LastAt);

    public string Overall => OverallStatus.Of(Services.Select(service => service.StatusAt(Now)));
}
