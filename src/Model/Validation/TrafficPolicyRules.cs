using System.Globalization;
using System.Text.Json.Nodes;
using Slipway.Model.Decoding;
using Slipway.Model.Resources;
using Slipway.Model.Trees;

namespace Slipway.Model.Validation;

/// <summary>TrafficPolicy.</summary>
internal static class TrafficPolicyRules
{
    private const int LimitsMax = 16;

    public static void Check(JsonObject next, FindingList findings)
    {
        var spec = next.Object("spec");
        if (spec is null)
        {
            findings.Missing("spec.targetRef");
            return;
        }

        Target(spec.Object("targetRef"), findings);
        RateLimits(spec, findings);
        findings.Range(spec.Object("retry").Whole("attempts"), 0, 10, "spec.retry.attempts");
        findings.Range(spec.Object("retry").Whole("budgetPercent"), 0, 100, "spec.retry.budgetPercent");
        HttpRouteRules.Duration(spec.Object("timeouts").Text("request"), "spec.timeouts.request", findings);
        HttpRouteRules.Duration(spec.Object("timeouts").Text("idle"), "spec.timeouts.idle", findings);
        Breaker(spec.Object("circuitBreaker"), findings);
        Cors(spec.Object("cors"), findings);
        Authentication(spec.Object("authentication"), findings);
    }

    private static void Target(JsonObject? target, FindingList findings)
    {
        var wanted = target.Text("kind") switch
        {
            "HTTPRoute" => Kinds.GatewayGroup,
            "Service" => Kinds.ServingGroup,
            _ => null,
        };
        if (wanted is not null && target.Text("group") is { Length: > 0 } group && group != wanted)
        {
            findings.NotSupported(group, "spec.targetRef.group", [wanted]);
        }
    }

    private static void RateLimits(JsonObject spec, FindingList findings)
    {
        if (spec.List("rateLimits") is { Count: > LimitsMax } limits)
        {
            findings.Invalid($"{limits.Count} items", "spec.rateLimits", $"must have at most {LimitsMax} items");
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (limit, index) in spec.Objects("rateLimits"))
        {
            var path = FieldPath.Index("spec.rateLimits", index);
            if (limit.Text("name") is { } name && !names.Add(name))
            {
                findings.Duplicate(name, $"{path}.name", "rate limit");
            }

            if (limit.Number("requestsPerSecond") is { } rate && rate is not (> 0 and <= 1_000_000))
            {
                findings.Invalid(rate.ToString(CultureInfo.InvariantCulture), $"{path}.requestsPerSecond", "must be above 0 and at most 1000000");
            }

            findings.Range(limit.Whole("burst"), 1, 10_000_000, $"{path}.burst");
            PathPrefix(limit.Text("pathPrefix"), $"{path}.pathPrefix", findings);
        }
    }

    private static void Breaker(JsonObject? breaker, FindingList findings)
    {
        const string path = "spec.circuitBreaker";
        findings.Range(breaker.Whole("failurePercent"), 1, 100, $"{path}.failurePercent");
        findings.Range(breaker.Whole("requestsMin"), 1, 1_000_000, $"{path}.requestsMin");
        foreach (var field in new[] { "timeout", "window", "reset" })
        {
            HttpRouteRules.Duration(breaker.Text(field), $"{path}.{field}", findings);
        }
    }

    private static void Cors(JsonObject? cors, FindingList findings)
    {
        if (cors is null)
        {
            return;
        }

        var origins = cors.List("allowOrigins");
        if (origins is not { Count: > 0 })
        {
            findings.Missing("spec.cors.allowOrigins");
        }

        for (var index = 0; index < (origins?.Count ?? 0); index++)
        {
            var path = FieldPath.Index("spec.cors.allowOrigins", index);
            if (origins![index].AsText() is not { } origin)
            {
                continue;
            }

            if (origin == "*")
            {
                // Browsers refuse the pair; saying so here is kinder than a page that cannot call.
                if (cors.Flag("allowCredentials") == true)
                {
                    findings.Invalid(origin, path, "cannot be combined with allowCredentials: true; name the origins");
                }
            }
            else if (!IsOrigin(origin))
            {
                findings.Invalid(origin, path, "must be * or an origin such as https://shop.example, without a path");
            }
        }

        findings.Range(cors.Whole("maxAgeSeconds"), 0, 86_400, "spec.cors.maxAgeSeconds");
    }

    private static bool IsOrigin(string text) =>
        Uri.TryCreate(text.Replace("://*.", "://any.", StringComparison.Ordinal), UriKind.Absolute, out var origin)
        && origin.Scheme is "http" or "https"
        && origin.UserInfo.Length == 0
        && origin.PathAndQuery == "/"
        && origin.Fragment.Length == 0
        && !text.EndsWith('/');

    private static void Authentication(JsonObject? authentication, FindingList findings)
    {
        const string path = "spec.authentication";
        var (issuer, service) = (authentication.Text("issuer"), authentication.Text("issuerService"));
        if (authentication.Text("mode") == "jwt" && string.IsNullOrEmpty(issuer) && string.IsNullOrEmpty(service))
        {
            findings.Missing($"{path}.issuer");
        }
        else if (!string.IsNullOrEmpty(service) && (!string.IsNullOrEmpty(issuer) || !string.IsNullOrEmpty(authentication.Text("jwksSecretName"))))
        {
            findings.SeveralOf(path, "issuer", "jwksSecretName", "issuerService");
        }

        var paths = authentication.List("allowPaths");
        for (var index = 0; index < (paths?.Count ?? 0); index++)
        {
            PathPrefix(paths![index].AsText(), $"{path}.allowPaths[{index}]", findings);
        }
    }

    private static void PathPrefix(string? prefix, string path, FindingList findings)
    {
        if (prefix is { Length: > 0 } && !prefix.StartsWith('/'))
        {
            findings.Invalid(prefix, path, "must begin with '/'");
        }
    }
}
