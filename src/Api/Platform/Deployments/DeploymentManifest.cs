using System.Globalization;
using System.Text.Json.Nodes;
using Slipway.Model.Resources;
using Slipway.Model.Serving;

namespace Slipway.Api.Platform.Deployments;

/// <summary>Writes a form into the manifest of a Service, and finds the form's field behind a finding about the manifest. Pure.</summary>
internal static class DeploymentManifest
{
    public static JsonObject New(DeploymentForm form, string @namespace)
    {
        var manifest = new JsonObject
        {
            ["apiVersion"] = Kinds.Service.ApiVersion,
            ["kind"] = Kinds.Service.Kind,
            ["metadata"] = new JsonObject { ["name"] = form.Name, ["namespace"] = @namespace },
        };
        Write(manifest, form);
        return manifest;
    }

    /// <summary>Puts a new template in the place of the old one; who gets which share of traffic stays.</summary>
    public static JsonObject Replaced(JsonObject manifest, DeploymentForm form)
    {
        Child(manifest, "spec").Remove("template");
        Write(manifest, form);
        return manifest;
    }

    /// <summary>Changes what the form says and leaves everything else as it is.</summary>
    public static JsonObject Changed(JsonObject manifest, DeploymentForm form)
    {
        // A revision name the user has chosen belongs to the template as it was.
        (Child(Child(manifest, "spec"), "template")["metadata"] as JsonObject)?.Remove("name");
        Write(manifest, form);
        return manifest;
    }

    /// <param name="field">A path such as <c>spec.template.spec.containers[0].image</c>.</param>
    public static string? PointerOf(string field)
    {
        var place = field switch
        {
            _ when field.EndsWith("containers[0].image", StringComparison.Ordinal) => "image",
            _ when field.Contains("].resources.", StringComparison.Ordinal) => field.EndsWith("memory", StringComparison.Ordinal) ? "memoryMb" : "cpu",
            _ when field.Contains("].ports", StringComparison.Ordinal) => "port",
            _ when field.Contains("].env", StringComparison.Ordinal) => "env",
            _ when field.Contains("].readinessProbe", StringComparison.Ordinal) => "healthPath",
            _ when field.EndsWith("containerConcurrency", StringComparison.Ordinal) => "concurrency",
            _ when field.Contains("min-scale", StringComparison.Ordinal) => "minInstances",
            _ when field.Contains("max-scale", StringComparison.Ordinal) => "maxInstances",
            "metadata.name" => "name",
            "metadata.namespace" => "namespace",
            _ => null,
        };
        return place is null ? null : $"/{place}";
    }

    private static void Write(JsonObject manifest, DeploymentForm form)
    {
        var template = Child(Child(manifest, "spec"), "template");
        var spec = Child(template, "spec");
        if (spec["containers"] is not JsonArray { Count: > 0 } containers)
        {
            containers = [new JsonObject()];
            spec["containers"] = containers;
        }

        var container = (JsonObject)containers[0]!;
        if (form.Image is not null)
        {
            container["image"] = form.Image;
        }

        if (form.Concurrency is { } concurrency)
        {
            spec["containerConcurrency"] = concurrency;
        }

        WriteResources(container, form);
        WriteScaling(template, form);
        if (form.Env is { } environment)
        {
            container["env"] = WithPlainValues(container["env"] as JsonArray, environment);
        }

        if (form.Port is { } port)
        {
            container["ports"] = new JsonArray(new JsonObject { ["containerPort"] = port });
        }

        if (form.HealthPath is { } path)
        {
            container["readinessProbe"] = new JsonObject { ["httpGet"] = new JsonObject { ["path"] = path } };
        }
    }

    private static void WriteResources(JsonObject container, DeploymentForm form)
    {
        if (form.Cpu is { } cpu)
        {
            Child(Child(container, "resources"), "limits")["cpu"] = $"{(int)Math.Ceiling(cpu * 1000)}m";
        }

        if (form.MemoryMb is { } memory)
        {
            Child(Child(container, "resources"), "limits")["memory"] = $"{memory.ToString(CultureInfo.InvariantCulture)}Mi";
        }
    }

    private static void WriteScaling(JsonObject template, DeploymentForm form)
    {
        foreach (var (annotation, value) in new[] { (AutoscalingNames.MinScale, form.MinInstances), (AutoscalingNames.MaxScale, form.MaxInstances) })
        {
            if (value is not { } number)
            {
                continue;
            }

            var annotations = Child(Child(template, "metadata"), "annotations");
            foreach (var other in annotations.Select(pair => pair.Key).Where(key => AutoscalingNames.Canonical(key) == annotation).ToList())
            {
                annotations.Remove(other);
            }

            annotations[annotation] = number.ToString(CultureInfo.InvariantCulture);
        }
    }

    /// <summary>The form holds plain values only; what comes from secrets and config maps stays.</summary>
    private static JsonArray WithPlainValues(JsonArray? present, IReadOnlyDictionary<string, string> values)
    {
        var kept = (present ?? []).OfType<JsonObject>()
            .Where(variable => variable["valueFrom"] is not null && !values.ContainsKey((string?)variable["name"] ?? ""))
            .Select(variable => variable.DeepClone());
        return [.. kept, .. values.Select(pair => new JsonObject { ["name"] = pair.Key, ["value"] = pair.Value })];
    }

    private static JsonObject Child(JsonObject parent, string name)
    {
        if (parent[name] is not JsonObject child)
        {
            child = [];
            parent[name] = child;
        }

        return child;
    }
}
