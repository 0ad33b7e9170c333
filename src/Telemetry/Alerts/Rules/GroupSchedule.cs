using System.Text;

namespace Slipway.Telemetry.Alerts.Rules;

/// <summary>
/// When a group is evaluated: every group at a moment of its own within the interval, always the same one, so that groups do not
/// all come at once and a restart changes nothing.
/// </summary>
internal static class GroupSchedule
{
    /// <summary>The last moment that has come.</summary>
    public static long Last(string key, TimeSpan interval, long now)
    {
        var step = (long)interval.TotalMilliseconds;
        var offset = Offset(key, step);
        return now - Modulo(now - offset, step);
    }

    /// <summary>How many moments lie between two, the later one not counted.</summary>
    public static long Skipped(TimeSpan interval, long before, long now) => Math.Max(0, ((now - before) / (long)interval.TotalMilliseconds) - 1);

    private static long Offset(string key, long step)
    {
        var hash = 14695981039346656037UL;
        foreach (var octet in Encoding.UTF8.GetBytes(key))
        {
            hash = (hash ^ octet) * 1099511628211UL;
        }

        return (long)(hash % (ulong)step);
    }

    private static long Modulo(long value, long step) => ((value % step) + step) % step;
}
