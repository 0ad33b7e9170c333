using Slipway.Runtime.Instances;

namespace Slipway.Control.Instances;

/// <summary>
/// Everything needed to start any number of equal instances: every reference to a secret, a config map or an image is
/// resolved, only the instance's own id is missing.
/// </summary>
public sealed class InstanceTemplate
{
    private readonly InstanceSpec _spec;

    public InstanceTemplate(InstanceSpec spec, TimeSpan stopGrace, string fingerprint)
    {
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

    /// <summary>The shared part; its <see cref="InstanceSpec.Id"/> is empty.</summary>
    public InstanceSpec Shared => _spec;

    public InstanceSpec For(string instanceId) => _spec with { Id = instanceId };
}
