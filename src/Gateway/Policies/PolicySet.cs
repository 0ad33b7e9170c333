namespace Slipway.Gateway.Policies;

/// <summary>Everything a TrafficPolicy says about its target, compiled.</summary>
internal sealed class PolicySet
{
    public required string Namespace { get; init; }

    public required string Name { get; init; }

    public required RateLimit[] RateLimits { get; init; }

    public required CorsRules? Cors { get; init; }

    public required Authentication? Authentication { get; init; }

    public required CircuitBreaker? Breaker { get; init; }

    public required Routing.RetryRule? Retry { get; init; }

    public required TimeSpan? RequestTimeout { get; init; }

    public required TimeSpan? IdleTimeout { get; init; }
}

internal enum RateKey
{
    Ip,
    Caller,
    Route,
}

internal sealed record RateLimit(string Name, RateKey Key, string? PathPrefix, RateLimiter Limiter);

internal sealed record Authentication(TokenVerifier Verifier, string? Issuer, string[] AllowPaths, bool PassesApiKeys, bool AllowsAnonymous);
