using Slipway.Control.Instances;
using Slipway.Model.Resources;
using Slipway.Model.Serving;
using Slipway.Model.Values;
using Slipway.Runtime.Endpoints;
using Slipway.Runtime.Instances;

namespace Slipway.Control.Revisions;

/// <summary>What a Revision asks of the fleet. Pure.</summary>
internal static class RevisionPlanner
{
    public static readonly TimeSpan ProgressDeadlineDefault = TimeSpan.FromSeconds(600);

    /// <summary>Requests are let finish before SIGTERM, so this is only for the program's own tidying up.</summary>
    private static readonly TimeSpan s_stopGraceMax = TimeSpan.FromSeconds(30);

    public static Workload Workload(Resource revision, TemplateSpec spec, string digest, RunnableImage image) => new()
    {
        Namespace = revision.Namespace,
        Owner = revision.Name,
        OwnerUid = revision.Uid,
        OwnerKind = Kinds.Revision.Kind,
        DatabaseUser = ServiceName(revision),
        Spec = spec,
        Image = digest,
        Runnable = image,
        Serves = true,
        Variables =
        [
            new("K_SERVICE", ServiceName(revision)),
            new("K_CONFIGURATION", revision.Metadata.Label(ServingNames.Configuration) ?? ServiceName(revision)),
            new("K_REVISION", revision.Name),
        ],
        CpuBoost = revision.Metadata.Annotation(CpuBoost.Annotation) == "true",
        Labels = Labels(revision),
        StopGrace = StopGrace(spec),
    };

    /// <param name="service">The Service above, whose own limits bind on top of the template's; null for a Configuration without one.</param>
    public static RevisionPlan Plan(
        Resource revision, Resource? service, TemplateSpec spec, InstanceTemplate template, bool proven, Unavailability? blocked) => new()
    {
        Scaling = AutoscalingSettings.Read(revision.Metadata.Annotations, service?.Metadata.Annotations),
        Revision = new RevisionKey(revision.Namespace, revision.Name),
        Uid = revision.Uid,
        CreatedAt = revision.Metadata.CreationTimestamp ?? DateTimeOffset.UnixEpoch,
        Annotations = (revision.Metadata.Annotations ?? []).Where(AboutRunning).ToDictionary(StringComparer.Ordinal),
        Concurrency = spec.ContainerConcurrency ?? 0,
        Http2 = template.Http2,
        Reachable = revision.Metadata.Label(ServingNames.RoutingState) == ServingNames.RoutingActive,
        Proven = proven,
        ProgressDeadline = GoDuration.TryParse(revision.Metadata.Annotation(ServingNames.ProgressDeadline), out var deadline) && deadline > TimeSpan.Zero
            ? deadline
            : ProgressDeadlineDefault,
        Blocked = blocked,
        Template = template,
    };

    public static string ServiceName(Resource revision) =>
        revision.Metadata.Label(ServingNames.Service) ?? revision.Metadata.Label(ServingNames.Configuration) ?? revision.Name;

    /// <summary>What the reconcilers themselves keep in annotations changes without asking anything new of the fleet.</summary>
    private static bool AboutRunning(KeyValuePair<string, string> annotation) =>
        !annotation.Key.StartsWith(Kinds.ServingGroup, StringComparison.Ordinal);

    private static TimeSpan StopGrace(TemplateSpec spec)
    {
        var wanted = TimeSpan.FromSeconds(spec.TerminationGracePeriodSeconds ?? spec.TimeoutSeconds ?? 300);
        return wanted < s_stopGraceMax ? wanted : s_stopGraceMax;
    }

    private static Dictionary<string, string> Labels(Resource revision)
    {
        // The routing state changes during a revision's life, and what instances are labelled with must not.
        var labels = new Dictionary<string, string>(revision.Metadata.Labels ?? [], StringComparer.Ordinal);
        labels.Remove(ServingNames.RoutingState);
        labels["app"] = revision.Name;
        labels[ServingNames.Revision] = revision.Name;
        labels[ServingNames.RevisionUid] = revision.Uid;
        return labels;
    }
}
