namespace Todo.Monitor.Incidents;

/// <summary>What is remembered of a service's checks.</summary>
internal sealed record Trail
{
    public static Trail New { get; } = new();

    public int Failures { get; init; }

    public int Successes { get; init; }

    public DateTimeOffset? FailingSince { get; init; }

    public DateTimeOffset? RecoveringSince { get; init; }

    public bool IncidentOpen { get; init; }

    public DateTimeOffset? LastAt { get; init; }
}

/// <param name="Status">up, down or idle.</param>
internal sealed record Observation(DateTimeOffset At, string Status, string? Error);

internal abstract record IncidentStep
{
    public sealed record Open(DateTimeOffset StartedAt, string Cause) : IncidentStep;

    public sealed record Close(DateTimeOffset EndedAt) : IncidentStep;
}

/// <summary>
/// One failed look is bad luck, three in a row are an incident; one good look may be luck too, two in a row end it. An idle
/// service was not looked at, so it changes nothing. Failures with a long silence between them are not in a row.
/// </summary>
internal static class IncidentDecider
{
    public const int FailuresToOpen = 3;
    public const int SuccessesToClose = 2;

    public static readonly TimeSpan Silence = TimeSpan.FromMinutes(10);

    public static (Trail Trail, IncidentStep? Step) Decide(Trail trail, Observation seen)
    {
        // A check that was overtaken by a newer one has nothing to add.
        if (trail.LastAt >= seen.At)
        {
            return (trail, null);
        }

        var known = trail.LastAt is { } last && seen.At - last > Silence
            ? trail with { Failures = 0, Successes = 0, FailingSince = null, RecoveringSince = null }
            : trail;
        return seen.Status switch
        {
            "down" => Failed(known with { LastAt = seen.At }, seen),
            "up" => Succeeded(known with { LastAt = seen.At }, seen),
            _ => (known with { LastAt = seen.At }, null),
        };
    }

    private static (Trail, IncidentStep?) Failed(Trail trail, Observation seen)
    {
        var next = trail with { Failures = trail.Failures + 1, Successes = 0, RecoveringSince = null, FailingSince = trail.FailingSince ?? seen.At };
        return next.Failures >= FailuresToOpen && !next.IncidentOpen
            ? (next with { IncidentOpen = true }, new IncidentStep.Open(next.FailingSince!.Value, seen.Error ?? "down"))
            : (next, null);
    }

    private static (Trail, IncidentStep?) Succeeded(Trail trail, Observation seen)
    {
        var next = trail with { Successes = trail.Successes + 1, Failures = 0, FailingSince = null, RecoveringSince = trail.RecoveringSince ?? seen.At };
        return next.Successes >= SuccessesToClose && next.IncidentOpen
            ? (next with { IncidentOpen = false }, new IncidentStep.Close(next.RecoveringSince!.Value))
            : (next, null);
    }
}
