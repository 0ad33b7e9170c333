using Slipway.Model.Resources;

namespace Slipway.Model.Platform;

/// <summary>Rules the gateway applies to the Service or HTTPRoute that <see cref="TargetRef"/> names.</summary>
public sealed record TrafficPolicySpec
{
    public TargetReference TargetRef { get; set; } = new();

    public List<RateLimitSpec>? RateLimits { get; set; }

    public RetrySpec? Retry { get; set; }

    public TimeoutSpec? Timeouts { get; set; }

    public CircuitBreakerSpec? CircuitBreaker { get; set; }

    public CorsSpec? Cors { get; set; }

    public AuthenticationSpec? Authentication { get; set; }
}

public sealed record TargetReference
{
    public string? Group { get; set; }

    public string Kind { get; set; } = "";

    public string Name { get; set; } = "";
}

public sealed record RateLimitSpec
{
    public string? Name { get; set; }

    /// <summary><c>ip</c>, <c>caller</c> or <c>route</c>.</summary>
    public string? Key { get; set; }

    /// <summary>Refill per second; fractions such as 0.5 are allowed.</summary>
    public double RequestsPerSecond { get; set; }

    public int? Burst { get; set; }

    /// <summary>Only paths under this prefix count; every path when absent.</summary>
    public string? PathPrefix { get; set; }
}

public sealed record RetrySpec
{
    public int? Attempts { get; set; }

    /// <summary>Retries may add at most this share of the requests of the last ten seconds.</summary>
    public int? BudgetPercent { get; set; }
}

public sealed record TimeoutSpec
{
    /// <summary>Go durations: <c>30s</c>, <c>1m30s</c>; <c>0s</c> turns the limit off.</summary>
    public string? Request { get; set; }

    public string? Idle { get; set; }
}

public sealed record CircuitBreakerSpec
{
    public bool? Enabled { get; set; }

    public string? Timeout { get; set; }

    public int? FailurePercent { get; set; }

    public string? Window { get; set; }

    public int? RequestsMin { get; set; }

    public string? Reset { get; set; }
}

public sealed record CorsSpec
{
    public List<string>? AllowOrigins { get; set; }

    public List<string>? AllowMethods { get; set; }

    public List<string>? AllowHeaders { get; set; }

    public List<string>? ExposeHeaders { get; set; }

    public bool? AllowCredentials { get; set; }

    public int? MaxAgeSeconds { get; set; }
}

public sealed record AuthenticationSpec
{
    /// <summary><c>none</c> or <c>jwt</c>.</summary>
    public string? Mode { get; set; }

    public string? Issuer { get; set; }

    public List<string>? Audiences { get; set; }

    /// <summary>ES256 keys the tokens may be signed with, as a JSON Web Key Set in a Secret's key <c>jwks.json</c>.</summary>
    public string? JwksSecretName { get; set; }

    /// <summary>
    /// A Service of the same namespace that issues the tokens, instead of an issuer and keys by hand: the platform asks it for
    /// both and follows its changes of keys.
    /// </summary>
    public string? IssuerService { get; set; }

    /// <summary>Lets API keys (<c>slp_…</c>) pass unchecked, for services that check them themselves.</summary>
    public bool? PassApiKeys { get; set; }

    /// <summary>The Secret in which the platform keeps what the issuing Service said.</summary>
    public static string IssuerSecretName(string policy) => $"{policy}-issuer";

    /// <summary>Requests without a token pass as nobody's; a token that is there must still be right, and limits count by it.</summary>
    public bool? AllowAnonymous { get; set; }

    public List<string>? AllowPaths { get; set; }
}

public sealed record TrafficPolicyStatus
{
    public long ObservedGeneration { get; set; }

    public List<Condition> Conditions { get; set; } = [];
}

/// <summary>A database and a role of its own; services that name it get <c>DATABASE_URL</c>.</summary>
public sealed record DatabaseSpec
{
    /// <summary>The Service, Job or other workload in the same namespace that receives the connection string.</summary>
    public List<string>? Services { get; set; }

    /// <summary>Name inside the server; <c>{namespace}_{name}</c> when absent.</summary>
    public string? DatabaseName { get; set; }

    public int? ConnectionLimit { get; set; }

    /// <summary><c>Retain</c> (default) keeps the data when the resource is deleted, <c>Delete</c> drops it.</summary>
    public string? DeletionPolicy { get; set; }
}

public sealed record DatabaseStatus
{
    public long ObservedGeneration { get; set; }

    public List<Condition> Conditions { get; set; } = [];

    public string? DatabaseName { get; set; }

    public string? Role { get; set; }

    /// <summary>The Secret in the same namespace whose key <c>DATABASE_URL</c> holds the connection string.</summary>
    public string? SecretName { get; set; }
}
