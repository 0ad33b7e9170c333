namespace Slipway.Identity.SignIns;

/// <summary>How many wrong passwords are taken before the answer gets slower to come by.</summary>
internal sealed record AttemptRules
{
    /// <summary>Failures in a row after which an account is locked, also for the right password.</summary>
    public int LockAfter { get; init; } = 5;

    public TimeSpan LockFor { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>Failures for one address, existing or not, within the window.</summary>
    public int PerAddress { get; init; } = 10;

    /// <summary>Failures from one network within the window: spraying one password over many accounts.</summary>
    public int PerNetwork { get; init; } = 100;

    public TimeSpan Window { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>False lifts the two limits (not the lock), for load tests.</summary>
    public bool Limited { get; init; } = true;
}

/// <summary>What was known when a password was shown.</summary>
internal readonly record struct AttemptPicture(
    DateTimeOffset Now,
    bool AccountActive,
    DateTimeOffset? LockedUntil,
    bool PasswordRight);

internal enum AttemptVerdict
{
    Accepted,

    /// <summary>Wrong password, unknown, inactive or locked account: one answer for all of them.</summary>
    Refused,
}

internal static class AttemptDecider
{
    public static AttemptVerdict Decide(in AttemptPicture picture) =>
        picture is { PasswordRight: true, AccountActive: true } && !(picture.LockedUntil > picture.Now) ? AttemptVerdict.Accepted : AttemptVerdict.Refused;
}
