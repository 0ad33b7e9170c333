namespace Slipway.Store.Installation;

/// <summary>Tells a process from a later one that got the same id.</summary>
public static class ProcessIdentity
{
    /// <summary>Clock ticks since boot at which the process started, or -1 when there is none (or only its corpse).</summary>
    public static long StartedTicks(int processId) =>
        ProcessStat.Of(processId) is { IsZombie: false } alive ? alive.StartedTicks : -1;
}
