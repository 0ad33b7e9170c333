using Slipway.Control.Instances;
using Slipway.Model.Serving;
using Slipway.Runtime.Endpoints;

namespace Slipway.Control.Revisions;

/// <summary>
/// What the fleet is asked to run for one revision. Published once everything a start needs is resolved, withdrawn when
/// the revision goes. A later plan of the same uid changes how many instances are wanted or what future ones get;
/// running instances are left as they are.
/// </summary>
public sealed record RevisionPlan
{
    public required RevisionKey Revision { get; init; }

    /// <summary>A new uid under an old name is another revision: nothing of the former may serve for it.</summary>
    public required string Uid { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The revision's annotations about scaling, as they were given.</summary>
    public required IReadOnlyDictionary<string, string> Annotations { get; init; }

    /// <summary>What those annotations and the ones of the Service above say together.</summary>
    public AutoscalingSettings Scaling { get; init; } = AutoscalingSettings.Default;

    /// <summary>Requests one instance may hold at once; 0 is unlimited.</summary>
    public required int Concurrency { get; init; }

    public required bool Http2 { get; init; }

    /// <summary>Some Route sends traffic to it or holds a tag on it. An unreachable revision keeps no minimum scale.</summary>
    public required bool Reachable { get; init; }

    /// <summary>
    /// It was ready before (perhaps in an earlier life of the control plane), so it needs no initial instance to prove
    /// itself again.
    /// </summary>
    public required bool Proven { get; init; }

    /// <summary>A revision that was never ready this long after its first start has failed.</summary>
    public required TimeSpan ProgressDeadline { get; init; }

    /// <summary>When set, no instance may run, and waiting requests are refused with it (a stopped service, a spend cap).</summary>
    public Unavailability? Blocked { get; init; }

    public required InstanceTemplate Template { get; init; }

    /// <summary>Whether the other plan asks for exactly the same.</summary>
    public bool SameAs(RevisionPlan other) =>
        Revision == other.Revision
        && Uid == other.Uid
        && Concurrency == other.Concurrency
        && Http2 == other.Http2
        && Reachable == other.Reachable
        && Proven == other.Proven
        && ProgressDeadline == other.ProgressDeadline
        && Blocked == other.Blocked
        && Scaling == other.Scaling
        && Template.Fingerprint == other.Template.Fingerprint
        && Annotations.Count == other.Annotations.Count
        && Annotations.All(pair => other.Annotations.TryGetValue(pair.Key, out var value) && value == pair.Value);
}
