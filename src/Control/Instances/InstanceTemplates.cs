using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Slipway.Model.Failures;
using Slipway.Model.Serving;
using Slipway.Model.Values;
using Slipway.Runtime.Instances;
using Slipway.Store;

namespace Slipway.Control.Instances;

/// <summary>
/// Turns a template and everything it refers to into what a driver can start. Failure codes: <c>reference-missing</c>
/// (names everything that is missing), <c>several-containers</c>, <c>template-invalid</c>.
/// </summary>
/// <param name="tokens">Null refuses templates that ask for tokens.</param>
/// <param name="surroundings">What instances are told about the installation; nothing when null.</param>
internal sealed class InstanceTemplates(IResourceStore store, IServiceAccountTokens? tokens = null, Surroundings? surroundings = null)
{
    public Outcome<InstanceTemplate> Build(Workload workload)
    {
        if (workload.Spec.Containers.Count != 1)
        {
            return new Failure(
                FailureKind.Invalid,
                "several-containers",
                $"The template has {workload.Spec.Containers.Count} containers; this driver runs exactly one per instance. Move the others into services of their own.");
        }

        var container = workload.Spec.Containers[0];
        var sources = new Sources(store, workload.Namespace);
        var platform = new List<KeyValuePair<string, string>>(workload.Variables);
        var ownUrl = container.Env?.Exists(variable => variable.Name == DatabaseUrls.Variable) == true;
        if (!ownUrl && DatabaseUrls.Find(store, sources, workload.Namespace, workload.DatabaseUser) is { } url)
        {
            platform.Add(KeyValuePair.Create(DatabaseUrls.Variable, url));
        }

        // These are help, not law: a manifest may say otherwise.
        platform.AddRange((surroundings?.Variables(workload.Namespace, workload.Serves ? workload.DatabaseUser : null) ?? [])
            .Where(variable => container.Env?.Exists(own => own.Name == variable.Key) != true));
        var environment = EnvironmentVariables.Resolve(container, sources, platform);
        if (surroundings?.Telemetry is { } telemetry)
        {
            environment.AddRange(telemetry.Variables(workload, environment));
        }

        var (files, tokenFiles) = new VolumeFiles(sources, workload.Spec.ServiceAccountName, tokens is not null).Resolve(container, workload.Spec.Volumes ?? []);
        if (sources.Missing.Count > 0)
        {
            return new Failure(FailureKind.NotFound, "reference-missing", $"Missing in namespace \"{workload.Namespace}\": {string.Join("; ", sources.Missing)}.");
        }

        if (container.SecurityContext is { RunAsNonRoot: true, RunAsUser: 0 })
        {
            return new Failure(FailureKind.Invalid, "template-invalid", "securityContext.runAsNonRoot is true, but runAsUser is 0. Name another user or leave it out.");
        }

        if (Amounts(container.Resources, out var amounts) is { } failure)
        {
            return failure;
        }

        var spec = new InstanceSpec
        {
            Id = "",
            Namespace = workload.Namespace,
            Owner = workload.Owner,
            OwnerUid = workload.OwnerUid,
            OwnerKind = workload.OwnerKind,
            ContainerName = string.IsNullOrEmpty(container.Name) ? "user-container" : container.Name,
            Image = workload.Image,
            Runnable = workload.Runnable,
            Command = container.Command ?? [],
            Arguments = container.Args ?? [],
            WorkingDirectory = string.IsNullOrEmpty(container.WorkingDir) ? null : container.WorkingDir,
            Environment = environment,
            Serves = workload.Serves,
            CpuLimit = amounts.CpuLimit,
            CpuBoostLimit = workload.CpuBoost ? CpuBoost.Of(amounts.CpuLimit) : null,
            CpuRequest = amounts.CpuRequest,
            MemoryLimitBytes = amounts.MemoryLimit,
            RunAsUser = (int?)container.SecurityContext?.RunAsUser,
            RunAsGroup = (int?)container.SecurityContext?.RunAsGroup,
            RunAsNonRoot = container.SecurityContext?.RunAsNonRoot == true,
            Files = files,
            Tokens = tokenFiles,
            Folders = VolumeFolders.Resolve(container, workload.Spec.Volumes ?? []),
            StartupProbe = Probes.Optional(container.StartupProbe, container),
            ReadinessProbe = workload.Serves ? Probes.Readiness(container.ReadinessProbe, container) : null,
            LivenessProbe = Probes.Optional(container.LivenessProbe, container),
            Http2 = container.Ports?.FirstOrDefault()?.Name == "h2c",
            Labels = workload.Labels,
        };
        return new InstanceTemplate(spec, workload.StopGrace, Fingerprint(spec, workload), tokens);
    }

    private static Failure? Amounts(ResourceRequirements? resources, out (double? CpuLimit, double? CpuRequest, long? MemoryLimit) amounts)
    {
        amounts = default;
        foreach (var (field, given) in new[] { ("limits", resources?.Limits), ("requests", resources?.Requests) })
        {
            foreach (var (name, text) in given ?? [])
            {
                if (!Quantity.TryParse(text, out var quantity))
                {
                    return new Failure(FailureKind.Invalid, "template-invalid", $"resources.{field}.{name} is \"{text}\"; write a quantity such as 500m or 256Mi.");
                }

                amounts = (field, name) switch
                {
                    ("limits", "cpu") => amounts with { CpuLimit = quantity.Cores },
                    ("requests", "cpu") => amounts with { CpuRequest = quantity.Cores },
                    ("limits", "memory") => amounts with { MemoryLimit = quantity.Bytes },
                    _ => amounts,
                };
            }
        }

        return null;
    }

    /// <summary>A digest over everything resolved: the manifest's own text, and what its references gave.</summary>
    private static string Fingerprint(InstanceSpec spec, Workload workload)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        void Text(string text)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(text));
            hash.AppendData([0]);
        }

        Text(workload.OwnerUid);
        Text(workload.Runnable.Root);
        Text(workload.CpuBoost ? "boost" : "");
        Text(JsonSerializer.Serialize(workload.Spec, Model.KindsJson.Default.TemplateSpec));
        foreach (var (name, value) in spec.Environment)
        {
            Text(name);
            Text(value);
        }

        foreach (var file in spec.Files)
        {
            Text(file.Path);
            hash.AppendData(file.Content.Span);
            hash.AppendData(BitConverter.GetBytes(file.Mode));
        }

        foreach (var (name, value) in spec.Labels.OrderBy(label => label.Key, StringComparer.Ordinal))
        {
            Text(name);
            Text(value);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
