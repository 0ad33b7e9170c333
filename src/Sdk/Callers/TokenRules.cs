namespace Slipway.Sdk.Callers;

/// <summary>Whose tokens are accepted, and for which service they must be meant.</summary>
public sealed record TokenRules(string Issuer, string Audience)
{
    /// <summary>How far clocks of issuer and service may be apart.</summary>
    public TimeSpan Skew { get; init; } = TimeSpan.FromSeconds(30);

    public TimeSpan RememberedAtMost { get; init; } = TimeSpan.FromMinutes(5);
}
