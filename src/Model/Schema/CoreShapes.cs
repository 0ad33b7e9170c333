using static Slipway.Model.Schema.Define;

namespace Slipway.Model.Schema;

/// <summary>The kinds of the core group.</summary>
internal static class CoreShapes
{
    public static readonly Shape Namespace = Metadata.Kind(
        "A room for names: objects of one team or project.",
        Object("spec", "The desired state.", SetOfTexts("finalizers", "Parties that must agree before the namespace is removed.")),
        Object(
            "status",
            "The observed state.",
            Choice("phase", "Active, or Terminating while it is being emptied.", "Active", "Terminating"),
            Metadata.Conditions));

    public static readonly Shape Secret = Metadata.Kind(
        "Values that must not be seen by everyone.",
        BytesMap("data", "Keys and values, base64."),
        TextMap("stringData", "Keys and values in clear text; moved into data and never returned."),
        Text("type", "What the Secret is for; Opaque when nothing is said. Cannot change."),
        Flag("immutable", "True forbids every further change of the values."));

    public static readonly Shape ConfigMap = Metadata.Kind(
        "Settings.",
        TextMap("data", "Keys and text values."),
        BytesMap("binaryData", "Keys and binary values, base64."),
        Flag("immutable", "True forbids every further change of the values."));

    public static readonly Shape ServiceAccount = Metadata.Kind(
        "An identity for instances.",
        ListBy("name", "secrets", "Secrets of the account.", ReferenceFields()),
        ListBy("name", "imagePullSecrets", "Secrets with registry credentials.", Text("name", "Name of the Secret.")).AtomicForApply(),
        Flag("automountServiceAccountToken", "Whether instances get a token directory."));

    public static readonly Shape Pod = Metadata.Kind(
        "A read-only view of one instance.",
        Object("spec", "What the instance runs.", [.. new PodShapes(serving: false).SpecFields()]),
        Object(
            "status",
            "How the instance is doing.",
            Text("phase", "Pending, Running, Succeeded, Failed or Unknown."),
            Metadata.Conditions,
            Text("message", "A sentence for people."),
            Text("reason", "One word for programs."),
            Time("startTime", "When the instance was started."),
            Text("hostIP", "Address of the machine."),
            Text("podIP", "Address of the instance."),
            List("podIPs", "Addresses of the instance.", Text("ip", "An address.")),
            Text("qosClass", "How resources are shared."),
            Anything("initContainerStatuses", "States of the start containers."),
            List("containerStatuses", "States of the containers.", ContainerStatusFields())));

    public static readonly Shape Event = Metadata.Kind(
        "Something that happened to an object.",
        Object("involvedObject", "The object it is about.", ReferenceFields()),
        Text("reason", "One word for programs."),
        Text("message", "A sentence for people."),
        Text("type", "Normal or Warning."),
        Int("count", "How often it happened."),
        Time("firstTimestamp", "When it happened first."),
        Time("lastTimestamp", "When it happened last."),
        Time("eventTime", "When it happened, more exactly."),
        Object("source", "Who says so.", Text("component", "The part that reports."), Text("host", "Its machine.")),
        Text("reportingComponent", "The part that reports."),
        Text("reportingInstance", "The instance of that part."),
        Text("action", "What was done."),
        Object("related", "A second object.", ReferenceFields()),
        Anything("series", "Repetitions."));

    public static readonly Shape Service = Metadata.Kind(
        "A read-only view of an address.",
        Object(
            "spec",
            "The address.",
            Text("type", "How it is reached."),
            Text("clusterIP", "Address inside."),
            Texts("clusterIPs", "Addresses inside."),
            Text("externalName", "The host name it stands for."),
            Texts("externalIPs", "Addresses outside."),
            Text("sessionAffinity", "Whether a client stays with one instance."),
            Text("externalTrafficPolicy", "How outside traffic travels."),
            Text("internalTrafficPolicy", "How inside traffic travels."),
            Text("ipFamilyPolicy", "Address families."),
            Texts("ipFamilies", "Address families."),
            TextMap("selector", "Labels of the instances behind it."),
            ListBy(
                "port",
                "ports",
                "Its ports.",
                Text("name", "Name of the port."),
                Text("protocol", "TCP or UDP.") with { Default = "TCP" },
                Text("appProtocol", "What is spoken on the port."),
                Int("port", "The port number.").Required(),
                Port("targetPort", "The port of the instance."),
                Int("nodePort", "The port on the machine.")).Keyed("port", "port", "protocol")),
        Object(
            "status",
            "The observed state.",
            Metadata.Conditions,
            Object(
                "loadBalancer",
                "Where it is reached from outside.",
                List(
                    "ingress",
                    "Entry points.",
                    Text("ip", "An address."),
                    Text("hostname", "A host name."),
                    Text("ipMode", "How the address behaves."),
                    Anything("ports", "Ports of the entry point.")))));

    internal static Field[] ReferenceFields() =>
    [
        Text("apiVersion", "API version of the object."),
        Text("kind", "Kind of the object."),
        Text("namespace", "Namespace of the object."),
        Text("name", "Name of the object."),
        Text("uid", "Uid of the object."),
        Text("resourceVersion", "Version of the object."),
        Text("fieldPath", "A place in the object."),
    ];

    private static Field[] ContainerStatusFields() =>
    [
        Text("name", "Name of the container."),
        Flag("ready", "Whether it takes requests."),
        Flag("started", "Whether it has started."),
        Int("restartCount", "How often it was restarted."),
        Text("image", "The image it runs."),
        Text("imageID", "The image with its digest."),
        Text("containerID", "Identity of the container."),
        State("state", "What it is doing."),
        State("lastState", "How its last run ended."),
    ];

    private static Field State(string name, string description) => Object(
        name,
        description,
        Object("waiting", "Not running yet.", Text("reason", "One word."), Text("message", "A sentence.")),
        Object("running", "Running.", Time("startedAt", "Since when.")),
        Object(
            "terminated",
            "Ended.",
            Int("exitCode", "Exit code."),
            Int("signal", "Signal that ended it."),
            Text("reason", "One word."),
            Text("message", "A sentence."),
            Time("startedAt", "From."),
            Time("finishedAt", "To."),
            Text("containerID", "Identity of the container.")));
}
