namespace Slipway.Model.Serving;

/// <summary>Labels and annotations of serving resources, as they stand on the wire.</summary>
public static class ServingNames
{
    /// <summary>Who may invoke a service, as gcloud writes it: JSON text.</summary>
    public const string InvokerPolicy = "slipway.dev/iam-policy";

    public const string Service = "serving.knative.dev/service";
    public const string ServiceUid = "serving.knative.dev/serviceUID";
    public const string Configuration = "serving.knative.dev/configuration";
    public const string ConfigurationUid = "serving.knative.dev/configurationUID";
    public const string ConfigurationGeneration = "serving.knative.dev/configurationGeneration";
    public const string Revision = "serving.knative.dev/revision";
    public const string RevisionUid = "serving.knative.dev/revisionUID";
    public const string RoutingState = "serving.knative.dev/routingState";
    public const string RoutingStateModified = "serving.knative.dev/routingStateModified";
    public const string Routes = "serving.knative.dev/routes";
    public const string Creator = "serving.knative.dev/creator";
    public const string LastModifier = "serving.knative.dev/lastModifier";
    public const string RolloutDuration = "serving.knative.dev/rollout-duration";
    public const string ProgressDeadline = "serving.knative.dev/progress-deadline";
    public const string Visibility = "networking.knative.dev/visibility";
    public const string ClusterLocal = "cluster-local";
    public const string Autoscaling = "autoscaling.knative.dev/";
    public const string LastApplied = "kubectl.kubernetes.io/last-applied-configuration";

    /// <summary>On a Service: <c>"true"</c> stops every instance and refuses traffic until it is removed.</summary>
    public const string Stopped = "slipway.dev/stopped";

    public const string RoutingPending = "pending";
    public const string RoutingActive = "active";
    public const string RoutingReserve = "reserve";
}
