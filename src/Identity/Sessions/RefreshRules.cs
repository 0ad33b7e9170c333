namespace Slipway.Identity.Sessions;

internal enum RefreshVerdict
{
    /// <summary>First use: exchange it for its successor.</summary>
    Exchange,

    /// <summary>Used a moment ago, as by two tabs at once or after a lost answer: give the same successor again.</summary>
    Repeat,

    /// <summary>Used long ago, or the successor is in use already: somebody holds a copy. The whole family ends.</summary>
    Replay,

    /// <summary>Expired, or its session has ended.</summary>
    Ended,
}

/// <summary>What a presented refresh token means. It knows nothing but the picture it is given.</summary>
internal static class RefreshRules
{
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

    public static RefreshVerdict Decide(RefreshPicture picture) => picture switch
    {
        { SessionOpen: false } or { AccountActive: false } => RefreshVerdict.Ended,
        { UsedAt: null } => picture.Now < picture.ExpiresAt ? RefreshVerdict.Exchange : RefreshVerdict.Ended,
        { SuccessorUsed: true } => RefreshVerdict.Replay,
        _ => picture.Now - picture.UsedAt < Grace ? RefreshVerdict.Repeat : RefreshVerdict.Replay,
    };
}

internal readonly record struct RefreshPicture(
    DateTimeOffset Now, DateTimeOffset ExpiresAt, DateTimeOffset? UsedAt, bool SuccessorUsed, bool SessionOpen, bool AccountActive);
