using Slipway.Model.Failures;

namespace Slipway.Api.Pods;

/// <summary>Deleting a Pod means: take this instance away and let a fresh one come if one is wanted.</summary>
public interface IInstanceRecycler
{
    /// <summary>Returns when the recycling is decided, not when the instance is gone. An unknown instance fails with NotFound.</summary>
    Task<Outcome<bool>> RecycleAsync(string @namespace, string podName, TimeSpan? grace, CancellationToken cancellation);
}
