using Slipway.Model.Failures;
using Slipway.Model.Resources;
using Slipway.Store;

namespace Slipway.Control.Reconciling;

/// <summary>Makes the world match one object at a time: looks at the present, decides, acts. Every call may be repeated.</summary>
internal interface IReconciler
{
    /// <summary>For logs and metrics.</summary>
    string Name { get; }

    /// <summary>How many keys may be worked on at once; one key is never worked on twice at the same time.</summary>
    int Workers => 1;

    /// <summary>Everything it is responsible for, for the start and for the safety resync.</summary>
    IEnumerable<ResourceKey> Keys(IResourceStore store);

    /// <summary>The keys that a change in the store concerns. Called for every change, so it looks at the kind first.</summary>
    IEnumerable<ResourceKey> Concerned(Change change);

    /// <summary>Hands over the way to wake a key for reasons that are not in the store. Called once, before anything else.</summary>
    void Listen(Action<ResourceKey> wake)
    {
    }

    Task<Reconciliation> ReconcileAsync(ResourceKey key, CancellationToken cancellation);
}

/// <summary>How one look at a key ended.</summary>
/// <param name="Failure">Why it did not get to its end; it is tried again with growing waits.</param>
/// <param name="Again">Look again after this time, although nothing may have changed in the store.</param>
internal readonly record struct Reconciliation(Failure? Failure, TimeSpan? Again)
{
    public static Reconciliation Done => default;

    public static Reconciliation After(TimeSpan wait) => new(null, wait);

    public static Reconciliation Failed(Failure failure) => new(failure, null);

    public static implicit operator Reconciliation(Failure failure) => new(failure, null);
}
