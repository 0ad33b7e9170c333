using static Slipway.Model.Schema.Define;

namespace Slipway.Model.Schema;

/// <summary>The fields every kind shares.</summary>
internal static class Metadata
{
    public static readonly Field OfObject = Object(
        "metadata",
        "Name, labels and bookkeeping of the object.",
        Text("name", "Name, unique among the objects of this kind in the namespace. Cannot change."),
        Text("generateName", "Prefix of a name the server completes when no name is given."),
        Text("namespace", "The namespace the object lives in. Cannot change."),
        Text("selfLink", "No longer set by servers; ignored."),
        Text("uid", "Identity of this very object, given by the server."),
        Text("resourceVersion", "The version last read. When sent with a change, the change is refused if the object has moved on."),
        Long("generation", "Grows when the desired state changes. Set by the server."),
        Time("creationTimestamp", "When the object was created. Set by the server."),
        Time("deletionTimestamp", "When deletion was asked for. Set by the server."),
        Long("deletionGracePeriodSeconds", "Seconds between the request to delete and the deletion."),
        TextMap("labels", "Keys and short values to select objects by."),
        TextMap("annotations", "Keys and values that tools attach to the object."),
        ListBy(
            "uid",
            "ownerReferences",
            "Objects this one depends on; it is collected when all of them are gone.",
            Text("apiVersion", "API version of the owner.").Required(),
            Text("kind", "Kind of the owner.").Required(),
            Text("name", "Name of the owner.").Required(),
            Text("uid", "Uid of the owner.").Required(),
            Flag("controller", "True for the one owner that manages this object."),
            Flag("blockOwnerDeletion", "Keeps the owner visible in a foreground deletion until this object is gone.")),
        SetOfTexts("finalizers", "Parties that must agree before the object is removed."),
        new Field("managedFields", new Shape(
            ShapeType.List,
            "Who set which field. Set by the server.",
            items: new Shape(ShapeType.Any, "The fields of one manager."))));

    /// <summary>The metadata of a template: what the objects made from it will carry.</summary>
    public static Field OfTemplate(string description) => Object(
        "metadata",
        description,
        Text("name", "Name of the object to be made; left empty, the server chooses one."),
        Text("generateName", "Not used for templates.").Gated(),
        Text("namespace", "Objects are made in the namespace of their parent; may only repeat it."),
        Time("creationTimestamp", "Ignored; tools write null here."),
        TextMap("labels", "Labels of the objects made from the template."),
        TextMap("annotations", "Annotations of the objects made from the template."),
        SetOfTexts("finalizers", "Not used for templates.").Gated(),
        Anything("ownerReferences", "Not used for templates.").Gated());

    public static Field Conditions { get; } = ListBy(
        "type",
        "conditions",
        "Claims about the object, each true, false or not yet known.",
        Text("type", "What is claimed.").Required(),
        Choice("status", "Whether it holds.", "True", "False", "Unknown").Required(),
        Text("severity", "Empty when the claim counts towards Ready; Info or Warning when it does not."),
        Text("reason", "One word for programs."),
        Text("message", "A sentence for people."),
        Time("lastTransitionTime", "When the status last changed."),
        Time("lastProbeTime", "When the status was last looked at."),
        Time("lastUpdateTime", "When the condition was last written."),
        Long("observedGeneration", "The generation the claim is about."));

    public static readonly Field ObservedGeneration = Long("observedGeneration", "The generation this status is about.");

    /// <summary>A whole kind: the type fields, the metadata and what is its own.</summary>
    public static Shape Kind(string description, params Field[] body) => new(
        ShapeType.Object,
        description,
        [
            Text("apiVersion", "The API version of this manifest."),
            Text("kind", "The kind of this manifest."),
            OfObject,
            .. body,
        ]);
}
