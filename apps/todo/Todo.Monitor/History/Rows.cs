namespace Todo.Monitor.History;

internal sealed record MinuteRow(string Service, DateTimeOffset At, string Status, int? LatencyMs, string? Error);

internal sealed record DayRow(string Service, DateOnly Day, int Up, int Down, int Idle, int? LatencyMs)
{
    public double? UptimePercent => Up + Down + Idle == 0 ? null : Math.Round(100.0 * (Up + Idle) / (Up + Down + Idle), 3);
}

internal sealed record IncidentRow(Guid Id, string Service, DateTimeOffset StartedAt, DateTimeOffset? EndedAt, string Cause);
