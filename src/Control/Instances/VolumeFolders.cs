using Slipway.Model.Serving;
using Slipway.Model.Values;
using Slipway.Runtime.Instances;

namespace Slipway.Control.Instances;

/// <summary>The writable folders that emptyDir volumes give one container.</summary>
internal static class VolumeFolders
{
    public static List<MountedFolder> Resolve(Container container, IReadOnlyList<Volume> volumes)
    {
        var folders = new Dictionary<string, MountedFolder>(StringComparer.Ordinal);
        foreach (var mount in container.VolumeMounts ?? [])
        {
            if (volumes.FirstOrDefault(volume => volume.Name == mount.Name) is { EmptyDir: { } scratch } volume)
            {
                var path = mount.MountPath.TrimEnd('/');
                folders[path] = new MountedFolder(path, volume.Name, mount.SubPath?.Trim('/') ?? "", scratch.Medium == "Memory", Limit(scratch));
            }
        }

        return [.. folders.Values.OrderBy(folder => folder.Path, StringComparer.Ordinal)];
    }

    /// <summary>As in Kubernetes, a limit of nothing is none. The API has refused what is no quantity.</summary>
    private static long? Limit(EmptyDirVolume scratch) =>
        Quantity.TryParse(scratch.SizeLimit ?? "", out var limit) && limit.Bytes > 0 ? limit.Bytes : null;
}
