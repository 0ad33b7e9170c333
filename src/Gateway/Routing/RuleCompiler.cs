using System.Collections.Frozen;
using Slipway.Gateway.Policies;
using Slipway.Model.Gateway;
using Slipway.Model.Resources;

namespace Slipway.Gateway.Routing;

/// <summary>Compiles HTTPRoutes and hangs them under the hosts they answer.</summary>
internal sealed class RuleCompiler(
    Dictionary<(string, string), ServiceRoute> services,
    Dictionary<(string Kind, string Namespace, string Name), PolicySet> policies)
{
    private sealed record Compiled(HttpRoutePicture Route, List<RouteRule> Rules);

    /// <summary>Adds the exact hosts and returns the wildcards by their suffix.</summary>
    public List<(string Suffix, HostEntry Entry)> AddTo(Dictionary<string, HostEntry> hosts, IReadOnlyList<HttpRoutePicture> pictures)
    {
        if (pictures.Count == 0)
        {
            return [];
        }

        var routes = pictures.Select(route => new Compiled(route, [.. (route.Spec.Rules ?? []).Select(rule => Compile(route, rule))])).ToList();
        var names = routes.SelectMany(route => NamesOf(route.Route)).Distinct().ToList();
        var wildcards = new List<(string, HostEntry)>();
        foreach (var name in names)
        {
            if (name is null)
            {
                wildcards.Add(("", new HostEntry { Rules = TableFor(null, routes, exactOnly: false) }));
            }
            else if (name.StartsWith("*.", StringComparison.Ordinal))
            {
                wildcards.Add((name[1..], new HostEntry { Rules = TableFor(name, routes, exactOnly: false) }));
            }
            else if (hosts.TryGetValue(name, out var service))
            {
                // A service of that name stays reachable for what the rules leave over.
                hosts[name] = service with { Rules = TableFor(name, routes, exactOnly: true) };
            }
            else
            {
                hosts[name] = new HostEntry { Rules = TableFor(name, routes, exactOnly: false) };
            }
        }

        return wildcards;
    }

    private static RuleTable TableFor(string? host, List<Compiled> routes, bool exactOnly)
    {
        var matches = new List<CompiledMatch>();
        foreach (var route in routes)
        {
            var best = NamesOf(route.Route)
                .Where(name => Covers(name, host) && (!exactOnly || name == host))
                .Select(name => (HostRank?)HostRank.Of(name))
                .OrderByDescending(rank => rank!.Value.Kind).ThenByDescending(rank => rank!.Value.Length)
                .FirstOrDefault();
            if (best is { } rank)
            {
                matches.AddRange(MatchesOf(route, rank));
            }
        }

        return new RuleTable(matches);
    }

    private static IEnumerable<CompiledMatch> MatchesOf(Compiled route, HostRank rank)
    {
        var specs = route.Route.Spec.Rules ?? [];
        for (var index = 0; index < specs.Count; index++)
        {
            var matches = specs[index].Matches is { Count: > 0 } given ? given : [new HttpRouteMatch()];
            for (var position = 0; position < matches.Count; position++)
            {
                yield return new CompiledMatch(matches[position], route.Rules[index], rank, route.Route.CreatedAt, index, position);
            }
        }
    }

    /// <summary>Whether a route for <paramref name="name"/> also answers requests for <paramref name="host"/>, itself a name or a wildcard.</summary>
    private static bool Covers(string? name, string? host) =>
        name is null || name == host
        || (host is not null && name.StartsWith("*.", StringComparison.Ordinal) && host.Length >= name.Length && host.EndsWith(name[1..], StringComparison.Ordinal));

    private static IEnumerable<string?> NamesOf(HttpRoutePicture route) =>
        route.Spec.Hostnames is { Count: > 0 } names ? names.Select(name => (string?)name.ToLowerInvariant()) : [null];

    private RouteRule Compile(HttpRoutePicture route, HttpRouteRule rule)
    {
        var backends = (rule.BackendRefs ?? []).Select(backend => new Backend(Find(route, backend), Math.Max(0, backend.Weight ?? 1))).ToArray();
        var filters = rule.Filters ?? [];
        policies.TryGetValue((Kinds.HttpRoute.Kind, route.Namespace, route.Name), out var policy);
        return new RouteRule
        {
            Namespace = route.Namespace,
            RouteName = route.Name,
            Backends = backends,
            WeightTotal = backends.Sum(backend => backend.Weight),
            Redirect = filters.Find(filter => filter.Type == "RequestRedirect")?.RequestRedirect,
            Rewrite = filters.Find(filter => filter.Type == "URLRewrite")?.UrlRewrite,
            RequestHeaders = HeaderChange.Of(filters.Where(filter => filter.Type == "RequestHeaderModifier").Select(filter => filter.RequestHeaderModifier)),
            ResponseHeaders = HeaderChange.Of(filters.Where(filter => filter.Type == "ResponseHeaderModifier").Select(filter => filter.ResponseHeaderModifier)),
            RequestTimeout = Shorter(PolicyBook.Duration(rule.Timeouts?.Request), PolicyBook.Duration(rule.Timeouts?.BackendRequest)),
            Retry = rule.Retry is { } retry
                ? new RetryRule(retry.Attempts ?? 1, (retry.Codes ?? []).ToFrozenSet(), PolicyBook.Duration(retry.Backoff) ?? TimeSpan.FromMilliseconds(25), null)
                : null,
            Policy = policy,
        };
    }

    /// <summary>Services of the route's own namespace only: for others the permission a ReferenceGrant gives would be needed.</summary>
    private ServiceRoute? Find(HttpRoutePicture route, HttpBackendReference backend) =>
        BackendRules.IsServable(backend, route.Namespace) ? services.GetValueOrDefault((route.Namespace, backend.Name)) : null;

    private static TimeSpan? Shorter(TimeSpan? request, TimeSpan? attempt)
    {
        // Zero turns a limit off; beside a limit that is on it is the longer one.
        if (request is null || attempt is null)
        {
            return request ?? attempt;
        }

        return request.Value == TimeSpan.Zero ? attempt : attempt.Value == TimeSpan.Zero || request < attempt ? request : attempt;
    }
}

/// <summary>Which backends a route may name. The status reconciler says the same in words.</summary>
internal static class BackendRules
{
    public static bool IsServable(HttpBackendReference backend, string @namespace) =>
        backend.Kind is null or "Service" && backend.Group is null or "" or Kinds.ServingGroup && IsOwnNamespace(backend, @namespace);

    public static bool IsOwnNamespace(HttpBackendReference backend, string @namespace) =>
        string.IsNullOrEmpty(backend.Namespace) || backend.Namespace == @namespace;
}
