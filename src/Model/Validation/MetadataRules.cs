using System.Text;
using System.Text.Json.Nodes;
using Slipway.Model.Decoding;
using Slipway.Model.Resources;
using Slipway.Model.Trees;
using Slipway.Model.Values;

namespace Slipway.Model.Validation;

/// <summary>Names, labels, annotations and owners; the same for every kind but for the class of the name.</summary>
internal static class MetadataRules
{
    /// <summary>All annotations of one object together, keys included.</summary>
    private const int AnnotationBytesMax = 256 * 1024;

    public static void Check(ResourceKind kind, JsonObject manifest, FindingList findings)
    {
        var metadata = manifest.Object("metadata");
        Name(kind, metadata, findings);
        if (kind.Namespaced && metadata.Text("namespace") is { Length: > 0 } @namespace)
        {
            foreach (var problem in Names.Dns1123LabelProblems(@namespace))
            {
                findings.Invalid(@namespace, "metadata.namespace", problem);
            }
        }

        Maps(metadata, "metadata", findings);
        Owners(metadata, findings);
    }

    /// <summary>Labels and annotations of an object or a template.</summary>
    public static void Maps(JsonObject? metadata, string path, FindingList findings)
    {
        var labels = FieldPath.Member(path, "labels");
        foreach (var (key, value) in metadata.TextEntries("labels"))
        {
            foreach (var problem in Names.QualifiedNameProblems(key))
            {
                findings.InvalidKey(key, FieldPath.Key(labels, key), problem);
            }

            foreach (var problem in Names.LabelValueProblems(value))
            {
                findings.Invalid(value, FieldPath.Key(labels, key), problem);
            }
        }

        var annotations = FieldPath.Member(path, "annotations");
        var bytes = 0L;
        foreach (var (key, value) in metadata.TextEntries("annotations"))
        {
            bytes += Encoding.UTF8.GetByteCount(key) + Encoding.UTF8.GetByteCount(value);

            // Kubernetes folds the case of annotation keys before it looks at them; label keys keep theirs.
            foreach (var problem in Names.QualifiedNameProblems(key.ToLowerInvariant()))
            {
                findings.InvalidKey(key, FieldPath.Key(annotations, key), problem);
            }
        }

        if (bytes > AnnotationBytesMax)
        {
            findings.Invalid($"{bytes} bytes", annotations, $"annotations may have at most {AnnotationBytesMax} bytes together");
        }
    }

    private static void Name(ResourceKind kind, JsonObject? metadata, FindingList findings)
    {
        if (metadata.Text("name") is { Length: > 0 } name)
        {
            foreach (var problem in Problems(kind, name))
            {
                findings.Invalid(name, "metadata.name", problem);
            }
        }
        else if (metadata.Text("generateName") is { Length: > 0 } prefix)
        {
            // The server appends letters, so a prefix may end with a separator that a whole name may not end with.
            foreach (var problem in Problems(kind, prefix.TrimEnd('-', '.') is { Length: > 0 } trimmed ? trimmed : prefix))
            {
                findings.Invalid(prefix, "metadata.generateName", problem);
            }
        }
        else
        {
            findings.Missing("metadata.name");
        }
    }

    private static IReadOnlyList<string> Problems(ResourceKind kind, string name) =>
        kind.Group == Kinds.ServingGroup || kind == Kinds.CoreService ? Names.Dns1035LabelProblems(name)
        : kind == Kinds.Namespace ? Names.Dns1123LabelProblems(name)
        : Names.Dns1123SubdomainProblems(name);

    private static void Owners(JsonObject? metadata, FindingList findings)
    {
        var controllers = 0;
        foreach (var (owner, index) in metadata.Objects("ownerReferences"))
        {
            if (owner.Flag("controller") == true && ++controllers == 2)
            {
                findings.Invalid(
                    owner.Text("name") ?? "",
                    FieldPath.Index("metadata.ownerReferences", index),
                    "only one owner can have controller set to true");
            }
        }
    }
}
