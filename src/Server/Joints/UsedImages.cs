using Slipway.Model;
using Slipway.Model.Resources;
using Slipway.Store;

namespace Slipway.Server.Joints;

/// <summary>Images the registry must keep: those of every revision, since any of them can be rolled back to.</summary>
internal static class UsedImages
{
    public static IReadOnlySet<string> Digests(IResourceStore store) =>
        store.List(Kinds.Revision).Items
            .SelectMany(revision => revision.Read("status", KindsJson.Default.RevisionStatus)?.ContainerStatuses ?? [])
            .Select(container => container.ImageDigest?.Split('@').Last())
            .OfType<string>()
            .ToHashSet(StringComparer.Ordinal);
}
