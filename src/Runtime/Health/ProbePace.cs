using Slipway.Runtime.Instances;

namespace Slipway.Runtime.Health;

/// <summary>
/// When the next try is due. Until a probe has passed for the first time it is tried in a tight loop, whatever its period:
/// somebody may be waiting for this instance. A failure counts against the threshold only once per period, so eager
/// tries never make an instance fail sooner than its manifest allows.
/// </summary>
internal static class ProbePace
{
    /// <summary>The rhythm of start-up mode once it has passed, and of a probe that names no period.</summary>
    public static readonly TimeSpan DefaultPeriod = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan s_atOnce = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan s_soon = TimeSpan.FromSeconds(5);

    public static TimeSpan PeriodOf(InstanceProbe probe) => probe.Period > TimeSpan.Zero ? probe.Period : DefaultPeriod;

    /// <param name="trying">Since the first try.</param>
    public static TimeSpan Eager(InstanceProbe probe, TimeSpan trying)
    {
        // Commands cost a process each, so even eager ones keep some distance.
        var exec = probe.Handler == ProbeHandler.Exec;
        var pause = trying < s_atOnce ? TimeSpan.FromMilliseconds(exec ? 50 : 5)
            : trying < s_soon ? TimeSpan.FromMilliseconds(exec ? 100 : 25)
            : TimeSpan.FromMilliseconds(exec ? 500 : 50);
        var period = PeriodOf(probe);
        return pause < period ? pause : period;
    }
}
