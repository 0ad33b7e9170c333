using Slipway.Model.Resources;

namespace Slipway.Store.Garbage;

/// <summary>One thing the collector does to one version of an object. Plain data: it can be compared, printed and replayed.</summary>
internal abstract record GarbageStep(Resource Target)
{
    public sealed record Delete(Resource Target, Propagation Propagation) : GarbageStep(Target);

    /// <summary>The object stays, its references to these owners go.</summary>
    public sealed record DropOwners(Resource Target, IReadOnlySet<string> Uids) : GarbageStep(Target);

    /// <summary>What the finalizer waited for is done.</summary>
    public sealed record DropFinalizer(Resource Target, string Finalizer) : GarbageStep(Target);

    public override string ToString() => this switch
    {
        Delete delete => $"delete {Target.Key} ({delete.Propagation})",
        DropOwners => $"drop owners of {Target.Key}",
        DropFinalizer finalizer => $"drop finalizer {finalizer.Finalizer} of {Target.Key}",
        _ => base.ToString()!,
    };
}

/// <summary>What the decisions look at besides the object itself.</summary>
internal interface IGarbageView
{
    Resource? FindByUid(string uid);

    /// <summary>Every object that names this uid as an owner.</summary>
    IReadOnlyList<Resource> DependentsOf(string uid);

    /// <summary>Every object in a namespace.</summary>
    IEnumerable<Resource> ContentsOf(string @namespace);
}
