using Slipway.Model.Resources;

namespace Slipway.Control.Reconciling;

/// <summary>Who belongs to whom, as the garbage collector and clients read it.</summary>
internal static class Ownership
{
    public static OwnerReference By(Resource owner) => new()
    {
        ApiVersion = owner.Kind.ApiVersion,
        Kind = owner.Kind.Kind,
        Name = owner.Name,
        Uid = owner.Uid,
        Controller = true,
        BlockOwnerDeletion = true,
    };

    public static bool IsControlledBy(this Resource child, Resource owner) =>
        child.Metadata.ControllerOwner()?.Uid == owner.Uid;

    /// <summary>The key of the controlling owner when it is of that kind.</summary>
    public static ResourceKey? OwnerKey(this Resource child, ResourceKind kind) =>
        child.Metadata.ControllerOwner() is { } owner && owner.Kind == kind.Kind && owner.ApiVersion == kind.ApiVersion
            ? new ResourceKey(kind, child.Namespace, owner.Name)
            : null;
}
