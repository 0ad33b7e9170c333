using System.Text.Json.Nodes;
using Slipway.Model.Decoding;
using Slipway.Model.Defaulting;
using Slipway.Model.Trees;
using Slipway.Model.Values;

namespace Slipway.Model.Validation;

/// <summary>The spec of a template: what one instance is made of.</summary>
internal sealed class PodRules(string path, bool serving, DefaultSettings settings, FindingList findings)
{
    private readonly ContainerRules _containers = new(serving, findings);

    public void Check(JsonObject? spec)
    {
        if (spec is null)
        {
            return;
        }

        if (serving)
        {
            Timings(spec);
            if (spec.Flag("automountServiceAccountToken") == true)
            {
                findings.Invalid("true", At("automountServiceAccountToken"), "only false is supported; mount a projected serviceAccountToken instead");
            }
        }

        if (spec.Text("serviceAccountName") is { Length: > 0 } account)
        {
            foreach (var problem in Names.Dns1123SubdomainProblems(account))
            {
                findings.Invalid(account, At("serviceAccountName"), problem);
            }
        }

        foreach (var (secret, index) in spec.Objects("imagePullSecrets"))
        {
            if (string.IsNullOrEmpty(secret.Text("name")))
            {
                findings.Missing($"{At("imagePullSecrets")}[{index}].name");
            }
        }

        findings.Range(spec.Whole("terminationGracePeriodSeconds"), 0, 24 * 3600, At("terminationGracePeriodSeconds"));
        var volumes = new VolumeRules(At("volumes"), findings).Check(spec);
        var mounted = new HashSet<string>(StringComparer.Ordinal);
        Containers(spec, volumes, mounted);
        if (!serving)
        {
            return;
        }

        foreach (var (volume, index) in spec.Objects("volumes"))
        {
            if (volume.Text("name") is { Length: > 0 } name && !mounted.Contains(name))
            {
                findings.Conflict($"volume with name \"{name}\" not mounted", "", $"{At("volumes")}[{index}].name");
            }
        }
    }

    private void Timings(JsonObject spec)
    {
        findings.Range(spec.Whole("containerConcurrency"), 0, settings.ContainerConcurrencyMax, At("containerConcurrency"));
        findings.Range(spec.Whole("timeoutSeconds"), 0, settings.TimeoutSecondsMax, At("timeoutSeconds"));
        var total = Math.Clamp(spec.Whole("timeoutSeconds") ?? settings.TimeoutSeconds, 0, settings.TimeoutSecondsMax);
        findings.Range(spec.Whole("responseStartTimeoutSeconds"), 0, total, At("responseStartTimeoutSeconds"));
        findings.Range(spec.Whole("idleTimeoutSeconds"), 0, total, At("idleTimeoutSeconds"));
    }

    private void Containers(JsonObject spec, IReadOnlySet<string> volumes, HashSet<string> mounted)
    {
        var list = spec.Objects("containers").ToList();
        var names = new HashSet<string>(StringComparer.Ordinal);
        var withPorts = 0;
        foreach (var (container, index) in list)
        {
            var containerPath = FieldPath.Index(At("containers"), index);
            var hasPorts = container.List("ports") is { Count: > 0 };
            withPorts += hasPorts ? 1 : 0;
            if (container.Text("name") is { Length: > 0 } name && !names.Add(name))
            {
                findings.Duplicate(name, FieldPath.Member(containerPath, "name"), "container name");
            }

            _containers.Check(container, containerPath, serves: list.Count == 1 || hasPorts, volumes, mounted);
        }

        if (!serving || list.Count < 2)
        {
            return;
        }

        // The port says which of several containers serves.
        if (withPorts == 0)
        {
            findings.Missing(FieldPath.Member(At("containers"), "ports"));
        }
        else if (withPorts > 1)
        {
            findings.SeveralOf(At("containers"), "ports");
        }
    }

    private string At(string field) => FieldPath.Member(path, field);
}
