using static Slipway.Api.Content.Protobuf.MessageShape;

namespace Slipway.Api.Content.Protobuf;

/// <summary>What every kind's first field holds.</summary>
internal static class MetadataMessages
{
    private static readonly MessageShape s_owner = new(
        Text(1, "kind"), Text(3, "name"), Text(4, "uid"), Text(5, "apiVersion"), Flag(6, "controller").Optional(), Flag(7, "blockOwnerDeletion").Optional());

    public static readonly MessageShape Object = new(
        Text(1, "name"),
        Text(2, "generateName"),
        Text(3, "namespace"),
        Text(5, "uid"),
        Text(6, "resourceVersion"),
        Whole(7, "generation"),
        As(8, "creationTimestamp", WireType.Time),
        As(11, "labels", WireType.TextMap),
        As(12, "annotations", WireType.TextMap),
        Of(13, "ownerReferences", s_owner).Many(),
        Text(14, "finalizers").Many());
}
