using Slipway.Telemetry.Labels;

namespace Slipway.Telemetry.Alerts.Routing;

/// <summary>What one way of one receiver was told last about one group.</summary>
internal sealed record Told(IReadOnlySet<string> Firing, IReadOnlySet<string> Resolved, DateTimeOffset At);

/// <summary>Alerts that are told together.</summary>
internal sealed record AlertGroup
{
    public required string Key { get; init; }

    public required string RouteId { get; init; }

    public required string Receiver { get; init; }

    public required LabelSet Labels { get; init; }

    public required DateTimeOffset NextFlush { get; init; }

    /// <summary>By fingerprint.</summary>
    public IReadOnlyDictionary<string, Alert> Members { get; init; } = new Dictionary<string, Alert>();

    /// <summary>By the way of the receiver.</summary>
    public IReadOnlyDictionary<string, Told> Told { get; init; } = new Dictionary<string, Told>();
}

/// <summary>When a group speaks, and of what. Pure: the picture comes in, the message goes out.</summary>
internal static class GroupDecider
{
    /// <summary>When a new group speaks first: it waits for company, but not if it is late already.</summary>
    public static DateTimeOffset FirstFlush(Alert first, TimeSpan groupWait, DateTimeOffset now) =>
        first.StartsAt + groupWait < now ? now : now + groupWait;

    /// <summary>Whether one way of a receiver must be told, given what it heard last.</summary>
    public static bool MustTell(Told? told, IReadOnlySet<string> firing, IReadOnlySet<string> resolved, bool sendResolved, TimeSpan repeatInterval, DateTimeOffset now)
    {
        if (told is null)
        {
            return firing.Count > 0;
        }

        if (!firing.IsSubsetOf(told.Firing))
        {
            return true;
        }

        if (firing.Count == 0)
        {
            // Nothing is left: the end is told once, and never again.
            return told.Firing.Count > 0;
        }

        // An alert that was told as firing is news when it ends. One whose beginning nobody heard of is none.
        return (sendResolved && resolved.Any(one => told.Firing.Contains(one) && !told.Resolved.Contains(one)))
            || told.At + repeatInterval <= now;
    }

    /// <summary>
    /// The members after a look at the alerts there are now. What was known and is not there any more is over, whoever has taken it away.
    /// </summary>
    public static IReadOnlyDictionary<string, Alert> Members(IReadOnlyDictionary<string, Alert> before, IEnumerable<Alert> now, DateTimeOffset at)
    {
        var next = new Dictionary<string, Alert>(StringComparer.Ordinal);
        foreach (var alert in now)
        {
            // An alert that had ended before it came here is nobody's news.
            if (!alert.IsResolved(at) || before.ContainsKey(alert.Fingerprint))
            {
                next[alert.Fingerprint] = alert;
            }
        }

        foreach (var (fingerprint, alert) in before)
        {
            if (!next.ContainsKey(fingerprint))
            {
                next[fingerprint] = alert.IsResolved(at) ? alert : alert with { EndsAt = at, UpdatedAt = at };
            }
        }

        return next;
    }
}
