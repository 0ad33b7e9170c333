using System.Globalization;
using System.Text;
using Slipway.Gateway.Choosing;
using Slipway.Gateway.Refusals;
using Slipway.Gateway.Routing;

namespace Slipway.Gateway.Policies;

/// <summary>Applies a policy to a request, in the order authentication, rate limits, circuit; CORS comes first because a preflight carries no token.</summary>
internal static class PolicyGate
{
    public static async ValueTask CheckAsync(PolicySet policy, IRequestView request, Decision decision)
    {
        if (PathSafety.IsAmbiguous(request.Path))
        {
            decision.Refusal = Ambiguous;
            return;
        }

        if (policy.Cors is { } cors && request.Header("Origin") is { } origin)
        {
            decision.RemoveFromAnswer(CorsRules.Overruled);
            if (cors.Preflight(request, origin) is { } fields)
            {
                decision.Direct = new DirectAnswer(204, "No Content", fields);
                return;
            }

            decision.AnswerFields += cors.AnswerFields(origin);
        }

        if (policy.Authentication is { } authentication && !IsOpen(authentication, request.Path))
        {
            decision.Refusal = await AuthenticateAsync(authentication, request, decision).ConfigureAwait(false);
            if (decision.Refusal is not null)
            {
                return;
            }
        }

        Limit(policy, request, decision);
        if (decision.Refusal is not null)
        {
            return;
        }

        decision.RequestTimeout ??= policy.RequestTimeout;
        decision.IdleTimeout ??= policy.IdleTimeout;
        decision.Retry ??= policy.Retry;
        if (policy.Breaker is { } breaker && decision.Breaker is null)
        {
            Pass(breaker, decision);
        }
    }

    private const string ApiKeyPrefix = "slp_";

    public static Refusal Ambiguous { get; } = new(
        400, "ambiguousPath", "Ambiguous path", "The path contains dot segments, encoded slashes or dots, or backslashes; send it in its plain form.");

    private static bool IsOpen(Authentication authentication, string path) =>
        Array.Exists(authentication.AllowPaths, allowed => PathSafety.IsUnder(path, allowed));

    private static async ValueTask<Refusal?> AuthenticateAsync(Authentication authentication, IRequestView request, Decision decision)
    {
        if (authentication.AllowsAnonymous && request.Header("Authorization") is null)
        {
            return null;
        }

        if (!authentication.Verifier.HasKeys)
        {
            return new Refusal(503, "authenticationUnavailable", "Nobody can be authenticated", "The policy names no usable ES256 key.");
        }

        if (request.Header("Authorization") is not { } field || !field.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
        {
            return Unauthenticated("unauthenticated", "This service needs a bearer token.", "");
        }

        var token = field["Bearer ".Length..].Trim();
        if (authentication.PassesApiKeys && token.StartsWith(ApiKeyPrefix, StringComparison.Ordinal))
        {
            return null;
        }

        var verifier = authentication.Verifier;

        // A token nobody has seen yet costs arithmetic: that is done away from the thread that serves sockets.
        var answer = verifier.Known(token) ?? await Task.Run(() => verifier.Verify(token)).ConfigureAwait(false);
        if (answer.Problem is { } problem)
        {
            return Unauthenticated("invalidToken", problem, ", error=\"invalid_token\"");
        }

        decision.Subject = answer.Subject;
        if (answer.Subject is { Length: > 0 and <= 256 } subject && subject.All(character => character is > ' ' and < (char)0x7F))
        {
            decision.Rewriting().AddedFields += $"X-Slipway-Subject: {subject}\r\n";
        }

        return null;
    }

    internal static Refusal Unauthenticated(string code, string detail, string error) =>
        new(401, code, "Authentication needed", detail) { Headers = $"WWW-Authenticate: Bearer realm=\"slipway\"{error}\r\n" };

    private static void Limit(PolicySet policy, IRequestView request, Decision decision)
    {
        StringBuilder? policies = null;
        StringBuilder? states = null;
        foreach (var limit in policy.RateLimits)
        {
            if (limit.PathPrefix is { } prefix && !PathSafety.IsUnder(request.Path, prefix))
            {
                continue;
            }

            var key = limit.Key switch
            {
                RateKey.Route => "",
                RateKey.Caller when decision.Subject is { } subject => "s" + subject,
                _ => "a" + request.Caller,
            };
            var answer = limit.Limiter.Take(key);
            (policies ??= new StringBuilder()).Append(policies.Length > 0 ? ", " : "")
                .Append(CultureInfo.InvariantCulture, $"\"{limit.Name}\";q={limit.Limiter.Burst};w={limit.Limiter.WindowSeconds}");
            (states ??= new StringBuilder()).Append(states.Length > 0 ? ", " : "")
                .Append(CultureInfo.InvariantCulture, $"\"{limit.Name}\";r={answer.Remaining};t={answer.ResetSeconds}");
            if (!answer.Allowed)
            {
                decision.Refusal = new Refusal(429, "rateLimited", "Too many requests", $"The limit \"{limit.Name}\" is used up. Try again in {answer.RetryAfterSeconds} s.")
                {
                    Type = "https://iana.org/assignments/http-problem-types#quota-exceeded",
                    RetryAfterSeconds = answer.RetryAfterSeconds,
                    Headers = $"RateLimit-Policy: {policies}\r\nRateLimit: {states}\r\n",
                    Members = $",\"violated-policies\":[\"{limit.Name}\"]",
                };
                return;
            }
        }

        if (policies is not null)
        {
            decision.AnswerFields += $"\r\nRateLimit-Policy: {policies}\r\nRateLimit: {states}";
        }
    }

    private static void Pass(CircuitBreaker breaker, Decision decision)
    {
        if (breaker.TryPass(out var retryAfter, out var isProbe))
        {
            decision.Breaker = breaker;
            decision.IsProbe = isProbe;
            return;
        }

        decision.Refusal = new Refusal(503, "circuitOpen", "Service is failing", "The service has been failing and is left alone for a while.")
        {
            RetryAfterSeconds = Math.Max(1, (int)Math.Ceiling(retryAfter.TotalSeconds)),
        };
    }
}
