namespace Slipway.Identity.Tokens;

/// <summary>
/// Decides which signing keys are made and which go. A key is published for a while before it signs, so that every instance and every
/// verifier has met it; and it stays published after its last signature until the longest-lived token it signed has expired.
/// </summary>
internal sealed record KeySchedule(TimeSpan RotateEvery, TimeSpan PublishedBefore, TimeSpan PublishedAfter)
{
    /// <summary>What to do now; null when nothing is due. <paramref name="force"/>: an operator wants a new key at once.</summary>
    public KeyChange? Decide(IReadOnlyList<SigningKey> keys, DateTimeOffset now, bool force)
    {
        var newest = keys.Where(key => key.SignsUntil is null).MaxBy(key => key.SignsFrom);
        var expired = keys.Where(key => !key.IsPublishedAt(now)).Select(key => key.Kid).ToList();
        if (newest is null)
        {
            // Nobody can know an earlier key, so there is nothing to wait for.
            return new KeyChange(now, expired);
        }

        var isDue = now + PublishedBefore >= newest.SignsFrom + RotateEvery;
        var isWaiting = newest.SignsFrom > now;
        return (force || isDue) && !isWaiting ? new KeyChange(now + PublishedBefore, expired)
            : expired.Count > 0 ? new KeyChange(null, expired)
            : null;
    }
}

/// <summary>A new key that signs from <see cref="NewSignsFrom"/> on (none when null), and keys that nobody needs any more.</summary>
internal sealed record KeyChange(DateTimeOffset? NewSignsFrom, IReadOnlyList<string> Remove);
