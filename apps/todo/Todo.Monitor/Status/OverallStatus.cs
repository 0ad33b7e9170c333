namespace Todo.Monitor.Status;

/// <summary>One word for many: up, degraded, down, or unknown when nobody has looked lately.</summary>
internal static class OverallStatus
{
    public static string Of(IEnumerable<string> statuses)
    {
        int up = 0, down = 0;
        foreach (var status in statuses)
        {
            up += status is "up" or "idle" ? 1 : 0;
            down += status == "down" ? 1 : 0;
        }

        return (up, down) switch
        {
            (0, 0) => "unknown",
            (_, 0) => "up",
            (0, _) => "down",
            _ => "degraded",
        };
    }
}
