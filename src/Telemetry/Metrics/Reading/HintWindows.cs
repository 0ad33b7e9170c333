namespace Slipway.Telemetry.Metrics.Reading;

/// <summary>Which times the windows of a hint reach.</summary>
internal static class HintWindows
{
    public static bool Hold(ReadHint hint, long at) => hint.Step <= 0 || FirstEnd(hint, at) - hint.Window < at;

    /// <summary>How much of all time the windows take.</summary>
    public static double Share(ReadHint hint) => hint.Step <= 0 ? 1 : Math.Clamp((double)hint.Window / hint.Step, 0, 1);

    /// <summary>Whether any window reaches into the time between two samples, both included.</summary>
    public static bool Touch(ReadHint? hint, long first, long last) =>
        hint is null || hint.Step <= 0 || FirstEnd(hint, first) - hint.Window < last;

    /// <summary>The first end of a window that is not before this time.</summary>
    private static long FirstEnd(ReadHint hint, long at)
    {
        var behind = (at - hint.Start) % hint.Step;
        return behind switch
        {
            0 => at,
            > 0 => at + hint.Step - behind,
            _ => at - behind,
        };
    }
}
