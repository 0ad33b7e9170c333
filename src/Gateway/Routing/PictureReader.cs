using System.Text;
using System.Text.Json;
using Slipway.Model;
using Slipway.Model.Platform;
using Slipway.Model.Resources;
using Slipway.Model.Serving;
using Slipway.Store;

namespace Slipway.Gateway.Routing;

/// <summary>Takes the picture from the store. What did not change since the last one is not read again.</summary>
internal sealed class PictureReader
{
    private static readonly ResourceKind[] s_kinds =
        [Kinds.Service, Kinds.Route, Kinds.Revision, Kinds.HttpRoute, Kinds.TrafficPolicy, Kinds.Secret];

    private Dictionary<ResourceKey, (long Version, object Part)> _known = [];

    /// <summary>Whether a change of this object can change routing. Secrets matter only where a policy names them.</summary>
    public static bool Concerns(ResourceKind kind) => Array.IndexOf(s_kinds, kind) >= 0;

    public RoutingPicture Read(IResourceStore store)
    {
        var next = new Dictionary<ResourceKey, (long, object)>();
        var routes = store.List(Kinds.Route);
        var services = store.List(Kinds.Service).Items.ToDictionary(service => (service.Namespace, service.Name));
        var picture = new RoutingPicture { Version = routes.Version };
        var routed = new HashSet<(string, string)>();
        foreach (var route in routes.Items)
        {
            services.Remove((route.Namespace, route.Name), out var service);
            var status = Part(next, route, static resource => resource.Read("status", KindsJson.Default.RouteStatus) ?? new RouteStatus());
            var seen = Describe(route.Namespace, route.Name, service ?? route, route);
            seen.Traffic = [.. (status.Traffic ?? []).Where(target => !string.IsNullOrEmpty(target.RevisionName))];
            picture.Services.Add(seen);
            foreach (var target in seen.Traffic)
            {
                routed.Add((route.Namespace, target.RevisionName!));
            }
        }

        foreach (var service in services.Values)
        {
            // Known by name, but nothing is ready yet: clients are told so instead of "unknown host".
            picture.Services.Add(Describe(service.Namespace, service.Name, service, service));
        }

        foreach (var revision in store.List(Kinds.Revision).Items)
        {
            if (routed.Contains((revision.Namespace, revision.Name)))
            {
                picture.Revisions.Add(Part(next, revision, ReadRevision));
            }
        }

        picture.HttpRoutes.AddRange(store.List(Kinds.HttpRoute).Items.Select(route => Part(next, route, ReadHttpRoute)));
        picture.Policies.AddRange(store.List(Kinds.TrafficPolicy).Items
            .Select(policy => Part(next, policy, ReadPolicy))
            .Select(policy => WithKeys(policy, store)));
        _known = next;
        return picture;
    }

    private static ServicePicture Describe(string @namespace, string name, Resource service, Resource route)
    {
        var visibility = service.Metadata.Label(ServingNames.Visibility) ?? route.Metadata.Label(ServingNames.Visibility);
        var ingress = service.Metadata.Annotation("run.googleapis.com/ingress");
        return new ServicePicture
        {
            Namespace = @namespace,
            Name = name,
            Stopped = service.Metadata.Annotation(ServingNames.Stopped) == "true",
            Internal = visibility == ServingNames.ClusterLocal || ingress is "internal" or "internal-and-cloud-load-balancing",
            Invokers = InvokersOf(service),
            Audiences = AudiencesOf(service),
        };
    }

    /// <summary>Who the policy binds to the role of an invoker; without a policy everybody is one. A condition counts as not met.</summary>
    private static List<string>? InvokersOf(Resource service)
    {
        if (service.Metadata.Annotation(ServingNames.InvokerPolicy) is not { } text)
        {
            return null;
        }

        try
        {
            using var policy = JsonDocument.Parse(text);
            return !policy.RootElement.TryGetProperty("bindings", out var bindings) ? [] :
            [
                .. bindings.EnumerateArray()
                    .Where(binding => binding.GetProperty("role").GetString() is "roles/run.invoker" or "roles/run.admin" && !binding.TryGetProperty("condition", out _))
                    .SelectMany(binding => binding.GetProperty("members").EnumerateArray().Select(member => member.GetString() ?? "")),
            ];
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            // What cannot be understood opens nothing.
            return [];
        }
    }

    private static List<string> AudiencesOf(Resource service)
    {
        try
        {
            using var list = JsonDocument.Parse(service.Metadata.Annotation("run.googleapis.com/custom-audiences") ?? "[]");
            return [.. list.RootElement.EnumerateArray().Select(one => one.GetString()).OfType<string>()];
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException)
        {
            return [];
        }
    }

    private static RevisionPicture ReadRevision(Resource revision)
    {
        var spec = revision.Read("spec", KindsJson.Default.TemplateSpec) ?? new TemplateSpec();
        return new RevisionPicture
        {
            Namespace = revision.Namespace,
            Name = revision.Name,
            TimeoutSeconds = spec.TimeoutSeconds,
            ResponseStartTimeoutSeconds = spec.ResponseStartTimeoutSeconds,
            IdleTimeoutSeconds = spec.IdleTimeoutSeconds,
            Affinity = revision.Metadata.Annotation("run.googleapis.com/sessionAffinity") == "true",
        };
    }

    private static HttpRoutePicture ReadHttpRoute(Resource route) => new()
    {
        Namespace = route.Namespace,
        Name = route.Name,
        CreatedAt = route.Metadata.CreationTimestamp ?? DateTimeOffset.UnixEpoch,
        Spec = route.Read("spec", KindsJson.Default.HttpRouteSpec) ?? new Model.Gateway.HttpRouteSpec(),
    };

    private static PolicyPicture ReadPolicy(Resource policy) => new()
    {
        Namespace = policy.Namespace,
        Name = policy.Name,
        CreatedAt = policy.Metadata.CreationTimestamp ?? DateTimeOffset.UnixEpoch,
        Spec = policy.Read("spec", KindsJson.Default.TrafficPolicySpec) ?? new Model.Platform.TrafficPolicySpec(),
    };

    private static PolicyPicture WithKeys(PolicyPicture policy, IResourceStore store)
    {
        var followed = policy.Spec.Authentication?.IssuerService is { Length: > 0 };
        var name = followed ? AuthenticationSpec.IssuerSecretName(policy.Name) : policy.Spec.Authentication?.JwksSecretName;
        if (string.IsNullOrEmpty(name) || store.Get(new ResourceKey(Kinds.Secret, policy.Namespace, name)) is not { } secret)
        {
            return policy;
        }

        // Without the issuer's own word a key set is not used: a token of any issuer with such a key would pass.
        var issuer = followed ? ValueOf(secret, "issuer") : null;
        return followed && issuer is null ? policy : policy with { Jwks = ValueOf(secret, "jwks.json"), Issuer = issuer };
    }

    private static string? ValueOf(Resource secret, string key)
    {
        try
        {
            if (secret.Read("data", KindsJson.Default.DictionaryStringString) is { } data && data.TryGetValue(key, out var encoded))
            {
                return Encoding.UTF8.GetString(Convert.FromBase64String(encoded));
            }

            return secret.Read("stringData", KindsJson.Default.DictionaryStringString) is { } plain && plain.TryGetValue(key, out var text) ? text : null;
        }
        catch (Exception unreadable) when (unreadable is FormatException or JsonException)
        {
            // A key set that cannot be read counts as missing: nobody gets in, and the policy's condition says why.
            return null;
        }
    }

    private T Part<T>(Dictionary<ResourceKey, (long, object)> next, Resource resource, Func<Resource, T> read)
        where T : class
    {
        var part = _known.TryGetValue(resource.Key, out var known) && known.Version == resource.Version && known.Part is T kept
            ? kept
            : read(resource);
        next[resource.Key] = (resource.Version, part);
        return part;
    }
}
