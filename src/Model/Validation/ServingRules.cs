using System.Globalization;
using System.Text.Json.Nodes;
using Slipway.Model.Decoding;
using Slipway.Model.Defaulting;
using Slipway.Model.Resources;
using Slipway.Model.Serving;
using Slipway.Model.Trees;
using Slipway.Model.Values;

namespace Slipway.Model.Validation;

/// <summary>Service, Configuration, Revision and Route.</summary>
internal static class ServingRules
{
    private const string TemplateMetadata = "spec.template.metadata";
    private const string Annotations = "metadata.annotations";

    private static readonly string[] s_containersInTemplate = ["spec", "template", "spec", "containers"];
    private static readonly string[] s_containersInRevision = ["spec", "containers"];

    public static void Check(ResourceKind kind, JsonObject next, JsonObject? current, DefaultSettings settings, FindingList findings)
    {
        if (kind == Kinds.Revision)
        {
            Reachable(next, s_containersInRevision, findings);
            Scaling(next.Object("metadata"), "metadata", settings, findings);
            new PodRules("spec", serving: true, settings, findings).Check(next.Object("spec"));
            if (current is not null && !JsonTree.Same(current.Object("spec"), next.Object("spec")))
            {
                findings.Immutable("spec", "a revision never changes; change the template of its Service or Configuration to make a new one");
            }

            return;
        }

        Placement(next.Object("metadata"), findings);
        if (kind == Kinds.Service || kind == Kinds.Configuration)
        {
            Reachable(next, s_containersInTemplate, findings);
            Template(next, current, settings, findings);
        }

        if (kind == Kinds.Service || kind == Kinds.Route)
        {
            TrafficRules.Check(next, kind == Kinds.Service, findings);
            RolloutDuration(next, findings);
        }

        if (kind == Kinds.Service)
        {
            ServiceScaling(next.Object("metadata"), findings);
        }
        else
        {
            ServiceLabel(next.Object("metadata"), findings);
        }

        Authorship(kind, next, current, findings);
    }

    /// <summary>Says what is missing when a parent of a required field is missing already.</summary>
    private static void Reachable(JsonObject manifest, string[] path, FindingList findings)
    {
        var here = manifest;
        foreach (var step in path[..^1])
        {
            if (here.Object(step) is not { } below)
            {
                findings.Missing(string.Join('.', path));
                return;
            }

            here = below;
        }
    }

    private static void Template(JsonObject next, JsonObject? current, DefaultSettings settings, FindingList findings)
    {
        var template = next.Object("spec").Object("template");
        var metadata = template.Object("metadata");
        MetadataRules.Maps(metadata, TemplateMetadata, findings);
        Scaling(metadata, TemplateMetadata, settings, findings);
        TemplateName(next, current, metadata, findings);
        if (template.Object("spec") is { } spec)
        {
            new PodRules("spec.template.spec", serving: true, settings, findings).Check(spec);
        }
    }

    private static void TemplateName(JsonObject next, JsonObject? current, JsonObject? metadata, FindingList findings)
    {
        if (metadata.Text("namespace") is { Length: > 0 } @namespace
            && next.Object("metadata").Text("namespace") is { Length: > 0 } own && own != @namespace)
        {
            findings.Invalid(@namespace, $"{TemplateMetadata}.namespace", $"revisions live in the namespace of their parent, \"{own}\"");
        }

        if (metadata.Text("name") is not { Length: > 0 } name)
        {
            return;
        }

        const string path = TemplateMetadata + ".name";
        var parent = next.Object("metadata");
        foreach (var problem in Names.Dns1035LabelProblems(name))
        {
            findings.Invalid(name, path, problem);
        }

        if (current is null && parent.Text("generateName") is { Length: > 0 })
        {
            findings.Forbidden(path, "a parent whose name is generated cannot choose the names of its revisions");
        }
        else if (parent.Text("name") is { Length: > 0 } parentName && !name.StartsWith($"{parentName}-", StringComparison.Ordinal))
        {
            findings.Invalid(name, path, $"the name must start with \"{parentName}-\"");
        }

        var stored = current.Object("spec").Object("template");
        if (stored is not null
            && stored.Object("metadata").Text("name") == name
            && !JsonTree.Same(stored, next.Object("spec").Object("template")))
        {
            findings.Invalid(name, path, "the template changed but kept its name; choose a new name or leave it out");
        }
    }

    private static void Scaling(JsonObject? metadata, string path, DefaultSettings settings, FindingList findings)
    {
        var annotations = metadata.TextEntries("annotations").ToDictionary();
        var annotationsPath = FieldPath.Member(path, "annotations");
        new AutoscalingRules(annotations, annotationsPath, settings, findings).Check();
        if (annotations.TryGetValue(ServingNames.ProgressDeadline, out var deadline))
        {
            AutoscalingRules.WholeSeconds(
                deadline, FieldPath.Key(annotationsPath, ServingNames.ProgressDeadline), TimeSpan.Zero, null, findings);
        }
    }

    private static void Placement(JsonObject? metadata, FindingList findings)
    {
        foreach (var (key, _) in metadata.TextEntries("annotations"))
        {
            if (key.StartsWith(ServingNames.Autoscaling, StringComparison.Ordinal)
                || key.StartsWith(AutoscalingNames.Behaviour, StringComparison.Ordinal))
            {
                findings.InvalidKey(key, FieldPath.Key(Annotations, key), $"autoscaling annotations belong under {TemplateMetadata}.annotations");
            }
        }
    }

    private static void RolloutDuration(JsonObject next, FindingList findings)
    {
        if (next.Object("metadata").Object("annotations").Text(ServingNames.RolloutDuration) is { } duration)
        {
            AutoscalingRules.WholeSeconds(
                duration, FieldPath.Key(Annotations, ServingNames.RolloutDuration), TimeSpan.Zero, null, findings);
        }
    }

    private static void ServiceScaling(JsonObject? metadata, FindingList findings)
    {
        var annotations = metadata.Object("annotations");
        foreach (var key in new[] { AutoscalingNames.ServiceMinScale, AutoscalingNames.ServiceMaxScale, AutoscalingNames.ServiceManualInstances })
        {
            if (annotations.Text(key) is { } value && !int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            {
                findings.Invalid(value, FieldPath.Key(Annotations, key), "must be a whole number of at least 0");
            }
        }

        if (annotations.Text(AutoscalingNames.ServiceScalingMode) is { } mode and not ("automatic" or "manual"))
        {
            findings.NotSupported(mode, FieldPath.Key(Annotations, AutoscalingNames.ServiceScalingMode), ["automatic", "manual"]);
        }
    }

    private static void ServiceLabel(JsonObject? metadata, FindingList findings)
    {
        if (metadata.Object("labels").Text(ServingNames.Service) is { } service
            && !metadata.Objects("ownerReferences").Any(owner => owner.Item.Text("kind") == "Service" && owner.Item.Text("name") == service))
        {
            findings.Invalid(
                service,
                FieldPath.Key("metadata.labels", ServingNames.Service),
                $"the label needs an ownerReference to the Service \"{service}\"");
        }
    }

    private static void Authorship(ResourceKind kind, JsonObject next, JsonObject? current, FindingList findings)
    {
        if (current is null || (kind != Kinds.Service && current.Object("metadata").List("ownerReferences") is { Count: > 0 }))
        {
            return;
        }

        var stored = current.Object("metadata").Object("annotations");
        var given = next.Object("metadata").Object("annotations");
        if (stored.Text(ServingNames.Creator) is { } creator && given.Text(ServingNames.Creator) is { } other && other != creator)
        {
            findings.Immutable(FieldPath.Key(Annotations, ServingNames.Creator), $"it was created by \"{creator}\"");
        }

        if (stored.Text(ServingNames.LastModifier) is { } last
            && given.Text(ServingNames.LastModifier) is { } claimed && claimed != last
            && JsonTree.Same(current.Object("spec"), next.Object("spec")))
        {
            findings.Immutable(FieldPath.Key(Annotations, ServingNames.LastModifier), "it changes with the spec only");
        }
    }
}
