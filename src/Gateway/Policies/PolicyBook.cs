using System.Collections.Concurrent;
using System.Collections.Frozen;
using Slipway.Gateway.Routing;
using Slipway.Model.Platform;
using Slipway.Model.Serving;
using Slipway.Model.Values;

namespace Slipway.Gateway.Policies;

/// <summary>
/// Compiles policies. Buckets, circuits and verified tokens outlive a snapshot: the same settings find the same state
/// again, changed settings start afresh.
/// </summary>
internal sealed class PolicyBook(GatewayLimits limits, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, object> _state = new(StringComparer.Ordinal);
    private HashSet<string> _used = [];

    public IEnumerable<CircuitBreaker> Circuits => _state.Values.OfType<CircuitBreaker>();

    /// <summary>Starts a compilation; state that is not asked for until <see cref="End"/> is forgotten.</summary>
    public void Begin() => _used = [];

    public void End()
    {
        foreach (var key in _state.Keys)
        {
            if (!_used.Contains(key))
            {
                _state.TryRemove(key, out _);
            }
        }
    }

    public PolicySet Compile(PolicyPicture policy)
    {
        var spec = policy.Spec;
        var id = $"{policy.Namespace}/{policy.Name}";
        return new PolicySet
        {
            Namespace = policy.Namespace,
            Name = policy.Name,
            RateLimits = [.. (spec.RateLimits ?? []).Where(limit => limit.RequestsPerSecond > 0).Select((limit, index) => Limit(id, limit, index))],
            Cors = spec.Cors is { } cors ? new CorsRules(cors) : null,
            Authentication = spec.Authentication is { Mode: "jwt" } jwt ? Verifier(id, jwt, policy.Issuer ?? jwt.Issuer, policy.Jwks) : null,
            Breaker = spec.CircuitBreaker is { } breaker && breaker.Enabled != false ? Breaker(policy, breaker) : null,
            Retry = spec.Retry is { } retry ? Retry(id, retry) : null,
            RequestTimeout = Duration(spec.Timeouts?.Request),
            IdleTimeout = Duration(spec.Timeouts?.Idle),
        };
    }

    public static TimeSpan? Duration(string? text) => GoDuration.TryParse(text, out var duration) && duration >= TimeSpan.Zero ? duration : null;

    private RateLimit Limit(string id, RateLimitSpec spec, int index)
    {
        var burst = Math.Max(1, spec.Burst ?? (int)Math.Min(int.MaxValue, Math.Ceiling(spec.RequestsPerSecond)));
        var name = spec.Name ?? (index == 0 ? "default" : $"limit-{index}");
        var limiter = Kept(
            $"rate {id} {index} {spec.Key} {spec.RequestsPerSecond:R} {burst}",
            () => new RateLimiter(spec.RequestsPerSecond, burst, limits.RateKeysMax, time));
        var key = spec.Key switch
        {
            "caller" => RateKey.Caller,
            "route" => RateKey.Route,
            _ => RateKey.Ip,
        };
        return new RateLimit(name, key, spec.PathPrefix, limiter);
    }

    private Authentication Verifier(string id, AuthenticationSpec spec, string? issuer, string? jwks)
    {
        List<string> audiences = spec.Audiences ?? [];
        var verifier = Kept(
            $"jwt {id} {issuer} {string.Join(' ', audiences)} {jwks}",
            () => new TokenVerifier(issuer, audiences, KeySet.TryParse(jwks), time));
        return new Authentication(verifier, issuer, [.. spec.AllowPaths ?? []], spec.PassApiKeys == true, spec.AllowAnonymous == true);
    }

    /// <summary>The gate before a service that only some may invoke.</summary>
    public InvokerGate Invokers(ServicePicture service, IReadOnlyList<string> members, PlatformTokens? tokens, IngressSettings ingress)
    {
        List<string> audiences =
        [
            ingress.UrlOf(ingress.HostOf(service.Namespace, service.Name)), ingress.UrlOf($"{service.Name}.{ingress.Domain}"), .. service.Audiences,
        ];
        var verifier = Kept(
            $"invoker {service.Namespace}/{service.Name} {tokens?.Issuer} {string.Join(' ', audiences)} {tokens?.Keys}",
            () => new TokenVerifier(tokens?.Issuer, audiences, KeySet.TryParse(tokens?.Keys), time));
        return new InvokerGate(verifier, members);
    }

    private CircuitBreaker Breaker(PolicyPicture policy, CircuitBreakerSpec spec)
    {
        var defaults = CircuitSettings.Default;
        var settings = new CircuitSettings(
            Duration(spec.Timeout) ?? defaults.SlowAfter,
            spec.FailurePercent ?? defaults.FailurePercent,
            Duration(spec.Window) ?? defaults.Window,
            spec.RequestsMin ?? defaults.RequestsMin,
            Duration(spec.Reset) ?? defaults.Reset);
        return Kept($"circuit {policy.Namespace}/{policy.Name} {settings}", () => new CircuitBreaker(settings, time, policy.Namespace, policy.Name));
    }

    private RetryRule Retry(string id, RetrySpec spec)
    {
        var percent = spec.BudgetPercent ?? 20;
        var budget = Kept($"retry {id} {percent}", () => new RetryBudget(percent, time));
        return new RetryRule(spec.Attempts ?? 2, FrozenSet.Create(502, 503, 504), TimeSpan.FromMilliseconds(25), budget);
    }

    private T Kept<T>(string key, Func<T> make)
        where T : class
    {
        _used.Add(key);
        return (T)_state.GetOrAdd(key, _ => make());
    }
}
