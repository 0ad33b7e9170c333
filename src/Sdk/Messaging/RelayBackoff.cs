namespace Slipway.Sdk.Messaging;

/// <summary>When a refused event is tried again, and when it is given up. Pure.</summary>
internal static class RelayBackoff
{
    public const int AttemptsMax = 10;

    private static readonly TimeSpan s_first = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(5);

    /// <param name="attempts">How many there were.</param>
    /// <param name="dice">From 0 to 1; spreads retries after an outage.</param>
    public static TimeSpan After(int attempts, double dice)
    {
        var pause = s_first * Math.Pow(2, Math.Clamp(attempts - 1, 0, 20));
        return (pause < s_longest ? pause : s_longest) * (0.5 + (dice / 2));
    }
}
