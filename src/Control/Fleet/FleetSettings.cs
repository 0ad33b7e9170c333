using Slipway.Control.Autoscaling;

namespace Slipway.Control.Fleet;

/// <summary>How the fleet treats instances. Every wait has an end and everything that collects has a limit.</summary>
public sealed record FleetSettings
{
    public AutoscalerDefaults Autoscaler { get; init; } = new();

    /// <summary>Between two readings of the load.</summary>
    public TimeSpan ReadingInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Between two decisions of the autoscaler.</summary>
    public TimeSpan DecisionInterval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>An instance without a request for so long is frozen, unless its revision says otherwise; null never freezes.</summary>
    public TimeSpan? FreezeAfter { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Starts that may be under way at once; further ones follow as these get a process.</summary>
    public int StartsAtOnce { get; init; } = 16;

    /// <summary>The longest a stop waits for the requests of an instance, also when the revision's own timeout is longer.</summary>
    public TimeSpan DrainLimit { get; init; } = TimeSpan.FromHours(1);

    /// <summary>The longest an instance may take from SIGTERM to its end, also when the revision's own timeout is longer.</summary>
    public TimeSpan StopGraceLimit { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The first wait before a crashed instance is started again; each further one doubles it.</summary>
    /// <summary>Short, because requests may be waiting; a program that goes on crashing soon waits minutes.</summary>
    public TimeSpan BackoffFirst { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>A stop that the driver could not carry out is asked for again after this.</summary>
    public TimeSpan StopAgainAfter { get; init; } = TimeSpan.FromSeconds(10);

    public TimeSpan BackoffLimit { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>An instance that served so long has proven itself: its crash is a first crash.</summary>
    public TimeSpan BackoffResetAfter { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// An instance that is not ready so long after its start is replaced. A revision whose progress deadline is longer
    /// than usual gets that instead.
    /// </summary>
    public TimeSpan StartupLimit { get; init; } = TimeSpan.FromMinutes(4);

    /// <summary>How long a failing instance that still answers is kept while its replacement starts.</summary>
    public TimeSpan ReplacementPatience { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long instances found at start wait for a plan before they count as orphans.</summary>
    public TimeSpan OrphanPatience { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Ended instances whose records and logs are kept, per revision; older ones are forgotten.</summary>
    public int EndedKept { get; init; } = 5;

    public TimeSpan EndedKeptFor { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>No driver call may take longer; one that does counts as failed and the instance is looked at again.</summary>
    public TimeSpan DriverCallLimit { get; init; } = TimeSpan.FromMinutes(2);
}
