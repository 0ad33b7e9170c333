using System.Collections.Frozen;
using Slipway.Gateway.Admission;
using Slipway.Gateway.Policies;
using Slipway.Gateway.Recording;
using Slipway.Runtime.Endpoints;

namespace Slipway.Gateway.Routing;

/// <summary>Compiles a picture. Everything that lives longer than a snapshot (queues, counters, limits) is looked up, not made anew.</summary>
internal sealed class SnapshotBuilder(GatewaySettings settings, TrafficBook book, MeterBook meters, PolicyBook policies)
{
    private const string DefaultNamespace = "default";

    public RoutingSnapshot Build(RoutingPicture picture)
    {
        var revisions = picture.Revisions.ToDictionary(revision => (revision.Namespace, revision.Name));
        var hosts = new Dictionary<string, HostEntry>(picture.Services.Count * 3, StringComparer.Ordinal);
        var routes = new Dictionary<(string, string), ServiceRoute>(picture.Services.Count);
        policies.Begin();
        var attached = Attach(picture);
        foreach (var service in picture.Services)
        {
            attached.TryGetValue(("Service", service.Namespace, service.Name), out var policy);
            routes[(service.Namespace, service.Name)] = Compile(service, revisions, policy);
        }

        foreach (var service in picture.Services)
        {
            AddServiceHosts(hosts, service, routes[(service.Namespace, service.Name)]);
        }

        // Tag hosts come last and never replace a service of the same name.
        foreach (var service in picture.Services)
        {
            AddTagHosts(hosts, service, routes[(service.Namespace, service.Name)]);
        }

        var wildcards = new RuleCompiler(routes, attached).AddTo(hosts, picture.HttpRoutes);
        policies.End();
        return new RoutingSnapshot(picture.Version, hosts, wildcards, picture.Services.Count);
    }

    /// <summary>The policy of each target; of several for one target the oldest counts, the others are told so in their status.</summary>
    private Dictionary<(string Kind, string Namespace, string Name), PolicySet> Attach(RoutingPicture picture)
    {
        var attached = new Dictionary<(string, string, string), PolicySet>();
        foreach (var policy in PolicyOrder.OldestFirst(picture.Policies))
        {
            var target = (policy.Spec.TargetRef.Kind, policy.Namespace, policy.Spec.TargetRef.Name);
            if (!attached.ContainsKey(target))
            {
                attached[target] = policies.Compile(policy);
            }
        }

        return attached;
    }

    private ServiceRoute Compile(ServicePicture service, Dictionary<(string, string), RevisionPicture> revisions, PolicySet? policy)
    {
        var shares = new List<RevisionShare>();
        var tags = new Dictionary<string, RevisionShare>(StringComparer.Ordinal);
        foreach (var target in service.Traffic)
        {
            var share = Share(service.Namespace, target.RevisionName!, target.Percent ?? 0, revisions);
            if (share.Percent > 0)
            {
                shares.Add(share);
            }

            if (!string.IsNullOrEmpty(target.Tag))
            {
                tags[target.Tag] = share;
            }
        }

        return new ServiceRoute
        {
            Namespace = service.Namespace,
            Name = service.Name,
            Stopped = service.Stopped,
            Shares = [.. shares],
            PercentTotal = shares.Sum(share => share.Percent),
            Tags = tags.ToFrozenDictionary(StringComparer.Ordinal),
            Policy = policy,
            Invokers = InvokerGate.IsOpen(service.Invokers) ? null : policies.Invokers(service, service.Invokers!, settings.PlatformTokens, settings.Ingress),
            Meter = meters.Of(service.Namespace, service.Name),
            Affinity = shares.Any(share => share.Affinity),
        };
    }

    private RevisionShare Share(string @namespace, string name, int percent, Dictionary<(string, string), RevisionPicture> revisions)
    {
        revisions.TryGetValue((@namespace, name), out var revision);
        var total = Seconds(revision?.TimeoutSeconds) ?? settings.Limits.RequestTimeout;
        return new RevisionShare(
            book.Of(new RevisionKey(@namespace, name)),
            percent,
            Seconds(revision?.ResponseStartTimeoutSeconds) ?? total,
            total,
            Seconds(revision?.IdleTimeoutSeconds) ?? TimeSpan.Zero,
            revision?.Affinity ?? false);
    }

    private void AddServiceHosts(Dictionary<string, HostEntry> hosts, ServicePicture service, ServiceRoute route)
    {
        var open = new HostEntry { Service = route, InternalOnly = service.Internal };
        var inside = new HostEntry { Service = route, InternalOnly = true };
        var domain = settings.Ingress.Domain.ToLowerInvariant();
        hosts[$"{service.Name}.{service.Namespace}.{domain}"] = open;
        hosts[$"{service.Name}.{service.Namespace}.svc.cluster.local"] = inside;
        hosts[$"{service.Name}.{service.Namespace}.svc"] = inside;
        if (service.Namespace == DefaultNamespace)
        {
            hosts[$"{service.Name}.{domain}"] = open;
        }
    }

    private void AddTagHosts(Dictionary<string, HostEntry> hosts, ServicePicture service, ServiceRoute route)
    {
        var domain = settings.Ingress.Domain.ToLowerInvariant();
        foreach (var (tag, share) in route.Tags)
        {
            var open = new HostEntry { Service = route, Tagged = share, InternalOnly = service.Internal };
            hosts.TryAdd($"{tag}-{service.Name}.{service.Namespace}.{domain}", open);
            hosts.TryAdd($"{tag}-{service.Name}.{service.Namespace}.svc.cluster.local", open with { InternalOnly = true });
            if (service.Namespace == DefaultNamespace)
            {
                hosts.TryAdd($"{tag}-{service.Name}.{domain}", open);
            }
        }
    }

    private static TimeSpan? Seconds(int? seconds) => seconds is > 0 ? TimeSpan.FromSeconds(seconds.Value) : null;
}
