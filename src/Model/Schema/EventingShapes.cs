using static Slipway.Model.Schema.Define;

namespace Slipway.Model.Schema;

/// <summary>Broker and Trigger.</summary>
internal static class EventingShapes
{
    public static readonly Shape Broker = Metadata.Kind(
        "A topic: a durable, partitioned log of events.",
        Object(
            "spec",
            "The desired state.",
            Anything("config", "Settings of other classes of brokers; annotations here.").Gated(),
            Delivery("How events are delivered unless a Trigger says otherwise.")),
        Object(
            "status",
            "The observed state.",
            Metadata.ObservedGeneration,
            Metadata.Conditions,
            Object("address", "Where events are sent.", Text("name", "Name of the address."), Text("url", "The address."))));

    public static readonly Shape Trigger = Metadata.Kind(
        "Pushes the events of a Broker that match to a subscriber.",
        Object(
            "spec",
            "The desired state.",
            Text("broker", "The Broker in the same namespace. Cannot change.").Required(),
            Object("filter", "Which events, in the older way.", TextMap("attributes", "Attributes and the exact values they must have; an empty value matches any.")),
            List(
                "filters",
                "Which events; all of these must hold.",
                TextMap("exact", "Attributes and the values they must have."),
                TextMap("prefix", "Attributes and what their values must begin with."),
                TextMap("suffix", "Attributes and what their values must end with."),
                Anything("all", "Filters that must all hold."),
                Anything("any", "Filters of which one must hold."),
                Anything("not", "A filter that must not hold."),
                Text("cesql", "An expression; not supported.")),
            Destination("subscriber", "Who gets the events.").Required(),
            Delivery("How events are delivered; wins over what the Broker says.")),
        Object(
            "status",
            "The observed state.",
            Metadata.ObservedGeneration,
            Metadata.Conditions,
            Text("subscriberUri", "Where events are sent."),
            Text("deadLetterSinkUri", "Where events go that could not be delivered.")));

    private static Field Delivery(string description) => Object(
        "delivery",
        description,
        Int("retry", "How many times more a delivery is tried."),
        Choice("backoffPolicy", "How the wait between tries grows.", "linear", "exponential"),
        Text("backoffDelay", "The first wait, such as PT0.2S."),
        Text("timeout", "How long one try may take, such as PT30S."),
        Text("retryAfterMax", "The longest Retry-After that is obeyed; PT0S obeys none."),
        Destination("deadLetterSink", "Who gets events that could not be delivered."));

    private static Field Destination(string name, string description) => Object(
        name,
        description,
        Object(
            "ref",
            "A service of this installation.",
            Text("apiVersion", "serving.knative.dev/v1 or v1.").Required(),
            Choice("kind", "Service.", "Service").Required(),
            Text("name", "Name of the service.").Required(),
            Text("namespace", "Namespace of the service; the resource's own when nothing is said.")),
        Text("uri", "An address; a path when there is a reference."));
}
