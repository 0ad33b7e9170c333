using Slipway.Api.Requests;
using Slipway.Model.Resources;

namespace Slipway.Api.Discovery;

internal sealed record ServedGroup(string Name, IReadOnlyList<string> Versions);

internal static class ServedGroups
{
    public static IReadOnlyList<ServedGroup> Named { get; } =
    [
        .. Kinds.All
            .Where(kind => kind.Group.Length > 0)
            .GroupBy(kind => kind.Group)
            .Select(group => new ServedGroup(group.Key, [.. group.Select(kind => kind.Version).Distinct()])),
    ];
}

/// <param name="Group">Group of the subresource's own kind when it differs from its parent's, else empty.</param>
internal sealed record ServedSubresource(string Name, string Group, string Version, string Kind, IReadOnlyList<string> Verbs);

internal static class ServedSubresources
{
    public static IEnumerable<ServedSubresource> Of(ResourceKind kind)
    {
        if (ServedVerbs.StatusIsWritable(kind))
        {
            yield return new ServedSubresource("status", "", "", kind.Kind, ["get", "patch", "update"]);
        }

        if (kind == Kinds.Pod)
        {
            yield return new ServedSubresource("log", "", "", "Pod", ["get"]);
        }

        if (kind == Kinds.ServiceAccount)
        {
            yield return new ServedSubresource("token", "authentication.k8s.io", "v1", "TokenRequest", ["create"]);
        }
    }
}
