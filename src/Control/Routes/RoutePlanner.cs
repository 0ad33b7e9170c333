using Slipway.Control.Conditions;
using Slipway.Model;
using Slipway.Model.Resources;
using Slipway.Model.Serving;

namespace Slipway.Control.Routes;

/// <param name="AwaitsIngress">The data plane has not taken up the table yet.</param>
/// <param name="NextStepAt">When the earliest roll-out moves on.</param>
internal sealed record RoutePlan(RouteStatus Status, ObjectMeta Metadata, bool AwaitsIngress, DateTimeOffset? NextStepAt);

/// <summary>What a Route says and routes next, from what it wants, what its Revisions say and what the data plane serves.</summary>
internal static class RoutePlanner
{
    public const string AllTrafficAssigned = "AllTrafficAssigned";
    public const string IngressReady = "IngressReady";
    public const string CertificateProvisioned = "CertificateProvisioned";

    private static readonly string[] s_terminal = [AllTrafficAssigned, IngressReady, CertificateProvisioned];

    /// <param name="servesPresent">Whether the data plane routes by the Route's present version already.</param>
    public static RoutePlan Plan(Resource route, Resolution resolution, IngressSettings ingress, bool servesPresent, DateTimeOffset now)
    {
        var former = route.Read("status", KindsJson.Default.RouteStatus) ?? new RouteStatus();
        var conditions = new ConditionSet(former.Conditions, s_terminal, now);
        var status = new RouteStatus
        {
            ObservedGeneration = route.Metadata.Generation,
            Url = RouteUrls.Of(route, ingress),
            Address = new Address { Url = RouteUrls.Inside(route) },
            Traffic = former.Traffic,
        };
        if (ingress.Scheme == "https")
        {
            conditions.True(CertificateProvisioned);
        }
        else
        {
            conditions.True(CertificateProvisioned, "TLSNotEnabled", "TLS is turned off; the URL uses plain HTTP.");
        }

        if (resolution.Problem is { } problem)
        {
            // The old table goes on serving; only what could not be assigned is told.
            Mark(conditions, problem);
            if (conditions.Former(IngressReady) is { Status: ConditionStatus.True })
            {
                conditions.Keep(IngressReady);
            }
            else
            {
                conditions.Unknown(IngressReady, "IngressNotConfigured", "The ingress waits for traffic that can be assigned.");
            }

            status.Conditions = conditions.Build();
            return new RoutePlan(status, route.Metadata, false, null);
        }

        conditions.True(AllTrafficAssigned);
        return Assign(route, resolution, ingress, servesPresent, former, status, conditions, now);
    }

    private static RoutePlan Assign(
        Resource route,
        Resolution resolution,
        IngressSettings ingress,
        bool servesPresent,
        RouteStatus former,
        RouteStatus status,
        ConditionSet conditions,
        DateTimeOffset now)
    {
        var duration = RouteRollouts.Duration(route);
        var kept = RouteRollouts.Read(route);
        var rollouts = resolution.Targets
            .Where(target => target.FollowsLatest)
            .Select(target => Rollouts.Advance(
                RouteRollouts.Previous(kept, former, target),
                Rollout.To(target.Configuration!, target.Tag, target.Revision, target.Percent),
                duration,
                now))
            .ToList();
        status.Traffic = Table(route, resolution.Targets, rollouts, ingress);

        var unchanged = Same(former.Traffic, status.Traffic) && former.Url == status.Url;
        if (unchanged && servesPresent)
        {
            rollouts = [.. rollouts.Select(rollout =>
                rollout.Settled || rollout.NextStepAt is not null ? rollout : Rollouts.FirstStepServed(rollout, duration, now))];
        }

        var rolling = rollouts.Exists(rollout => !rollout.Settled);
        var awaits = false;
        if (rolling)
        {
            conditions.Unknown(IngressReady, "RolloutInProgress", "Traffic is moving to the latest ready Revision step by step.");
            awaits = rollouts.Exists(rollout => rollout is { Settled: false, NextStepAt: null });
        }
        else if (unchanged && (conditions.Former(IngressReady) is { Status: ConditionStatus.True } || servesPresent))
        {
            conditions.True(IngressReady);
        }
        else
        {
            conditions.Unknown(IngressReady, "IngressNotConfigured", "The ingress has not taken up the new traffic yet.");
            awaits = true;
        }

        status.Conditions = conditions.Build();
        var nextStep = rollouts.Where(rollout => !rollout.Settled).Min(rollout => rollout.NextStepAt);
        return new RoutePlan(status, RouteRollouts.Write(route.Metadata, rollouts), awaits, nextStep);
    }

    private static void Mark(ConditionSet conditions, TrafficProblem problem)
    {
        if (problem.Final)
        {
            conditions.False(AllTrafficAssigned, problem.Reason, problem.Message);
        }
        else
        {
            conditions.Unknown(AllTrafficAssigned, problem.Reason, problem.Message);
        }
    }

    private static List<TrafficTarget> Table(
        Resource route, IReadOnlyList<ResolvedTarget> targets, List<Rollout> rollouts, IngressSettings ingress)
    {
        var table = new List<TrafficTarget>();
        foreach (var target in targets)
        {
            var url = target.Tag is null ? null : RouteUrls.OfTag(route, target.Tag, ingress);
            var rollout = rollouts.Find(candidate =>
                target.FollowsLatest && candidate.Configuration == target.Configuration && candidate.Tag == target.Tag);
            if (rollout is null)
            {
                table.Add(Entry(target.Revision, target.Percent, false, target.Tag, url));
                continue;
            }

            // While traffic moves, only the newest of the shares is what the latest is becoming; the tag stays with it.
            for (var position = 0; position < rollout.Shares.Count; position++)
            {
                var newest = position == rollout.Shares.Count - 1;
                var share = rollout.Shares[position];
                table.Add(Entry(share.Revision, share.Percent, newest, newest ? target.Tag : null, newest ? url : null));
            }
        }

        return table;
    }

    private static TrafficTarget Entry(string revision, int percent, bool latest, string? tag, string? url) =>
        new() { RevisionName = revision, Percent = percent, LatestRevision = latest, Tag = tag, Url = url };

    private static bool Same(List<TrafficTarget>? one, List<TrafficTarget>? other) =>
        (one ?? []).SequenceEqual(other ?? []);
}
