namespace Slipway.Identity.OAuth;

/// <summary>An authorisation code as it is kept: everything the later exchange must match, and only a hash of the code itself.</summary>
internal sealed record IssuedCode
{
    public required string ClientId { get; init; }

    public required string RedirectUri { get; init; }

    public required string Challenge { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? UsedAt { get; init; }
}

/// <summary>What to do with a code that came to the token endpoint.</summary>
internal enum CodeVerdict
{
    Exchange,

    /// <summary>Refused; the code stays as it is, so that somebody who guesses cannot spoil the sign-in of another.</summary>
    Refuse,

    /// <summary>Seen for the second time: one of the two callers stole it, so what the first one got ends too.</summary>
    Replay,
}

internal static class CodeUse
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(60);

    public static CodeVerdict Decide(IssuedCode code, DateTimeOffset now, string clientId, string? redirectUri, string? verifier)
    {
        // The proof comes first: whoever lacks it learns nothing and ends nothing.
        if (code.ClientId != clientId || code.RedirectUri != redirectUri || !Pkce.Matches(code.Challenge, verifier))
        {
            return CodeVerdict.Refuse;
        }

        if (code.UsedAt is not null)
        {
            return CodeVerdict.Replay;
        }

        return now < code.ExpiresAt ? CodeVerdict.Exchange : CodeVerdict.Refuse;
    }
}
