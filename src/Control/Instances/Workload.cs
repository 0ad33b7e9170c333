using Slipway.Model.Serving;
using Slipway.Runtime.Instances;

namespace Slipway.Control.Instances;

/// <summary>What a template is made for: a Revision, or a Job.</summary>
internal sealed record Workload
{
    public required string Namespace { get; init; }

    public required string Owner { get; init; }

    public required string OwnerUid { get; init; }

    /// <summary><c>Revision</c> or <c>Job</c>.</summary>
    public required string OwnerKind { get; init; }

    /// <summary>The name Databases know it by: the Service's, or the Job's own.</summary>
    public required string DatabaseUser { get; init; }

    public required TemplateSpec Spec { get; init; }

    public required string Image { get; init; }

    public required RunnableImage Runnable { get; init; }

    public required bool Serves { get; init; }

    /// <summary>Whether it gets more CPU while it starts.</summary>
    public bool CpuBoost { get; init; }

    /// <summary>What the platform adds to the environment.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Variables { get; init; } = [];

    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    public required TimeSpan StopGrace { get; init; }
}
