using Slipway.Control.Conditions;
using Slipway.Model;
using Slipway.Model.Resources;
using Slipway.Model.Serving;

namespace Slipway.Control.Routes;

/// <summary>One share of the traffic with the Revision it goes to now.</summary>
/// <param name="Configuration">The Configuration whose latest ready Revision this follows; null for a fixed Revision.</param>
internal sealed record ResolvedTarget(string Revision, int Percent, string? Tag, string? Configuration)
{
    public bool FollowsLatest => Configuration is not null;
}

/// <param name="Final">It will not get better by waiting alone.</param>
internal sealed record TrafficProblem(bool Final, string Reason, string Message);

/// <param name="Problem">Why the traffic cannot be assigned; then the targets are not to be used.</param>
internal sealed record Resolution(IReadOnlyList<ResolvedTarget> Targets, TrafficProblem? Problem);

/// <summary>Turns a Route's wish (percent, tag, latest or by name) into Revisions.</summary>
internal static class TrafficResolver
{
    public static Resolution Resolve(RouteSpec spec, Func<string, Resource?> configuration, Func<string, Resource?> revision)
    {
        var targets = new List<ResolvedTarget>();
        TrafficProblem? problem = null;
        foreach (var entry in spec.Traffic ?? [])
        {
            var (target, obstacle) = string.IsNullOrEmpty(entry.ConfigurationName)
                ? ByName(entry, revision)
                : Latest(entry, entry.ConfigurationName, configuration, revision);
            if (target is not null)
            {
                Add(targets, target);
            }

            // The first final problem is told; one that may pass is told only when there is no other.
            if (obstacle is not null && (problem is null || (obstacle.Final && !problem.Final)))
            {
                problem = obstacle;
            }
        }

        return new Resolution(targets, problem);
    }

    private static (ResolvedTarget?, TrafficProblem?) ByName(TrafficTarget entry, Func<string, Resource?> find)
    {
        var name = entry.RevisionName ?? "";
        var revision = find(name);
        if (revision is null || revision.IsDeleting)
        {
            return (null, new TrafficProblem(true, "RevisionMissing", $"Traffic names Revision \"{name}\", which does not exist."));
        }

        return revision.ReadyStatus() switch
        {
            ConditionStatus.True => (new ResolvedTarget(name, entry.Percent ?? 0, Tag(entry), null), null),
            ConditionStatus.False => (null, new TrafficProblem(true, "RevisionMissing", $"Traffic names Revision \"{name}\", which is not able to serve: {revision.Condition(ConditionSet.Ready)?.Message}")),
            _ => (null, new TrafficProblem(false, "RevisionMissing", $"Revision \"{name}\" is not ready yet.")),
        };
    }

    private static (ResolvedTarget?, TrafficProblem?) Latest(
        TrafficTarget entry, string name, Func<string, Resource?> findConfiguration, Func<string, Resource?> findRevision)
    {
        var configuration = findConfiguration(name);
        if (configuration is null || configuration.IsDeleting)
        {
            return (null, new TrafficProblem(true, "ConfigurationMissing", $"Traffic names Configuration \"{name}\", which does not exist."));
        }

        var status = configuration.Read("status", KindsJson.Default.ConfigurationStatus);
        if (status?.LatestReadyRevisionName is { } latest && findRevision(latest) is { IsDeleting: false })
        {
            return (new ResolvedTarget(latest, entry.Percent ?? 0, Tag(entry), name), null);
        }

        var upToDate = status?.ObservedGeneration == configuration.Metadata.Generation;
        var failed = upToDate && status!.Conditions.Exists(condition => condition is { Type: ConditionSet.Ready, Status: ConditionStatus.False });
        return (null, failed
            ? new TrafficProblem(true, "RevisionMissing", $"Configuration \"{name}\" has no Revision that is ready to serve.")
            : new TrafficProblem(false, "RevisionMissing", $"Configuration \"{name}\" is waiting for its first Revision to become ready."));
    }

    /// <summary>Entries that say the same are one entry with the sum of their shares.</summary>
    private static void Add(List<ResolvedTarget> targets, ResolvedTarget target)
    {
        var same = targets.FindIndex(known => known with { Percent = target.Percent } == target);
        if (same < 0)
        {
            targets.Add(target);
        }
        else
        {
            targets[same] = target with { Percent = targets[same].Percent + target.Percent };
        }
    }

    private static string? Tag(TrafficTarget entry) => string.IsNullOrEmpty(entry.Tag) ? null : entry.Tag;
}
