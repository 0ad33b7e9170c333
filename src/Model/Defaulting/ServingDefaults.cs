using System.Text.Json.Nodes;
using Slipway.Model.Trees;

namespace Slipway.Model.Defaulting;

internal static class ServingDefaults
{
    private static readonly string[] s_probes = ["readinessProbe", "livenessProbe", "startupProbe"];
    private static readonly string[] s_portHandlers = ["httpGet", "tcpSocket", "grpc"];

    public static void ApplyToService(JsonObject next, JsonObject? current, DefaultSettings settings)
    {
        ApplyToConfiguration(next, current, settings);
        if (next.Object("spec") is { } spec)
        {
            if (!spec.Has("traffic") || spec["traffic"] is JsonArray { Count: 0 })
            {
                spec["traffic"] = new JsonArray(new JsonObject { ["latestRevision"] = true, ["percent"] = 100 });
            }

            Traffic(spec);
        }
    }

    public static void ApplyToConfiguration(JsonObject next, JsonObject? current, DefaultSettings settings) =>
        Template(next.Object("spec").Object("template").Object("spec"), current.Object("spec").Object("template").Object("spec"), settings);

    public static void ApplyToRevision(JsonObject next, JsonObject? current, DefaultSettings settings) =>
        Template(next.Object("spec"), current.Object("spec"), settings);

    public static void ApplyToRoute(JsonObject next)
    {
        if (next.Object("spec") is { } spec)
        {
            Traffic(spec);
        }
    }

    private static void Traffic(JsonObject spec)
    {
        foreach (var (target, _) in spec.Objects("traffic"))
        {
            if (!target.Has("latestRevision"))
            {
                target["latestRevision"] = string.IsNullOrEmpty(target.Text("revisionName"));
            }

            if (!target.Has("percent"))
            {
                target["percent"] = 0;
            }
        }
    }

    private static void Template(JsonObject? spec, JsonObject? stored, DefaultSettings settings)
    {
        if (spec is null)
        {
            return;
        }

        if (!spec.Has("timeoutSeconds") || spec.Whole("timeoutSeconds") == 0)
        {
            spec["timeoutSeconds"] = settings.TimeoutSeconds;
        }

        if (!spec.Has("containerConcurrency"))
        {
            spec["containerConcurrency"] = settings.ContainerConcurrency;
        }

        // A manifest that is applied again without this field must not look like a new template.
        if (!spec.Has("enableServiceLinks"))
        {
            spec["enableServiceLinks"] = stored.Flag("enableServiceLinks") ?? false;
        }

        var writable = WritableVolumes(spec);
        var containers = spec.Objects("containers").Select(entry => entry.Item).ToList();
        ContainerNames(containers, settings.ContainerName);
        foreach (var container in containers)
        {
            Resources(container, settings);
            var serves = containers.Count == 1 || container.List("ports") is { Count: > 0 };
            Probes(container, serves);
            foreach (var (mount, _) in container.Objects("volumeMounts"))
            {
                if (mount.Text("name") is { } volume && !writable.Contains(volume))
                {
                    mount["readOnly"] = true;
                }
            }
        }
    }

    /// <summary>Only scratch space and claims may be written; everything else shows the content of other objects.</summary>
    private static HashSet<string> WritableVolumes(JsonObject spec) =>
        [.. spec.Objects("volumes")
            .Where(entry => entry.Item.Has("emptyDir") || entry.Item.Has("persistentVolumeClaim"))
            .Select(entry => entry.Item.Text("name") ?? "")];

    private static void ContainerNames(List<JsonObject> containers, string name)
    {
        var taken = containers.Select(container => container.Text("name")).ToHashSet();
        var number = 0;
        foreach (var container in containers)
        {
            if (container.Has("name") && container.Text("name") != "")
            {
                continue;
            }

            if (containers.Count == 1)
            {
                container["name"] = name;
                return;
            }

            while (!taken.Add($"{name}-{number}"))
            {
                number++;
            }

            container["name"] = $"{name}-{number}";
        }
    }

    private static void Resources(JsonObject container, DefaultSettings settings)
    {
        if (container.Ensure("resources") is not { } resources)
        {
            return;
        }

        Fill(resources, "limits", settings.ResourceLimits);
        Fill(resources, "requests", settings.ResourceRequests);
    }

    private static void Fill(JsonObject resources, string field, IReadOnlyDictionary<string, string> defaults)
    {
        if (defaults.Count == 0 || resources.Ensure(field) is not { } amounts)
        {
            return;
        }

        foreach (var (resource, amount) in defaults)
        {
            if (!amounts.Has(resource))
            {
                amounts[resource] = amount;
            }
        }
    }

    private static void Probes(JsonObject container, bool serves)
    {
        if (serves && container.Ensure("readinessProbe") is { } readiness)
        {
            if (!readiness.Has("httpGet") && !readiness.Has("tcpSocket") && !readiness.Has("exec") && !readiness.Has("grpc"))
            {
                readiness["tcpSocket"] = new JsonObject { ["port"] = 0 };
            }

            SetWhenZero(readiness, "successThreshold", 1);
            if (readiness.Whole("periodSeconds") > 0)
            {
                SetWhenZero(readiness, "failureThreshold", 3);
                SetWhenZero(readiness, "timeoutSeconds", 1);
            }
        }

        foreach (var name in s_probes)
        {
            foreach (var handler in s_portHandlers)
            {
                if (container.Object(name).Object(handler) is { } action && !action.Has("port"))
                {
                    action["port"] = 0;
                }
            }
        }
    }

    private static void SetWhenZero(JsonObject probe, string field, int value)
    {
        if (!probe.Has(field) || probe.Whole(field) == 0)
        {
            probe[field] = value;
        }
    }
}
