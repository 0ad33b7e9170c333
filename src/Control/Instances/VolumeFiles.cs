using Slipway.Model.Resources;
using Slipway.Model.Serving;
using Slipway.Runtime.Instances;

namespace Slipway.Control.Instances;

/// <summary>The files that secret, config map and projected volumes lay out for one container.</summary>
internal static class VolumeFiles
{
    private const int ModeDefault = 0b110_100_100;

    public static List<MountedFile> Resolve(Container container, IReadOnlyList<Volume> volumes, Sources sources)
    {
        var files = new Dictionary<string, MountedFile>(StringComparer.Ordinal);
        foreach (var mount in container.VolumeMounts ?? [])
        {
            if (volumes.FirstOrDefault(volume => volume.Name == mount.Name) is not { } volume)
            {
                sources.Lacks($"volume \"{mount.Name}\"");
                continue;
            }

            foreach (var file in Content(volume, sources))
            {
                if (Place(mount, file.Path) is { } path)
                {
                    files[path] = file with { Path = path };
                }
            }
        }

        return [.. files.Values.OrderBy(file => file.Path, StringComparer.Ordinal)];
    }

    private static IEnumerable<MountedFile> Content(Volume volume, Sources sources)
    {
        if (volume.Secret is { } secret)
        {
            return Keys(Kinds.Secret, secret.SecretName ?? "", secret.Items, secret.DefaultMode, secret.Optional, sources);
        }

        if (volume.ConfigMap is { } map)
        {
            return Keys(Kinds.ConfigMap, map.Name ?? "", map.Items, map.DefaultMode, map.Optional, sources);
        }

        return volume.Projected is { } projected
            ? (projected.Sources ?? []).SelectMany(source => Projected(source, projected.DefaultMode, sources))
            : [];
    }

    private static IEnumerable<MountedFile> Projected(ProjectedSource source, int? mode, Sources sources)
    {
        if (source.ServiceAccountToken is { } token)
        {
            sources.Lacks($"a token for \"{token.Path}\" (serviceAccountToken volumes are not served by this driver; mount a Secret instead)");
        }

        return source switch
        {
            { Secret: { } secret } => Keys(Kinds.Secret, secret.Name ?? "", secret.Items, mode, secret.Optional, sources),
            { ConfigMap: { } map } => Keys(Kinds.ConfigMap, map.Name ?? "", map.Items, mode, map.Optional, sources),
            _ => [],
        };
    }

    private static IEnumerable<MountedFile> Keys(
        ResourceKind kind, string name, List<KeyToPath>? items, int? mode, bool? optional, Sources sources)
    {
        if (sources.All(kind, name, optional == true) is not { } all)
        {
            yield break;
        }

        if (items is not { Count: > 0 })
        {
            foreach (var (key, value) in all)
            {
                yield return new MountedFile(key, value, mode ?? ModeDefault);
            }

            yield break;
        }

        foreach (var item in items)
        {
            if (all.TryGetValue(item.Key, out var value))
            {
                yield return new MountedFile(item.Path, value, item.Mode ?? mode ?? ModeDefault);
            }
            else if (optional != true)
            {
                sources.Lacks($"key \"{item.Key}\" of {kind.Kind} \"{name}\"");
            }
        }
    }

    /// <summary>Where a volume's file appears in the container; null when the mount shows another part of the volume.</summary>
    private static string? Place(VolumeMount mount, string relative)
    {
        var target = mount.MountPath.TrimEnd('/');
        if (string.IsNullOrEmpty(mount.SubPath))
        {
            return $"{target}/{relative}";
        }

        var part = mount.SubPath.Trim('/');
        if (relative == part)
        {
            return target;
        }

        return relative.StartsWith(part + "/", StringComparison.Ordinal) ? $"{target}/{relative[(part.Length + 1)..]}" : null;
    }
}
