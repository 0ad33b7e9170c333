using Slipway.Gateway.Policies;
using Slipway.Gateway.Routing;
using Slipway.Model.Gateway;
using Slipway.Model.Resources;

namespace Slipway.Gateway.Status;

/// <summary>What routes and policies are told about themselves. Pure: the picture goes in, conditions come out.</summary>
internal sealed class StatusPlanner(Func<string, string, bool> serviceExists, Func<string, string, bool> routeExists, DateTimeOffset now)
{
    public const string ControllerName = "slipway.dev/gateway";

    public HttpRouteStatus Route(HttpRoutePicture route, HttpRouteStatus? before)
    {
        var resolved = Resolve(route);
        var parents = route.Spec.ParentRefs is { Count: > 0 } named ? named : [new ParentReference { Group = Kinds.GatewayGroup, Kind = "Gateway", Name = "slipway" }];
        return new HttpRouteStatus
        {
            Parents = [.. parents.Select(parent =>
            {
                var old = before?.Parents?.Find(other => other.ParentRef == parent && other.ControllerName == ControllerName)?.Conditions;
                return new HttpRouteParentStatus
                {
                    ParentRef = parent,
                    ControllerName = ControllerName,
                    Conditions = [Settle(Condition("Accepted", null, "Accepted", "The route is served."), old), Settle(resolved, old)],
                };
            })],
        };
    }

    /// <param name="winner">The policy that counts for the same target, this one or an older one.</param>
    public Condition Policy(PolicyPicture policy, string winner, IReadOnlyList<Condition>? before)
    {
        var target = policy.Spec.TargetRef;
        var found = target.Kind == Kinds.HttpRoute.Kind ? routeExists(policy.Namespace, target.Name) : serviceExists(policy.Namespace, target.Name);
        var authentication = policy.Spec.Authentication;
        var condition = !found
            ? Condition("Accepted", false, "TargetNotFound", $"There is no {target.Kind} \"{target.Name}\" in namespace \"{policy.Namespace}\".")
            : winner != policy.Name
                ? Condition("Accepted", false, "Conflicted", $"The older policy \"{winner}\" already applies to {target.Kind} \"{target.Name}\".")
                : authentication is { Mode: "jwt" } && KeySet.TryParse(policy.Jwks) is not { Count: > 0 }
                    ? authentication.IssuerService is { Length: > 0 } issuer
                        ? Condition("Accepted", false, "IssuerUnknown", $"Service \"{issuer}\" has not yet told its keys; until then every request is refused.")
                        : Condition("Accepted", false, "InvalidKeys", $"Secret \"{authentication.JwksSecretName}\" needs a key \"jwks.json\" with at least one ES256 key; until then every request is refused.")
                    : Condition("Accepted", null, "Accepted", "The policy is applied.");
        return Settle(condition, before);
    }

    private Condition Resolve(HttpRoutePicture route)
    {
        foreach (var backend in (route.Spec.Rules ?? []).SelectMany(rule => rule.BackendRefs ?? []))
        {
            if (!BackendRules.IsOwnNamespace(backend, route.Namespace))
            {
                return Condition("ResolvedRefs", false, "RefNotPermitted", $"Backend \"{backend.Namespace}/{backend.Name}\" is in another namespace.");
            }

            if (!BackendRules.IsServable(backend, route.Namespace))
            {
                return Condition("ResolvedRefs", false, "InvalidKind", $"Backend \"{backend.Name}\" must be a Service.");
            }

            if (!serviceExists(route.Namespace, backend.Name))
            {
                return Condition("ResolvedRefs", false, "BackendNotFound", $"There is no Service \"{backend.Name}\" in namespace \"{route.Namespace}\"; its share is answered 500.");
            }
        }

        return Condition("ResolvedRefs", null, "ResolvedRefs", "Every backend exists.");
    }

    private Condition Condition(string type, bool? holds, string reason, string message) => new()
    {
        Type = type,
        Status = holds is false ? ConditionStatus.False : ConditionStatus.True,
        Reason = reason,
        Message = message,
        LastTransitionTime = now,
    };

    /// <summary>A condition that says what it said before keeps the time since when it does.</summary>
    private static Condition Settle(Condition next, IReadOnlyList<Condition>? before)
    {
        var old = before?.FirstOrDefault(other => other.Type == next.Type);
        return old is not null && old.Status == next.Status ? next with { LastTransitionTime = old.LastTransitionTime } : next;
    }
}
