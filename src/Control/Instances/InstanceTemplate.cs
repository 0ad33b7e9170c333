using Slipway.Runtime.Instances;

namespace Slipway.Control.Instances;

/// <summary>
/// Everything needed to start any number of equal instances: every reference to a secret, a config map or an image is
/// resolved, only the instance's own id is missing.
/// </summary>
public sealed class InstanceTemplate
{
    private readonly InstanceSpec _spec;
    private readonly IServiceAccountTokens? _tokens;

    public InstanceTemplate(InstanceSpec spec, TimeSpan stopGrace, string fingerprint, IServiceAccountTokens? tokens = null)
    {
        _tokens = tokens;
        _spec = spec with { Id = "" };
        StopGrace = stopGrace;
        Fingerprint = fingerprint;
    }

    /// <summary>How long an instance may take to end after SIGTERM.</summary>
    public TimeSpan StopGrace { get; }

    /// <summary>Equal for templates that start equal instances; records with lists inside cannot be compared directly.</summary>
    public string Fingerprint { get; }

    public string Namespace => _spec.Namespace;

    public string ContainerName => _spec.ContainerName;

    public string Image => _spec.Image;

    public bool Http2 => _spec.Http2;

    /// <summary>The shared part; its <see cref="InstanceSpec.Id"/> is empty and its tokens are still to be issued.</summary>
    public InstanceSpec Shared => _spec;

    /// <summary>With tokens of its own, since those of the first instance may have expired when the last one starts.</summary>
    public InstanceSpec For(string instanceId) => _tokens is null || _spec.Tokens.Count == 0
        ? _spec with { Id = instanceId, Environment = TelemetrySurroundings.Named(_spec.Environment, instanceId) }
        : _spec with
        {
            Id = instanceId,
            Environment = TelemetrySurroundings.Named(_spec.Environment, instanceId),
            Files = [.. _spec.Files, .. _spec.Tokens.Select(file => new MountedFile(file.Path, TokenRotation.Content(_tokens, Namespace, file), file.Mode))],
        };
}
