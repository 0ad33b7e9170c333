namespace Slipway.Identity.TwoFactor;

/// <summary>Wrong codes of one account since the first of them.</summary>
internal readonly record struct FailedTries(int Count, DateTimeOffset? Since);

/// <summary>
/// Five wrong codes in a quarter of an hour close the second factor of an account until that time is over. A million codes of which
/// three are good at any moment leave a guesser who has the password already about one chance in seven hundred per day.
/// </summary>
internal static class TryLimit
{
    public const int TriesMax = 5;

    public static readonly TimeSpan Window = TimeSpan.FromMinutes(15);

    /// <summary>How long to wait, or null when a try is allowed.</summary>
    public static TimeSpan? Wait(FailedTries tries, DateTimeOffset now) =>
        tries is { Count: >= TriesMax, Since: { } since } && now < since + Window ? since + Window - now : null;

    public static FailedTries AfterFailure(FailedTries tries, DateTimeOffset now) =>
        tries.Since is { } since && now < since + Window ? tries with { Count = tries.Count + 1 } : new FailedTries(1, now);
}
