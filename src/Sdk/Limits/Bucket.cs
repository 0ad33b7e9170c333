namespace Slipway.Sdk.Limits;

/// <summary>The arithmetic of a bucket of tokens: a full one allows a burst, and it refills evenly over the window.</summary>
internal readonly record struct Bucket(double Tokens, TimeSpan At)
{
    public static Bucket Full(Limit limit, TimeSpan now) => new(limit.Permits, now);

    /// <summary>Takes a token if there is a whole one.</summary>
    public (Bucket After, bool Taken) Take(Limit limit, TimeSpan now)
    {
        var tokens = TokensAt(limit, now);
        return tokens >= 1 ? (new Bucket(tokens - 1, now), true) : (new Bucket(tokens, now), false);
    }

    public double TokensAt(Limit limit, TimeSpan now)
    {
        var elapsed = now > At ? now - At : TimeSpan.Zero;
        return Math.Min(limit.Permits, Tokens + (elapsed / limit.Window * limit.Permits));
    }

    /// <summary>How long until there is a whole token.</summary>
    public TimeSpan UntilNext(Limit limit) => Tokens >= 1 ? TimeSpan.Zero : (1 - Tokens) / limit.Permits * limit.Window;

    /// <summary>How long until it is full again.</summary>
    public TimeSpan UntilFull(Limit limit) => (limit.Permits - Tokens) / limit.Permits * limit.Window;
}
