using System.Text.Json.Nodes;
using Slipway.Model.Resources;
using Slipway.Model.Trees;

namespace Slipway.Model.Defaulting;

internal static class PlatformDefaults
{
    public static void ApplyToHttpRoute(JsonObject next)
    {
        if (next.Object("spec") is not { } spec)
        {
            return;
        }

        foreach (var (parent, _) in spec.Objects("parentRefs"))
        {
            Set(parent, "group", Kinds.GatewayGroup);
            Set(parent, "kind", "Gateway");
        }

        if (!spec.Has("rules") || spec["rules"] is JsonArray { Count: 0 })
        {
            spec["rules"] = new JsonArray(new JsonObject());
        }

        foreach (var (rule, _) in spec.Objects("rules"))
        {
            if (!rule.Has("matches") || rule["matches"] is JsonArray { Count: 0 })
            {
                rule["matches"] = new JsonArray(new JsonObject());
            }

            foreach (var (match, _) in rule.Objects("matches"))
            {
                Match(match);
            }

            foreach (var (backend, _) in rule.Objects("backendRefs"))
            {
                Set(backend, "group", "");
                Set(backend, "kind", "Service");
                Set(backend, "weight", 1);
            }

            foreach (var (filter, _) in rule.Objects("filters"))
            {
                if (filter.Object("requestRedirect") is { } redirect)
                {
                    Set(redirect, "statusCode", 302);
                }
            }
        }
    }

    public static void ApplyToTrafficPolicy(JsonObject next)
    {
        if (next.Object("spec") is not { } spec)
        {
            return;
        }

        if (spec.Object("targetRef") is { } target && !target.Has("group"))
        {
            target["group"] = target.Text("kind") == Kinds.HttpRoute.Kind ? Kinds.GatewayGroup : Kinds.ServingGroup;
        }

        foreach (var (limit, index) in spec.Objects("rateLimits"))
        {
            Set(limit, "name", index == 0 ? "default" : $"limit-{index}");
            Set(limit, "key", "ip");
            if (!limit.Has("burst") && limit.Number("requestsPerSecond") is > 0 and < 1_000_000_000 and var rate)
            {
                limit["burst"] = Math.Max(1, (long)Math.Ceiling(rate));
            }
        }

        if (spec.Object("retry") is { } retry)
        {
            Set(retry, "attempts", 2);
            Set(retry, "budgetPercent", 20);
        }

        if (spec.Object("circuitBreaker") is { } breaker)
        {
            Set(breaker, "enabled", true);
            Set(breaker, "failurePercent", 50);
            Set(breaker, "window", "10s");
            Set(breaker, "requestsMin", 20);
            Set(breaker, "reset", "30s");
        }

        if (spec.Object("authentication") is { } authentication)
        {
            Set(authentication, "mode", "none");
        }
    }

    public static void ApplyToDatabase(JsonObject next, JsonObject? current)
    {
        if (next.Ensure("spec") is not { } spec)
        {
            return;
        }

        Set(spec, "deletionPolicy", "Retain");
        Set(spec, "connectionLimit", 20);
        if (spec.Has("databaseName"))
        {
            return;
        }

        var metadata = next.Object("metadata");
        if (current.Object("spec").Text("databaseName") is { } stored)
        {
            spec["databaseName"] = stored;
        }
        else if (metadata.Text("name") is { Length: > 0 } name && metadata.Text("namespace") is { Length: > 0 } @namespace)
        {
            spec["databaseName"] = DatabaseName(@namespace, name);
        }
    }

    /// <summary>
    /// Names with hyphens and dots become plain identifiers. Two resources could meet in one name that way, so whoever
    /// creates the database refuses a name another resource owns.
    /// </summary>
    private static string DatabaseName(string @namespace, string name)
    {
        var plain = $"{@namespace}_{name}".Replace('-', '_').Replace('.', '_');
        return plain.Length <= DatabaseNameLengthMax ? plain : Values.RevisionNames.Child(plain, "");
    }

    // PostgreSQL cuts longer identifiers off without a word.
    private const int DatabaseNameLengthMax = 63;

    private static void Match(JsonObject match)
    {
        if (match.Ensure("path") is { } path)
        {
            Set(path, "type", "PathPrefix");
            Set(path, "value", "/");
        }

        foreach (var list in new[] { "headers", "queryParams" })
        {
            foreach (var (entry, _) in match.Objects(list))
            {
                Set(entry, "type", "Exact");
            }
        }
    }

    private static void Set(JsonObject parent, string name, JsonNode value)
    {
        if (!parent.Has(name))
        {
            parent[name] = value;
        }
    }
}
