using System.Globalization;

namespace Todo.Monitor.Status;

/// <summary>The answer of <c>GET /api/v1/status</c>.</summary>
internal sealed record StatusReply(string? CheckedAt, string Overall, IReadOnlyList<ServiceReply> Services, IReadOnlyList<IncidentReply> Incidents)
{
    public static StatusReply Of(StatusPicture picture) => new(
        picture.CheckedAt is { } at ? Instant(at) : null,
        picture.Overall,
        [.. picture.Services.Select(service => new ServiceReply(
            service.Name, service.Url, service.StatusAt(picture.Now), service.LatencyMs, service.Error, service.Day.Percent, service.Month.Percent))],
        [.. picture.Incidents.Select(incident => new IncidentReply(
            incident.Id.ToString(), incident.Service, Instant(incident.StartedAt), incident.EndedAt is { } ended ? Instant(ended) : null, incident.Cause))]);

    public static string Instant(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}

/// <param name="Status">up, down, idle (it sleeps because nobody needs it) or unknown (nobody has looked lately).</param>
internal sealed record ServiceReply(
    string Name, string Url, string Status, int? LatencyMs, string? Error, double? UptimePercent24h, double? UptimePercent30d);

internal sealed record IncidentReply(string Id, string Service, string StartedAt, string? EndedAt, string Cause);

/// <summary>What the verb <c>check</c> prints.</summary>
internal sealed record CheckReply(string CheckedAt, IReadOnlyList<CheckedService> Services, string Overall);

internal sealed record CheckedService(string Name, string Url, string Status, int? LatencyMs, string? Error);

/// <summary>The answer of <c>GET /api/v1/history</c>; minutes or days nobody looked at are absent.</summary>
internal sealed record HistoryReply(string From, string To, string Resolution, IReadOnlyList<HistoryItem> Items);

/// <param name="At">The start of the minute or of the day, in UTC.</param>
/// <param name="Status">Of a minute; of a day the worst it had.</param>
internal sealed record HistoryItem(string Service, string At, string Status, int? LatencyMs, string? Error, double? UptimePercent);
