namespace Slipway.Telemetry.Alerts.Delivery;

/// <summary>How long to wait before a message is tried again: twice as long each time, up to a bound, never all at once.</summary>
internal static class Backoff
{
    private static readonly TimeSpan s_first = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_most = TimeSpan.FromMinutes(5);

    /// <param name="attempts">How often it has failed, at least 1.</param>
    /// <param name="dice">From 0 to 1.</param>
    public static TimeSpan After(int attempts, double dice, TimeSpan? asked)
    {
        var wait = s_first * Math.Pow(2, Math.Min(attempts - 1, 10));
        wait = wait > s_most ? s_most : wait;

        // Half is certain and half is chance: many that failed together must not come back together.
        wait = (wait / 2) + (wait / 2 * dice);
        return asked is { } told && told > wait ? (told > s_most * 12 ? s_most * 12 : told) : wait;
    }
}
