using System.Text.Json.Nodes;
using Slipway.Model.Decoding;
using Slipway.Model.Trees;
using Slipway.Model.Values;

namespace Slipway.Model.Validation;

/// <summary>One container of a template.</summary>
internal sealed class ContainerRules(bool serving, FindingList findings)
{
    private const string RegistryForParsing = "docker.io";
    private const string SidecarName = "queue-proxy";

    private static readonly string[] s_reservedEverywhere = ["K_SERVICE", "K_CONFIGURATION", "K_REVISION"];
    private static readonly string[] s_reservedPaths = ["/", "/dev", "/dev/log", "/tmp", "/var", "/var/log"];
    private static readonly string[] s_portNames = ["http1", "h2c"];
    private static readonly string[] s_probes = ["readinessProbe", "livenessProbe", "startupProbe"];

    public void Check(JsonObject container, string path, bool serves, IReadOnlySet<string> volumes, HashSet<string> mounted)
    {
        Name(container, path);
        if (container.Text("image") is { Length: > 0 } image && ImageReference.Parse(image, RegistryForParsing).Failure is { } unreadable)
        {
            findings.Invalid(image, FieldPath.Member(path, "image"), unreadable.Detail);
        }

        Ports(container, path);
        Environment(container, path, serves);
        EnvironmentSources(container, path);
        Mounts(container, path, volumes, mounted);
        Amounts(container.Object("resources"), FieldPath.Member(path, "resources"));
        Security(container.Object("securityContext"), FieldPath.Member(path, "securityContext"));
        var probes = new ProbeRules(serving, findings);
        foreach (var name in s_probes)
        {
            if (container.Object(name) is not { } probe)
            {
                continue;
            }

            if (serving && !serves)
            {
                findings.Forbidden(FieldPath.Member(path, name), "only the container that serves is probed");
            }
            else
            {
                probes.Check(container, probe, name, FieldPath.Member(path, name));
            }
        }
    }

    private void Name(JsonObject container, string path)
    {
        var namePath = FieldPath.Member(path, "name");
        if (container.Text("name") is not { Length: > 0 } name)
        {
            findings.Missing(namePath);
            return;
        }

        foreach (var problem in Names.Dns1123LabelProblems(name))
        {
            findings.Invalid(name, namePath, problem);
        }

        if (serving && name == SidecarName)
        {
            findings.Reserved(name, namePath, "container name");
        }
    }

    private void Ports(JsonObject container, string path)
    {
        var portsPath = FieldPath.Member(path, "ports");
        if (serving && container.List("ports") is { Count: > 1 } ports)
        {
            findings.Conflict("more than one container port is set", $"found {ports.Count} ports, only one receives requests", portsPath);
        }

        foreach (var (port, index) in container.Objects("ports"))
        {
            var portPath = FieldPath.Index(portsPath, index);
            if (!port.Has("containerPort") && !serving)
            {
                findings.Missing(FieldPath.Member(portPath, "containerPort"));
            }

            findings.Range(port.Whole("containerPort"), serving ? 0 : 1, 65535, FieldPath.Member(portPath, "containerPort"));
            if (serving && port.Text("name") is { Length: > 0 } name && !s_portNames.Contains(name))
            {
                findings.Conflict(
                    $"port name {name} is not allowed",
                    "name must be empty, or one of: http1, h2c",
                    FieldPath.Member(portPath, "name"));
            }

            if (port.Text("protocol") is { Length: > 0 } protocol and not "TCP")
            {
                findings.NotSupported(protocol, FieldPath.Member(portPath, "protocol"), ["TCP"]);
            }
        }
    }

    private void Environment(JsonObject container, string path, bool serves)
    {
        foreach (var (variable, index) in container.Objects("env"))
        {
            var variablePath = $"{path}.env[{index}]";
            if (variable.Text("name") is { Length: > 0 } name)
            {
                var namePath = FieldPath.Member(variablePath, "name");
                foreach (var problem in Names.EnvironmentNameProblems(name))
                {
                    findings.Invalid(name, namePath, problem);
                }

                if (serving && (s_reservedEverywhere.Contains(name) || (serves && name == "PORT")))
                {
                    findings.Reserved(name, namePath, "environment variable");
                }
            }

            if (variable.Object("valueFrom") is not { } source)
            {
                continue;
            }

            if (variable.Text("value") is { Length: > 0 })
            {
                findings.SeveralOf(variablePath, "value", "valueFrom");
            }

            var sourcePath = FieldPath.Member(variablePath, "valueFrom");
            OneReference(source, sourcePath, "configMapKeyRef", "secretKeyRef");
        }
    }

    private void EnvironmentSources(JsonObject container, string path)
    {
        foreach (var (source, index) in container.Objects("envFrom"))
        {
            OneReference(source, $"{path}.envFrom[{index}]", "configMapRef", "secretRef");
            if (source.Text("prefix") is { Length: > 0 } prefix)
            {
                foreach (var problem in Names.EnvironmentNameProblems(prefix))
                {
                    findings.Invalid(prefix, $"{path}.envFrom[{index}].prefix", problem);
                }
            }
        }
    }

    private void OneReference(JsonObject source, string path, string configMap, string secret)
    {
        // Switched-off sources are reported for what they are, not as a missing choice as well.
        if (source.Count == 0 || source.Has(configMap) || source.Has(secret) || source.All(entry => entry.Key == "prefix"))
        {
            if (!source.Has(configMap) && !source.Has(secret))
            {
                findings.NoneOf(path, configMap, secret);
            }
            else if (source.Has(configMap) && source.Has(secret))
            {
                findings.SeveralOf(path, configMap, secret);
            }
        }

        foreach (var name in new[] { configMap, secret })
        {
            if (source.Object(name) is { } reference && string.IsNullOrEmpty(reference.Text("name")))
            {
                findings.Missing($"{path}.{name}.name");
            }
        }
    }

    private void Mounts(JsonObject container, string path, IReadOnlySet<string> volumes, HashSet<string> mounted)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (mount, index) in container.Objects("volumeMounts"))
        {
            var mountPath = $"{path}.volumeMounts[{index}]";
            if (mount.Text("name") is { Length: > 0 } name)
            {
                mounted.Add(name);
                if (!volumes.Contains(name))
                {
                    findings.Conflict("volumeMount has no matching volume", $"there is no volume \"{name}\"", $"{mountPath}.name");
                }
            }

            if (mount.Text("mountPath") is { Length: > 0 } target)
            {
                MountPath(target, $"{mountPath}.mountPath", seen);
            }

            if (mount.Text("subPath") is { Length: > 0 } subPath && !VolumeRules.StaysInside(subPath))
            {
                findings.Invalid(subPath, $"{mountPath}.subPath", "must be a relative path without '..'");
            }
        }
    }

    private void MountPath(string target, string path, HashSet<string> seen)
    {
        if (!target.StartsWith('/'))
        {
            findings.Invalid(target, path, "must be an absolute path");
            return;
        }

        var clean = "/" + string.Join('/', target.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(part => part != "."));
        if (clean.Split('/').Contains(".."))
        {
            findings.Invalid(target, path, "must not contain '..'");
        }

        if (serving && s_reservedPaths.Contains(clean))
        {
            findings.Reserved(clean, path, "path");
        }

        if (!seen.Add(clean))
        {
            findings.Duplicate(target, path, "mountPath");
        }
    }

    private void Amounts(JsonObject? resources, string path)
    {
        foreach (var list in new[] { "limits", "requests" })
        {
            foreach (var (name, value) in resources.Object(list) ?? [])
            {
                var place = FieldPath.Key(FieldPath.Member(path, list), name);
                if (!Quantity.TryParse(value.Shown(), out var amount))
                {
                    findings.Invalid(value.Shown(), place, "must be a quantity such as 500m, 256Mi or 2");
                }
                else if (amount.Value < 0)
                {
                    findings.Invalid(value.Shown(), place, "must be greater than or equal to 0");
                }
                else if (list == "requests" && Quantity.TryParse(resources.Object("limits").Text(name), out var limit) && amount.Value > limit.Value)
                {
                    findings.Invalid(value.Shown(), place, $"must be less than or equal to {name} limit of {resources.Object("limits").Text(name)}");
                }
            }
        }
    }

    private void Security(JsonObject? context, string path)
    {
        findings.Range(context.Whole("runAsUser"), 0, int.MaxValue, FieldPath.Member(path, "runAsUser"));
        findings.Range(context.Whole("runAsGroup"), 0, int.MaxValue, FieldPath.Member(path, "runAsGroup"));
        if (context.Flag("runAsNonRoot") == true && context.Whole("runAsUser") == 0)
        {
            findings.Invalid("0", FieldPath.Member(path, "runAsUser"), "user 0 contradicts runAsNonRoot: true");
        }

        var profile = context.Object("seccompProfile");
        var file = FieldPath.Member(path, "seccompProfile.localhostProfile");
        if (profile.Text("type") == "Localhost" && string.IsNullOrEmpty(profile.Text("localhostProfile")))
        {
            findings.Missing(file);
        }
        else if (profile.Text("type") != "Localhost" && profile.Has("localhostProfile"))
        {
            findings.Forbidden(file, "only type Localhost reads a profile from a file");
        }
    }
}
