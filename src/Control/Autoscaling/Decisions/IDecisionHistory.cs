using Slipway.Runtime.Endpoints;

namespace Slipway.Control.Autoscaling.Decisions;

/// <summary>Why there are as many instances as there are.</summary>
public interface IDecisionHistory
{
    /// <summary>The latest decisions about a revision, newest first.</summary>
    IReadOnlyList<ScalingDecision> Find(RevisionKey revision, int limit);
}
