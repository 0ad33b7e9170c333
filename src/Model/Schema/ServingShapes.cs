using static Slipway.Model.Schema.Define;

namespace Slipway.Model.Schema;

/// <summary>Service, Configuration, Revision and Route.</summary>
internal static class ServingShapes
{
    private static readonly PodShapes s_pod = new(serving: true);

    private static readonly Field[] s_revisionFields =
    [
        Long("containerConcurrency", "Requests one instance handles at once; 0 sets no limit."),
        Long("timeoutSeconds", "Longest wait for the first byte of an answer."),
        Long("responseStartTimeoutSeconds", "Longest wait for the instance to begin its answer."),
        Long("idleTimeoutSeconds", "Longest silence on an open request; 0 sets no limit."),
    ];

    private static readonly Field s_template = s_pod.Template("What the next revision will look like.", s_revisionFields);

    private static readonly Field s_conditions = Metadata.Conditions.AtomicForApply();

    private static readonly Field s_latestCreated = Text("latestCreatedRevisionName", "The newest revision.");

    private static readonly Field s_latestReady = Text("latestReadyRevisionName", "The newest revision that has become ready.");

    private static readonly Field s_annotations = TextMap("annotations", "Notes of the controllers.");

    public static readonly Shape Service = Metadata.Kind(
        "An application: its template and how traffic is shared between its revisions.",
        Object("spec", "The desired state.", s_template, Traffic("Shares of the traffic; all to the latest ready revision when empty.")),
        Object(
            "status",
            "The observed state.",
            Metadata.ObservedGeneration,
            s_conditions,
            s_annotations,
            s_latestCreated,
            s_latestReady,
            Url(),
            Address(),
            Traffic("Shares as they are applied.")));

    public static readonly Shape Configuration = Metadata.Kind(
        "The template of an application; every change makes a new revision.",
        Object("spec", "The desired state.", s_template),
        Object("status", "The observed state.", Metadata.ObservedGeneration, s_conditions, s_annotations, s_latestCreated, s_latestReady));

    public static readonly Shape Revision = Metadata.Kind(
        "One immutable version of an application.",
        Object("spec", "What every instance runs.", [.. s_revisionFields, .. s_pod.SpecFields()]),
        Object(
            "status",
            "The observed state.",
            Metadata.ObservedGeneration,
            s_conditions,
            s_annotations,
            ContainerDigests("containerStatuses", "The containers with their resolved images."),
            ContainerDigests("initContainerStatuses", "The start containers with their resolved images."),
            Int("actualReplicas", "Instances that are ready."),
            Int("desiredReplicas", "Instances the autoscaler wants."),
            Text("serviceName", "Kept for old clients."),
            Text("logUrl", "Where the logs can be read.")));

    public static readonly Shape Route = Metadata.Kind(
        "A host name and the shares of its traffic.",
        Object("spec", "The desired state.", Traffic("Shares of the traffic.")),
        Object(
            "status",
            "The observed state.",
            Metadata.ObservedGeneration,
            s_conditions,
            s_annotations,
            Url(),
            Address(),
            Traffic("Shares as they are applied.")));

    private static Field Traffic(string description) => List(
        "traffic",
        description,
        Text("tag", "A name under which this entry has a host of its own."),
        Text("revisionName", "The revision that gets the share."),
        Text("configurationName", "The configuration whose latest ready revision gets the share (Route only)."),
        Flag("latestRevision", "True when the share follows the latest ready revision."),
        Long("percent", "The share, 0 to 100; the shares add up to 100."),
        Text("url", "The address of the tag; set by the server."));

    private static Field Url() => Text("url", "The address for the outside.");

    private static Field Address() => Object(
        "address",
        "The address for neighbours.",
        Text("name", "Name of the address."),
        Text("url", "The address."),
        Text("CACerts", "Certificates of its authority."),
        Text("audience", "Whom tokens are for."));

    private static Field ContainerDigests(string name, string description) => List(
        name,
        description,
        Text("name", "Name of the container."),
        Text("imageDigest", "The image as repository@digest."));
}
